package real_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestMarketingFunnel(t *testing.T) {
	t.Parallel()
	l := load(t, "marketing-funnel")
	l.read(map[string][2]int64{"olist_marketing_qualified_leads_dataset.csv": {8000, 0}, "olist_closed_deals_dataset.csv": {842, 0}})
	l.is("leads", "select count(*), count(*) filter (account_id <> '') from contact", "8000|842")
	l.is("first contacts by channel", "select coalesce(nullif(channel_hint, ''), '?'), count(*) from act where stream = 'visits' group by all order by all",
		"Direct|499; Display|118; E-mail|493; Organic Search|2296; Organic Social|1350; Other|1374; Paid Search|1586; Referral|284")
	l.is("deals", "select count(*), (sum(reporting_minor) // 100)::bigint from deal where status = 'won'", "842|61784006")

	// SDRs and sales reps; who did both counts once.
	people, closers := map[string]bool{}, map[string]int{}
	for _, r := range table(t, "marketing-funnel", "olist_closed_deals_dataset.csv") {
		people[r["sdr_id"]], people[r["sr_id"]] = true, true
		closers[r["sr_id"]]++
	}
	l.is("reps", "select count(*) from rep", strconv.Itoa(len(people)))
	var want []string
	for _, id := range slices.Sorted(maps.Keys(closers)) {
		want = append(want, id+"|"+strconv.Itoa(closers[id]))
	}
	l.is("deals by sales rep", "select owner_rep_id, count(*) from deal group by all order by 1", strings.Join(want, "; "))
	l.is("SDRs of the qualified stage", "select count(distinct rep_id) from stage_change where stage = 'Qualified'", "32")
	l.is("deals whose contact has a first visit", "select count(*) from deal d join act a on a.person_id = d.primary_person_id and a.stream = 'visits'", "842")
}

func TestEnronEmail(t *testing.T) {
	t.Parallel()
	l := load(t, "enron-email")
	l.read(map[string][2]int64{"employees.tsv": {156, 0}, "messages.tsv": {21635, 0}, "recipients.tsv": {38388, 0}, "enron_sample_50_flattened.csv": {50, 0}})
	l.is("reps by department", "select team_id, count(*) from rep group by all order by all", "Legal|25; Other|71; Trading|60")
	l.is("mails by source", "select source, count(*) from activities group by all order by all", "headers|21635; messages|50")
	l.is("recipients by source", "select source, role, count(*) from activity_people group by all order by all", "headers|to|38388; messages|from|50")
	l.is("the first and the last header", "select min(occurred_at), max(occurred_at) from activities where source = 'headers'", "1998-11-13T04:07:00Z|2002-06-21T13:37:34Z")
	l.is("messages with an id", "select count(distinct uid) from activities where source = 'messages' and length(uid) = 32", "50")
}

func TestSocialExports(t *testing.T) {
	t.Parallel()
	l := load(t, "social-exports")
	l.read(map[string][2]int64{
		"facebook_insights.csv": {3, 0}, "tweet_activity_metrics_TCORSStgOrg_20170401_20170408_en.csv": {10, 0}, "facebook_ads_manager.csv": {535, 0},
	})
	l.is("posts", "select network, count(*) from post group by all order by all", "facebook|3; x|10")
	var impressions float64
	for _, r := range table(t, "social-exports", "tweet_activity_metrics_TCORSStgOrg_20170401_20170408_en.csv") {
		n, err := strconv.ParseFloat(r["impressions"], 64)
		if err != nil {
			t.Fatal(err)
		}
		impressions += n
	}
	l.is("impressions of tweets", "select sum(impressions)::bigint from post_metrics where source = 'twitter'", strconv.Itoa(int(impressions)))

	ids, cents := map[string]bool{}, 0
	for _, r := range table(t, "social-exports", "facebook_ads_manager.csv") {
		ids[r["Campaign ID"]] = true
		whole, frac, _ := strings.Cut(r["Amount Spent (USD)"], ".")
		n, err := strconv.Atoi(whole + (frac + "00")[:2])
		if err != nil {
			t.Fatal(err)
		}
		cents += n
	}
	l.is("campaigns", "select count(*) from campaign", strconv.Itoa(len(ids)))
	l.is("spend in cents", "select sum(amount_minor)::bigint, sum(reporting_minor)::bigint from spend", strconv.Itoa(cents)+"|"+strconv.Itoa(cents))
	l.is("channel of the spend", "select distinct channel from spend", "Paid Social")
}

func TestFacebookMetrics(t *testing.T) {
	t.Parallel()
	l := load(t, "facebook-metrics")
	l.read(map[string][2]int64{"dataset_Facebook.csv": {500, 0}, "dataset_Facebook_rsw0_renamed_headers.csv": {500, 0}})
	l.is("posts by source", "select source, count(*) from posts group by all order by all", "renamed|500; uci|500")
	l.is("the two files agree", "select count(distinct s) from (select sum(coalesce(impressions, 0) + coalesce(comments, 0) + coalesce(reactions, 0) + coalesce(shares, 0)) as s from post_metrics group by source)", "1")
	l.is("types of posts", "select kind, count(*) from posts where source = 'renamed' group by all order by all", "link|22; photo|426; status|45; video|7")
}

func TestSlackExport(t *testing.T) {
	t.Parallel()
	l := load(t, "slack-export")
	l.read(map[string][2]int64{"enrique": {96, 0}, "traveling-sailor": {51, 0}})
	l.is("messages", "select kind, direction, count(*) from activities group by all order by all", "chat|internal|147")
}

func TestMbox(t *testing.T) {
	t.Parallel()
	l := load(t, "mbox")
	l.read(map[string][2]int64{"northpole.mbox": {2, 0}})
	l.is("mails", "select kind, direction, count(*), count(distinct uid) from activities group by all order by all", "email|internal|2|2")
	l.is("their times", "select occurred_at from activities order by occurred_at", "2001-12-25T00:03:34Z; 2001-12-25T00:06:42Z")
	l.is("one thread", "select count(distinct thread_id) from activities", "1")
}
