package performance_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"credence/performance"
	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func noon(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 12, 0, 0, 0, time.UTC) }

func TestStandings(t *testing.T) {
	t.Parallel()
	read(t, func(ctx context.Context, q sqlfile.Querier) {
		a := ask(t, "*", "2026Q3", lateDate)
		a.By = "rep"
		got, err := performance.Standings(ctx, q, a)
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, s := range got {
			keys = append(keys, s.Key)
		}
		// dan 400 %, ann 111 %, bob 76 %, then without quota by what they won.
		if want := []string{"dan", "ann", "bob", "", "eve"}; !slices.Equal(keys, want) {
			t.Errorf("order %q, want %q", keys, want)
		}
		if got[1].TeamName != "North" || got[3].Name != "No rep" || got[3].Quota.Known {
			t.Errorf("ann %+v, nobody %+v", got[1], got[3])
		}
	})
}

func TestProgressSumsUpOverWorkingDays(t *testing.T) {
	t.Parallel()
	read(t, func(ctx context.Context, q sqlfile.Querier) {
		points, err := performance.Progress(ctx, q, ask(t, "*", "2026Q3", lateDate))
		if err != nil {
			t.Fatal(err)
		}
		want := map[int]int64{1: 0, 7: 0, 8: 100000, 22: 100000, 23: 150000, 44: 150000, 45: 151000, 65: 151000, 66: 351000}
		if len(points) != 66 {
			t.Fatalf("%d points, want 66", len(points))
		}
		for d, minor := range want {
			if got := points[d-1].Minor; got != minor {
				t.Errorf("day %d: %d, want %d", d, got, minor)
			}
		}
	})
}

func TestChangeSplitsIntoPartsThatSum(t *testing.T) {
	t.Parallel()
	read(t, func(ctx context.Context, q sqlfile.Querier) {
		a := ask(t, "*", "2026Q3", lateDate)
		last, err := company.Parse("2025Q3")
		if err != nil {
			t.Fatal(err)
		}
		c, err := performance.Changed(ctx, q, a, a.Against(last))
		if err != nil {
			t.Fatal(err)
		}
		// 100,000·7/3 = 233,333; 100,000·5/2 = 250,000; 351,000.
		if !c.Known || c.Decided != 133333 || c.WinRate != 16667 || c.Larger != 101000 || c.Total() != 251000 {
			t.Errorf("change %+v, want 133333 + 16667 + 101000", c)
		}
		a.RepID = "eve"
		if c, err = performance.Changed(ctx, q, a, a.Against(last)); err != nil || c.Known {
			t.Errorf("without a won deal before: %+v, %v; want unknown", c, err)
		}
	})
}

func TestStages(t *testing.T) {
	t.Parallel()
	read(t, func(ctx context.Context, q sqlfile.Querier) {
		got, err := performance.Stages(ctx, q, ask(t, "*", "2026-04-01..2026-09-30", lateDate))
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 2 {
			t.Fatalf("stages %+v, want Qualified and Proposal", got)
		}
		q1, p := got[0], got[1]
		if q1.Stage != "Qualified" || q1.Entered != 5 || q1.Onward != 2 || q1.Lost != 1 || q1.Still != 2 || q1.Won != 1 || q1.MedianDays.V != 21 {
			t.Errorf("Qualified %+v, want 5 entered, 2 onward, 1 lost, 2 still, 1 won, 21 days", q1)
		}
		if p.Stage != "Proposal" || p.Entered != 2 || p.Onward != 1 || p.Lost != 1 || p.MedianDays.V != 19.5 {
			t.Errorf("Proposal %+v, want 2 entered, 1 onward, 1 lost, 19.5 days", p)
		}
		if share, ok := q1.Conversion(); !ok || share != 2./3 {
			t.Errorf("conversion %v, want 2/3", share)
		}
	})
}

func TestTeamMedianHasNoNamesAndCoversTheTeam(t *testing.T) {
	t.Parallel()
	read(t, func(ctx context.Context, q sqlfile.Querier) {
		a := ask(t, "u-ann", "2026Q3", lateDate)
		a.RepID = "ann"
		got, err := performance.AgainstTeam(ctx, q, a, "mails_sent", "win_rate")
		if err != nil {
			t.Fatal(err)
		}
		// mails 2, 1, 3; win rates ½ and 1, cara decided nothing: two of three.
		if m := got[0]; !m.Told || m.Median != 2 || m.Low != 1 || m.High != 3 || m.Reps != 3 || m.Rep.Number != 2 {
			t.Errorf("mails %+v, want median 2 of 3 reps", m)
		}
		if m := got[1]; m.Told || m.Reps != 2 {
			t.Errorf("win rate %+v, want withheld: two reps", m)
		}
		a.RepID = "bob"
		if _, err := performance.AgainstTeam(ctx, q, a, "mails_sent"); !errors.Is(err, warehouse.ErrNotFound) {
			t.Errorf("another rep: %v, want not found", err)
		}
	})
}

func TestRepsAndTeamsInScope(t *testing.T) {
	t.Parallel()
	read(t, func(ctx context.Context, q sqlfile.Querier) {
		for _, tt := range []struct {
			user, rep, team    string
			seesRep, seesWhole bool
		}{
			{"*", "dan", "T2", true, true},
			{"u-ann", "ann", "T1", true, false},
			{"u-ann", "dan", "T2", false, false},
			{"u-north", "bob", "T1", true, true},
			{"u-north", "dan", "T0", false, false},
		} {
			_, err := performance.FindRep(ctx, q, tt.user, tt.rep)
			if (err == nil) != tt.seesRep {
				t.Errorf("%s asks for %s: %v", tt.user, tt.rep, err)
			}
			_, err = performance.FindTeam(ctx, q, tt.user, tt.team)
			if (err == nil) != tt.seesWhole {
				t.Errorf("%s asks for %s: %v", tt.user, tt.team, err)
			}
		}
		teams, err := performance.Teams(ctx, q, ask(t, "*", "2026Q3", lateDate))
		if err != nil {
			t.Fatal(err)
		}
		if front := performance.Front(teams, ""); len(front) != 2 || front[0].Name != "North" {
			t.Errorf("front %+v, want North and South under the one top team", front)
		}
	})
}

func TestDealsPageByKey(t *testing.T) {
	t.Parallel()
	read(t, func(ctx context.Context, q sqlfile.Querier) {
		for _, tt := range []struct {
			sort string
			want []string
		}{
			{"-amount", []string{"d04", "d01", "d05", "d02", "d06", "d08", "d12", "d03", "d10", "d09", "d11", "d13", "d07"}},
			{"amount", []string{"d07", "d13", "d11", "d09", "d10", "d03", "d12", "d08", "d06", "d02", "d05", "d01", "d04"}},
			{"", []string{"d13", "d04", "d07", "d06", "d05", "d03", "d02", "d01", "d12", "d10", "d11", "d08", "d09"}},
			{"expected", []string{"d08", "d09", "d01", "d02", "d03", "d04", "d05", "d06", "d07", "d10", "d11", "d12", "d13"}},
			{"-name", []string{"d13", "d12", "d11", "d10", "d09", "d08", "d07", "d06", "d05", "d04", "d03", "d02", "d01"}},
		} {
			var got []string
			f := performance.DealFilter{Sort: tt.sort, PageSize: 2}
			for range 20 {
				page, err := performance.Deals(ctx, q, "*", company, f)
				if err != nil {
					t.Fatalf("sort %q: %v", tt.sort, err)
				}
				for _, d := range page.Deals {
					got = append(got, d.ID)
				}
				if f.Cursor = page.Next; f.Cursor == "" {
					break
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("sort %q: %v, want %v", tt.sort, got, tt.want)
			}
		}
	})
}

func TestDealFilters(t *testing.T) {
	t.Parallel()
	q3, err := company.Parse("2026Q3")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, user string
		filter     performance.DealFilter
		want       performance.DealSum
	}{
		{"all", "*", performance.DealFilter{}, performance.DealSum{Deals: 13, Minor: 736000, Uncounted: 1, Open: 2, Won: 8, Lost: 3}},
		{"a rep's own", "u-ann", performance.DealFilter{}, performance.DealSum{Deals: 5, Minor: 265000, Open: 1, Won: 2, Lost: 2}},
		{"another's owner shows nothing", "u-ann", performance.DealFilter{RepID: "dan"}, performance.DealSum{}},
		{"won in the quarter equals the metric", "*", performance.DealFilter{Status: "won", Closed: &q3}, performance.DealSum{Deals: 5, Minor: 351000, Uncounted: 1, Won: 5}},
		{"decided by a team and those below", "*", performance.DealFilter{Status: "decided", TeamID: "T0", Closed: &q3}, performance.DealSum{Deals: 6, Minor: 520000, Uncounted: 1, Won: 4, Lost: 2}},
		{"open and due", "*", performance.DealFilter{Status: "open", Due: &q3}, performance.DealSum{Deals: 1, Minor: 70000, Open: 1}},
		{"product", "*", performance.DealFilter{Product: "p2"}, performance.DealSum{Deals: 2, Minor: 130000, Won: 1, Lost: 1}},
		{"words in the account, any case", "*", performance.DealFilter{Text: "RHÔNE", Status: "won"}, performance.DealSum{Deals: 4, Minor: 310000, Uncounted: 1, Won: 4}},
		{"a quote in the words is a quote", "*", performance.DealFilter{Text: "' or 1=1 --"}, performance.DealSum{}},
		{"a percent sign is a percent sign", "*", performance.DealFilter{Text: "%"}, performance.DealSum{}},
		{"stage", "*", performance.DealFilter{Stage: "Qualified"}, performance.DealSum{Deals: 2, Minor: 100000, Open: 2}},
	}
	read(t, func(ctx context.Context, q sqlfile.Querier) {
		for _, tt := range tests {
			got, err := performance.SumDeals(ctx, q, tt.user, company, tt.filter)
			if err != nil || got != tt.want {
				t.Errorf("%s: %+v, %v; want %+v", tt.name, got, err, tt.want)
			}
		}
		for _, f := range []performance.DealFilter{{Sort: "drop table"}, {Status: "gone"}, {Cursor: "x"}} {
			if _, err := performance.Deals(ctx, q, "*", company, f); !errors.Is(err, performance.ErrFilter) {
				t.Errorf("%+v: %v, want ErrFilter", f, err)
			}
		}
	})
}

func TestOpenDealsAndTheirDrift(t *testing.T) {
	t.Parallel()
	read(t, func(ctx context.Context, q sqlfile.Querier) {
		got, err := performance.OpenDeals(ctx, q, ask(t, "u-north", "2026Q3", lateDate))
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, d := range got {
			ids = append(ids, d.ID)
		}
		if !slices.Equal(ids, []string{"d08", "d09", "d13"}) {
			t.Fatalf("open %v, want the due d08 first", ids)
		}
		// d08 was expected on 20 September; its account was last heard of on 6 July, 86 days before October.
		d := got[0]
		if !d.Due || d.LateDays.V != 10 || d.QuietDays.V != 86 || d.StageDays.V != 61 || d.WonDays.Valid || !d.Late() || !d.Quiet() || d.Stuck() || !d.Drifts() {
			t.Errorf("d08 %+v, want due, 10 days late, 86 quiet, 61 in stage and no median of 20", d)
		}
		if minor, ok := d.Expected(); !ok || minor != 35000 {
			t.Errorf("d08 is expected to bring %d, want 35000", minor)
		}
		if none, err := performance.OpenDeals(ctx, q, ask(t, "nobody", "2026Q3", lateDate)); err != nil || len(none) > 0 {
			t.Errorf("nobody sees %v, %v", none, err)
		}
	})
}

func TestRepPosts(t *testing.T) {
	t.Parallel()
	read(t, func(ctx context.Context, q sqlfile.Querier) {
		for rep, want := range map[string]int{"ann": 1, "dan": 0, "": 0} {
			a := ask(t, "u-ann", "2026Q3", lateDate)
			a.RepID = rep
			posts, err := performance.RepPosts(ctx, q, a)
			if err != nil || len(posts) != want {
				t.Errorf("posts of %q: %v, %v; want %d", rep, posts, err, want)
			}
		}
	})
}
