package attribution_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

// judgedWorld is one deal created on 1 June and won on 1 July 2026, and acts that
// settings judge differently. Their ids say what they are.
func judgedWorld() world {
	created := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	days := func(n int) time.Time { return created.AddDate(0, 0, n) }
	amount := int64(100_000)
	activity := func(id string, at time.Time, change func(*act)) act {
		a := act{
			Source: "crm", Stream: "activities", ID: id, Kind: "email", Direction: "outbound", At: at,
			Rep: "r1", Person: "n1", Account: "a1", ChannelHint: "Sales",
		}
		if change != nil {
			change(&a)
		}
		return a
	}
	engagement := func(id, kind, channel string, at time.Time, change func(*act)) act {
		a := act{Source: "web", Stream: "engagements", ID: id, Priority: 4, Kind: kind, At: at, Person: "n1", Account: "a1", ChannelHint: channel}
		if change != nil {
			change(&a)
		}
		return a
	}
	return world{
		Persons:   []person{{ID: "n1", Account: "a1"}, {ID: "n2", Account: "a1", OptedOut: true}},
		Campaigns: []campaign{{"c1", "Spring", "Display"}},
		Deals: []deal{{
			ID: "d1", Account: "a1", Owner: "r1", Status: "won", Amount: &amount, Currency: "EUR", Reporting: &amount,
			CreatedAt: created, ClosedAt: days(30),
		}},
		Acts: []act{
			engagement("event", "form", "Event", days(-120), nil),
			engagement("event-late", "form", "Event", days(-121), nil),
			engagement("click", "click", "Display", days(-30), func(a *act) { a.Campaign = "c1" }),
			engagement("click-before", "click", "Display", days(-31), func(a *act) { a.Campaign = "c1" }),
			engagement("reaction", "reaction", "Display", days(-10), nil),
			engagement("open", "open", "E-mail", days(-9), nil),
			engagement("open-bot", "open", "E-mail", days(-8), func(a *act) { a.Bot = true }),
			activity("sent", days(1), nil),
			activity("sent-no-rep", days(2), func(a *act) { a.Rep = "" }),
			activity("sent-no-person", days(3), func(a *act) { a.Person = "" }),
			activity("sent-bounced", days(4), func(a *act) { a.Outcome = "bounce" }),
			activity("sent-bulk", days(5), func(a *act) { a.Outcome = "bulk" }),
			activity("sent-opted-out", days(6), func(a *act) { a.Person = "n2" }),
			activity("chat", days(7), func(a *act) { a.Kind = "chat" }),
			activity("internal", days(8), func(a *act) { a.Direction = "internal" }),
			activity("both", days(9), func(a *act) { a.UID = "m1" }),
			engagement("both-opened", "open", "E-mail", days(9), func(a *act) { a.UID = "m1" }),
			activity("meeting", days(10), func(a *act) { a.Kind, a.Outcome, a.Rep = "meeting", "held", "r2" }),
		},
	}
}

//nolint:tparallel // the parts share one warehouse, one after the other
func TestSettingsSayWhatEarns(t *testing.T) {
	t.Parallel()
	w := open(t, 1)
	judgedWorld().fill(t, w)
	// What every case shares, unless it says otherwise.
	usual := map[string]string{
		"event": "before the window", "event-late": "before the window", "click": "earns", "click-before": "earns", "reaction": "earns", "meeting": "earns",
		"open": "opened only", "open-bot": "bot", "sent": "sent only", "sent-no-rep": "sent only", "sent-no-person": "sent only", "sent-bounced": "bounce",
		"sent-bulk": "auto reply", "sent-opted-out": "sent only", "chat": "sent only", "internal": "internal", "both": "sent only",
	}
	tests := []struct {
		name   string
		change func(*attribution.Settings)
		want   string // what differs from usual
	}{
		{"unless asked, sent and opened mail earns nothing", func(*attribution.Settings) {}, ""},
		{
			"a rep's mail and chat to a person earns", func(s *attribution.Settings) { s.SentMail = true },
			"sent=earns;chat=earns;both=earns;sent-opted-out=withheld",
		},
		{"opened mail earns", func(s *attribution.Settings) { s.OpenedMail = true }, "open=earns;both=earns"},
		{
			"sent and opened mail earns", func(s *attribution.Settings) { s.SentMail, s.OpenedMail = true, true },
			"open=earns;sent=earns;chat=earns;both=earns;sent-opted-out=withheld",
		},
		{
			"sent mail is sales", func(s *attribution.Settings) { s.SentMail, s.Touches = true, attribution.TouchesMarketing },
			"sent=sales does not count;chat=sales does not count;both=sales does not count;sent-opted-out=sales does not count;meeting=sales does not count",
		},
		{
			"a channel is excluded", func(s *attribution.Settings) { s.Exclude = []string{"channel=Display"} },
			"click=excluded by rule channel=Display;click-before=excluded by rule channel=Display;reaction=excluded by rule channel=Display",
		},
		{
			"all fields of a rule must match", func(s *attribution.Settings) {
				s.Exclude = []string{"channel=Display & kind=form", "campaign=c1 & kind=click", "channel=Display"}
			},
			"click=excluded by rule campaign=c1 & kind=click;click-before=excluded by rule campaign=c1 & kind=click;reaction=excluded by rule channel=Display",
		},
		{
			"a source is excluded, what earns nothing anyway keeps its reason", func(s *attribution.Settings) { s.Exclude = []string{"source=crm"} },
			"meeting=excluded by rule source=crm",
		},
		{
			"a rep is excluded, and mail that would earn", func(s *attribution.Settings) { s.Exclude, s.SentMail = []string{"rep=r1", "post=none"}, true },
			"sent=excluded by rule rep=r1;chat=excluded by rule rep=r1;both=excluded by rule rep=r1;sent-opted-out=excluded by rule rep=r1",
		},
		{"ids are compared as they are", func(s *attribution.Settings) { s.Exclude = []string{"campaign=C1"} }, ""},
		{
			"a channel looks back further than the others, its end included",
			func(s *attribution.Settings) { s.LookbackByChannel = map[string]int{"Event": 120} }, "event=earns",
		},
		{
			"a channel looks back less far",
			func(s *attribution.Settings) { s.LookbackByChannel = map[string]int{"Display": 30, "Event": 121} },
			"event=earns;event-late=earns;click-before=before the window",
		},
		{
			"of the close", func(s *attribution.Settings) {
				s.Anchor, s.LookbackByChannel = attribution.AnchorClose, map[string]int{"Display": 40, "Event": 150}
			}, "event=earns;click=before the window;click-before=before the window",
		},
	}
	for _, tt := range tests { //nolint:paralleltest // one warehouse, one after the other
		t.Run(tt.name, func(t *testing.T) {
			s := attribution.Default()
			tt.change(&s)
			build(t, w, s)
			want := maps.Clone(usual)
			for part := range strings.SplitSeq(tt.want, ";") {
				if id, reason, ok := strings.Cut(part, "="); ok {
					want[id] = reason
				}
			}
			got := map[string]string{}
			asked(t, w, func(q sqlfile.Querier) error {
				j, err := attribution.Journey(context.Background(), q, "*", "d1")
				for _, x := range append(j.Eligible, j.Ineligible...) {
					reason := x.Reason
					switch {
					case x.Bucket == "withheld":
						reason = "withheld"
					case x.Position > 0:
						reason = "earns"
					}
					got[x.TouchID[strings.LastIndex(x.TouchID, ":")+1:]] = reason
				}
				return err
			})
			got["both"] = got["m1"]
			delete(got, "m1")
			var wrong []string
			for id := range want {
				if got[id] != want[id] {
					wrong = append(wrong, fmt.Sprintf("%s is %q, want %q", id, got[id], want[id]))
				}
			}
			slices.Sort(wrong)
			if len(wrong) > 0 || len(got) != len(want) {
				t.Errorf("%d touches, want %d:\n%s", len(got), len(want), strings.Join(wrong, "\n"))
			}
			if err := w.Read(context.Background(), func(q *warehouse.Snapshot) error {
				broken, err := attribution.Check(context.Background(), q)
				for _, b := range broken {
					t.Error(b)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestCoverageKnowsWhatRulesLeaveOut: a deal whose only touches a rule excludes
// is not counted, one whose channel looks back less far is before the window.
func TestCoverageKnowsWhatRulesLeaveOut(t *testing.T) {
	t.Parallel()
	w := open(t, 1)
	only := judgedWorld()
	only.Acts = only.Acts[2:4] // the two clicks
	only.fill(t, w)
	for _, tt := range []struct {
		name, want string
		change     func(*attribution.Settings)
	}{
		{"an exclusion", attribution.UncoveredSetting, func(s *attribution.Settings) { s.Exclude = []string{"channel=Display"} }},
		{"a short lookback", attribution.UncoveredOld, func(s *attribution.Settings) { s.LookbackByChannel = map[string]int{"Display": 0} }},
	} {
		s := attribution.Default()
		tt.change(&s)
		build(t, w, s)
		asked(t, w, func(q sqlfile.Querier) error {
			c, err := attribution.Coverage(context.Background(), q, "*", calendar.Period{})
			if len(c.Reasons) != 1 || c.Reasons[0].Reason != tt.want {
				t.Errorf("%s: reasons are %+v, want %s", tt.name, c.Reasons, tt.want)
			}
			return err
		})
	}
}
