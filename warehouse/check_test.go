package warehouse_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"credence/warehouse"
	"credence/warehouse/duckdb"
)

func check(tb testing.TB, w *warehouse.Warehouse) warehouse.CheckReport {
	tb.Helper()
	report, err := w.Check(context.Background())
	if err != nil {
		tb.Fatalf("check: %v", err)
	}
	return report
}

// TestCheckFindsWhatIsBroken breaks every invariant at once, each on rows of its own,
// and knows from the files which there are.
func TestCheckFindsWhatIsBroken(t *testing.T) {
	t.Parallel()
	w := open(t)
	closed := at("2026-01-15T12:30:00Z")
	load(t, w, "crm", syncTime,
		warehouse.Team{TeamID: "T1"}, warehouse.Rep{RepID: "R1", TeamID: "T1"}, warehouse.Rep{RepID: "R2", TeamID: "T1"}, warehouse.Rep{RepID: "R3", TeamID: "T1"},
		warehouse.Account{AccountID: "A1"}, warehouse.Account{AccountID: "A2"},
		warehouse.Contact{ContactID: "C1", AccountID: "A1", Email: "a@one.example"}, warehouse.Contact{ContactID: "C2", AccountID: "A1", Email: "b@one.example"}, warehouse.Contact{ContactID: "C3", AccountID: "A1", Email: "c@one.example"},
		warehouse.Campaign{CampaignID: "K1", Channel: "Display"}, warehouse.Post{PostID: "P1", AuthorRepID: "R1", PublishedAt: closed}, warehouse.Post{PostID: "P2", PublishedAt: closed},
		warehouse.Deal{DealID: "D1", AccountID: "A1", PrimaryContactID: "C1", OwnerRepID: "R1", Status: "won", Amount: warehouse.Known[int64](1), Currency: "EUR", ClosedAt: closed},
		warehouse.Deal{DealID: "D2", OwnerRepID: "R1", Status: "open"}, warehouse.Deal{DealID: "D3", Status: "open"},
		warehouse.StageChange{DealID: "D1", Stage: "won", ChangedAt: closed}, warehouse.LineItem{LineID: "L1", DealID: "D1", Quantity: warehouse.Known[int64](1_000_000)},
		warehouse.Quota{RepID: "R1", Period: "2026", Amount: warehouse.Known[int64](1), Currency: "EUR"},
		warehouse.Activity{ActivityID: "M1", Kind: "call", OccurredAt: closed, ContactID: "C1"}, warehouse.Activity{ActivityID: "M2", Kind: "call", OccurredAt: closed})
	refresh(t, w)
	if got := check(t, w).Broken; len(got) > 0 {
		t.Fatalf("broken before anything is: %q", got)
	}
	tests := []struct{ statement, want string }{
		{"insert into deals select * from deals where source_id = 'D2'", "a record of deals stands twice: crm D2"},
		{"update deals set closed_at = timestamp '2026-01-15 12:30:00.5' where source_id = 'D1'", "a time is not in whole seconds: deals D1"},
		{"update deals set currency = 'eur' where source_id = 'D1'", "a currency is no code of three capital letters: deals D1"},
		{"create index i on deals (stage)", "an index exists, which after a crash answers wrongly; drop it: i"},
		{"create table zoned (moment timestamp with time zone)", "a column holds times with a zone; times are UTC without one: zoned.moment"},
		{"create table odd as select cast('nan' as double) as ratio union all select cast('-infinity' as double)", "a number is infinite or none: 2 times, for example odd.ratio"},
		{"delete from source_state", "records belong to a source that no run has stored: crm"},
		{"update deal set owner_rep_id = 'R9', account_id = 'A9', rate_e12 = 5 where deal_id = 'D1'", "a deal belongs to a rep who does not exist: D1"},
		{"", "a deal belongs to an account that does not exist: D1"},
		{"", "a closed deal is converted at another rate than was fixed at its close: D1"},
		{"update deal set team_id = 'T9' where deal_id = 'D2'", "a deal belongs to a team in which its owner never was: D2"},
		{"update act set campaign_id = 'K9', person_id = 'C9', rep_id = 'R9', post_id = 'P9', deal_id = 'D9', account_id = 'A9' where source_id = 'M1'", "an act or spend belongs to a campaign that does not exist: crm M1"},
		{"", "an act belongs to a person who does not exist: crm M1"},
		{"", "an act belongs to a rep who does not exist: crm M1"},
		{"", "an act belongs to a post that does not exist: crm M1"},
		{"", "an act belongs to a deal that does not exist: crm M1"},
		{"", "an act belongs to an account that does not exist: crm M1"},
		{"insert into act_person (source, stream, source_id, person_id) values ('crm', 'activities', 'M9', '')", "somebody took part in an act that does not exist, or does not exist: crm M9"},
		{"update contact set person_id = 'C9', account_id = 'A9' where contact_id = 'C2'", "a contact belongs to a person that does not exist: C2"},
		{"", "a contact belongs to an account that does not exist: C2"},
		{"update person set account_id = 'A9' where person_id = 'C3'", "a person belongs to an account that does not exist: C3"},
		{"update deal_person set deal_id = 'D9', person_id = 'C9'", "a role on a deal belongs to a person who does not exist: D9"},
		{"", "a role belongs to a deal that does not exist: D9"},
		{"update line_item set deal_id = 'D9'", "a line item belongs to a deal that does not exist: L1"},
		{"update stage_change set deal_id = 'D9'", "a stage change belongs to a deal that does not exist: D9"},
		{"update post set author_rep_id = 'R9' where post_id = 'P1'", "a post belongs to a rep or a campaign that does not exist: P1"},
		{"update quota set rep_id = 'R9'", "a quota belongs to a rep or a team that does not exist: R9"},
		{"insert into membership select * from membership where rep_id = 'R2'", "a rep is in two teams at once, or in none at some time: R2"},
		{"update membership set team_id = 'T9' where rep_id = 'R3'", "a rep was in a team who does not exist, or in one that does not: R3"},
		{"insert into visible_rep (user_id, rep_id) values ('U9', 'R1')", "a user is named in the visibility list who may not sign in: U9"},
		{"insert into account select * from account where account_id = 'A2'", "an account stands twice: A2"},
		{"insert into act select * from act where source_id = 'M2'", "an act stands twice: crm activities M2"},
		{"insert into campaign select * from campaign", "a campaign stands twice: K1"},
		{"insert into contact select * from contact where contact_id = 'C1'", "a contact stands twice: C1"},
		{"insert into deal select * from deal where deal_id = 'D3'", "a deal stands twice: D3"},
		{"insert into person select * from person where person_id = 'C1'", "a person stands twice: C1"},
		{"insert into post select * from post where post_id = 'P2'", "a post stands twice: P2"},
		{"insert into rep select * from rep where rep_id = 'R2'", "a rep stands twice: R2"},
	}
	err := w.Write(context.Background(), func(tx *warehouse.Tx) error {
		for _, tt := range tests {
			if tt.statement == "" { // the one before breaks this too
				continue
			}
			if _, err := tx.ExecContext(context.Background(), tt.statement); err != nil {
				return fmt.Errorf("%s: %w", tt.statement, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("break it: %v", err)
	}
	got := check(t, w).Broken
	for _, tt := range tests {
		if !slices.Contains(got, tt.want) {
			t.Errorf("it does not say %q but\n%s", tt.want, strings.Join(got, "\n"))
		}
	}
	if len(got) != len(tests) {
		t.Errorf("%d are broken, want %d:\n%s", len(got), len(tests), strings.Join(got, "\n"))
	}
	for _, pattern := range []string{"check/*.sql", "check/derived/*.sql"} {
		files, err := fs.Glob(os.DirFS("."), pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			says, _, _ := strings.Cut(strings.TrimPrefix(string(text), "-- "), "\n")
			if !slices.ContainsFunc(got, func(b string) bool { return strings.HasPrefix(b, says+": ") }) {
				t.Errorf("%s: nothing breaks %q: add what does", name, says)
			}
		}
	}
}

func TestCheckBeforeTheFirstRefresh(t *testing.T) {
	t.Parallel()
	w := open(t)
	if got := check(t, w).Broken; len(got) > 0 {
		t.Errorf("broken: %v", got)
	}
}

// The same records in another order and cut, on another number of threads,
// give the same tables; and a sync of the same again changes none.
func TestChecksumsDependOnContentAlone(t *testing.T) {
	t.Parallel()
	world := func(shuffle uint64, threads int) (*warehouse.Warehouse, []any) {
		engine, err := duckdb.OpenMemoryWith(duckdb.Options{MemoryLimit: "1GB", Threads: threads})
		if err != nil {
			t.Fatalf("open engine: %v", err)
		}
		w, err := warehouse.Open(context.Background(), engine)
		if err != nil {
			t.Fatalf("open warehouse: %v", err)
		}
		t.Cleanup(func() {
			if err := w.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		})
		var records []any
		for i := range 300 {
			records = append(records,
				warehouse.Contact{ContactID: fmt.Sprint("C", i), AccountID: fmt.Sprint("A", i%50), Email: fmt.Sprintf("p%d@a%d.example", i%200, i%50)},
				warehouse.Deal{DealID: fmt.Sprint("D", i), AccountID: fmt.Sprint("A", i%50), PrimaryContactID: fmt.Sprint("C", i), Status: "won", Amount: warehouse.Known(int64(i * 31)), Currency: "EUR", ClosedAt: syncTime.AddDate(0, 0, -i)},
				warehouse.Activity{ActivityID: fmt.Sprint("M", i), Kind: "email", Direction: "inbound", OccurredAt: syncTime.AddDate(0, 0, -i), Email: fmt.Sprintf("x%d@a%d.example", i%70, i%50)},
				warehouse.Visit{VisitID: fmt.Sprint("V", i), OccurredAt: syncTime.AddDate(0, 0, -i), VisitorID: fmt.Sprint(i % 20), ContactID: []string{"", fmt.Sprint("C", i%40)}[i%2], UTMSource: "google"})
		}
		for i := range 50 {
			records = append(records, warehouse.Account{AccountID: fmt.Sprint("A", i), Domain: fmt.Sprintf("a%d.example", i)})
		}
		r := rand.New(rand.NewPCG(shuffle, 1)) // a seed makes the test repeatable
		r.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		load(t, w, "crm", syncTime, records...)
		refresh(t, w)
		return w, records
	}
	first, records := world(1, 1)
	want := check(t, first).Tables
	second, _ := world(2, 4)
	if got := check(t, second).Tables; !slices.Equal(got, want) {
		t.Errorf("another order gave other tables:\n%v\nwant\n%v", got, want)
	}
	if run := load(t, first, "crm", syncTime.AddDate(0, 0, 1), records...); run.Changed != 0 {
		t.Errorf("the same records changed %d", run.Changed)
	}
	refresh(t, first)
	if got := check(t, first).Tables; !slices.Equal(got, want) {
		t.Errorf("the second sync gave other tables:\n%v\nwant\n%v", got, want)
	}
	rows := map[string]int64{}
	for _, s := range want {
		rows[s.Name] = s.Rows
	}
	if rows["deal"] != 300 || rows["act"] != 600 {
		t.Errorf("rows = %v", rows)
	}
}

func TestNoIndexAndNoForeignKeyIsEverMade(t *testing.T) {
	t.Parallel()
	w := open(t)
	refresh(t, w)
	if got := ask(t, w, "select count(*) from duckdb_indexes()"); got != "0" {
		t.Errorf("indexes = %s, want none", got)
	}
	if got := ask(t, w, "select count(*) from duckdb_constraints() where constraint_type = 'FOREIGN KEY'"); got != "0" {
		t.Errorf("foreign keys = %s, want none", got)
	}
	if got := ask(t, w, "select count(*) from information_schema.columns where data_type like '%TIME ZONE%'"); got != "0" {
		t.Errorf("columns with a time zone = %s, want none", got)
	}
}

func TestQualityCountsOpenToTheirRows(t *testing.T) {
	t.Parallel()
	w := open(t)
	load(t, w, "crm", syncTime,
		warehouse.Campaign{CampaignID: "K1", Name: "Spring Launch 2026", Channel: "Display"},
		warehouse.Deal{DealID: "D1", Status: "won", Currency: "EUR", ClosedAt: at("2026-01-15T12:30:00Z"), CreatedAt: at("2026-02-15T12:30:00Z")},
		warehouse.Deal{DealID: "D2", Status: "lost", Amount: warehouse.Known[int64](5), Currency: "CHF"},
		warehouse.Contact{ContactID: "C1", Email: "a@b.example"}, warehouse.Contact{ContactID: "C2", Email: "A@b.example"},
		warehouse.Spend{Day: day("2026-01-01"), Channel: "Display", Amount: warehouse.Known[int64](5), Currency: "EUR"},
		warehouse.Activity{ActivityID: "M1", Kind: "call", OccurredAt: at("2026-01-16T12:30:00Z"), DealID: "D1", UID: "u"})
	load(t, w, "mail", syncTime, warehouse.Activity{ActivityID: "M1", Kind: "call", OccurredAt: at("2026-01-16T13:30:00Z"), UID: "u"})
	load(t, w, "web", syncTime,
		warehouse.Visit{VisitID: "V1", OccurredAt: syncTime, UTMSource: "odd", UTMMedium: "odd", UTMCampaign: "spring_lanch_2026"},
		warehouse.Visit{VisitID: "V2", OccurredAt: syncTime, UTMSource: "odd", UTMMedium: "odd", UTMCampaign: "spring_launch_2025"})
	refresh(t, w)
	want := map[string]int64{
		"deals_without_account": 2, "deals_without_owner": 2, "deals_without_amount": 1, "deals_without_close": 1, "deals_without_creation": 1,
		"deals_closed_before_creation": 1, "deals_without_rate": 1, "spend_without_campaign": 1, "campaigns_without_spend": 1, "unmatched_utm": 2,
		"unmatched_channel": 1, "acts_after_close": 1, "clock_skew": 1, "merged_contacts": 2, "contacts_without_account": 2, "mail_from_strangers": 2,
	}
	err := w.Read(context.Background(), func(s *warehouse.Snapshot) error {
		counts, err := warehouse.Quality(context.Background(), s)
		if err != nil {
			return err
		}
		for _, c := range counts {
			if c.Rows != want[c.ID] {
				t.Errorf("%s = %d, want %d", c.ID, c.Rows, want[c.ID])
			}
			if c.Title == "" || c.Why == "" {
				t.Errorf("%s says neither what it is nor what it does", c.ID)
			}
			_, rows, err := warehouse.RowsOfQuality(context.Background(), s, c.ID, 100, 0)
			if err != nil {
				return err
			}
			if int64(len(rows.Rows)) != c.Rows {
				t.Errorf("%s opens to %d rows, want %d", c.ID, len(rows.Rows), c.Rows)
			}
			if c.ID == "unmatched_utm" {
				got := rows.Rows[0][0] + ">" + rows.Rows[0][len(rows.Columns)-1] + " " + rows.Rows[1][0] + ">" + rows.Rows[1][len(rows.Columns)-1]
				if got != "spring_lanch_2026>Spring Launch 2026 spring_launch_2025>" {
					t.Errorf("suggestions = %s", got)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("quality: %v", err)
	}
}

func TestEveryQualityFileIsShown(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(os.DirFS("quality"), "*.sql")
	if err != nil {
		t.Fatalf("list quality: %v", err)
	}
	w := open(t)
	refresh(t, w)
	var counts []warehouse.QualityCount
	err = w.Read(context.Background(), func(s *warehouse.Snapshot) (err error) {
		counts, err = warehouse.Quality(context.Background(), s)
		return err
	})
	if err != nil {
		t.Fatalf("quality: %v", err)
	}
	for _, f := range files {
		id := strings.TrimSuffix(f, ".sql")
		if !slices.ContainsFunc(counts, func(c warehouse.QualityCount) bool { return c.ID == id }) {
			t.Errorf("quality/%s is missing from qualityOrder in quality.go", f)
		}
	}
}

func TestSourcesRunsAndRejectedRows(t *testing.T) {
	t.Parallel()
	w := open(t)
	ctx := context.Background()
	for i := range 2 {
		_, err := w.Load(ctx, warehouse.LoadSource{Name: "crm", Kind: "csvfile", Priority: 1, At: syncTime}, func(l *warehouse.Loader) error {
			l.File("a.csv")
			l.Read(2)
			if err := l.Put(warehouse.Team{TeamID: fmt.Sprint("T", i)}); err != nil {
				return err
			}
			return l.Reject(warehouse.Rejection{Line: 7, Field: "name", Reason: "is odd", Row: "x,y"})
		})
		if err != nil {
			t.Fatalf("load: %v", err)
		}
	}
	if _, err := w.Load(ctx, warehouse.LoadSource{Name: "chat", Kind: "slackexport", At: syncTime}, func(*warehouse.Loader) error { return fmt.Errorf("export.zip ends early") }); err == nil {
		t.Fatal("a failing load succeeded")
	}
	err := w.Read(ctx, func(s *warehouse.Snapshot) error {
		sources, err := warehouse.Sources(ctx, s)
		if err != nil {
			return err
		}
		if len(sources) != 2 || sources[0].Source != "crm" || sources[0].Records != 2 || sources[0].Rejected != 1 || sources[0].Last.ID != 2 ||
			sources[1].Source != "chat" || sources[1].Last.Status != "failed" || !strings.Contains(sources[1].Last.Message, "export.zip ends early") {
			t.Errorf("sources = %+v", sources)
		}
		runs, err := warehouse.Runs(ctx, s, "crm", 10)
		if err != nil {
			return err
		}
		if len(runs) != 2 || runs[0].ID != 2 || len(runs[0].Files) != 1 || runs[0].Files[0] != (warehouse.RunFile{File: "a.csv", Read: 2, Kept: 1, Rejected: 1}) {
			t.Errorf("runs = %+v", runs)
		}
		rows, err := warehouse.RejectedRows(ctx, s, "crm", 0, 10, 0)
		if err != nil {
			return err
		}
		if len(rows) != 1 || rows[0].RunID != 2 || rows[0].Line != 7 || rows[0].Reason != "is odd" || rows[0].Row != "x,y" {
			t.Errorf("rejected rows = %+v", rows)
		}
		if _, err := warehouse.RunByID(ctx, s, 99); !errors.Is(err, warehouse.ErrNotFound) {
			t.Errorf("run 99: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatalf("read: %v", err)
	}
}
