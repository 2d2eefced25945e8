package real_test

import "testing"

func TestCRM(t *testing.T) {
	l := load(t, "crm-sales-opportunities")
	l.read(map[string][2]int64{"sales_pipeline.csv": {8800, 0}, "accounts.csv": {85, 0}, "products.csv": {7, 0}, "sales_teams.csv": {35, 0}})
	l.is("deals", "select count(*), sum(reporting_minor) filter (status = 'won') from deal", "")
}

func TestFunnel(t *testing.T) {
	l := load(t, "marketing-funnel")
	l.read(map[string][2]int64{})
	l.is("touch channels", "select channel_hint, utm_medium, count(*) from act group by all order by all", "")
}

func TestEnron(t *testing.T) {
	l := load(t, "enron-email")
	l.read(map[string][2]int64{})
}

func TestSocial(t *testing.T) {
	l := load(t, "social-exports")
	l.read(map[string][2]int64{})
	l = load(t, "facebook-metrics")
	l.read(map[string][2]int64{})
	l = load(t, "slack-export")
	l.read(map[string][2]int64{})
	l = load(t, "mbox")
	l.read(map[string][2]int64{})
}
