package warehouse

import (
	"context"
	"slices"
	"strings"

	"credence/warehouse/sqlfile"
)

// treatment is how a column of text is treated when a person is taken out.
type treatment string

// The treatments of columns.
const (
	asWords treatment = "words" // people read it and nothing compares it: … stands where the person was named
	asKey   treatment = "key"   // records are found by it: a stand-in, equal where the text was equal
	asIs    treatment = "as is" // it cannot name a contact, or what it says is treated otherwise
)

// textColumns lists every column of text of every table that outlives a refresh, and
// how it is treated; a column of the schema that is missing here fails a test, so
// that nothing is kept in which an erased person is not looked for. Columns of
// identityColumns hold who somebody is, and are treated by that.
//
// As is are: names of sources, codes and closed vocabularies; our own people and
// what they set up; secrets and hashes; the names of contacts, because a record of
// the same name is another person's; the log, which is chained and holds ids alone;
// and rejected rows, which are withheld whole.
var textColumns = map[string]map[treatment]string{
	"accounts":         {asWords: "name", asKey: "source_id domain parent_account_id industry country region segment", asIs: "source"},
	"activities":       {asKey: "source_id deal_id thread_id uid outcome", asIs: "source kind direction rep_id"},
	"activity_people":  {asKey: "source_id activity_id", asIs: "source role"},
	"campaign_metrics": {asKey: "source_id campaign_id", asIs: "source"},
	"campaigns":        {asKey: "source_id name channel", asIs: "source currency"},
	"contacts":         {asWords: "title seniority lawful_basis", asKey: "account_id", asIs: "source name"},
	"currency_rates":   {asIs: "source source_id currency"},
	"deal_contacts":    {asKey: "source_id deal_id role", asIs: "source"},
	"deals":            {asWords: "name lost_reason", asKey: "source_id account_id pipeline stage type deal_source forecast_category region segment", asIs: "source status currency owner_rep_id"},
	"engagements":      {asKey: "source_id post_id campaign_id click_id url", asIs: "source kind evidence rep_id"},
	"line_items":       {asKey: "source_id deal_id product_id", asIs: "source"},
	"post_metrics":     {asKey: "source_id post_id", asIs: "source"},
	"posts":            {asWords: "author title", asKey: "source_id network campaign_id url kind", asIs: "source author_rep_id"},
	"products":         {asKey: "source_id name", asIs: "source currency"},
	"quotas":           {asIs: "source source_id rep_id team_id period currency"},
	"reps":             {asIs: "source source_id name email team_id title region"},
	"spend_records":    {asKey: "source_id channel campaign_id kind", asIs: "source currency"},
	"stage_changes":    {asKey: "source_id deal_id stage", asIs: "source rep_id"},
	"teams":            {asIs: "source source_id name parent_team_id manager_rep_id region"},
	"visits":           {asKey: "source_id landing_url referrer utm_source utm_medium utm_campaign utm_content utm_term click_id", asIs: "source"},
	"web_daily":        {asKey: "source_id channel campaign_id landing_url", asIs: "source"},

	"api_token":          {asIs: "token_id user_id name scopes hash"},
	"attribution_change": {asWords: "reason", asIs: "user_id user_name email settings_before settings_after settings_file"},
	"audit":              {asIs: "actor action object detail previous hash"},
	"audit_cut":          {asIs: "hash"},
	"channel_rule":       {asIs: "source_kind source_like medium_like campaign_like channel"},
	"closed_period":      {asWords: "reason", asIs: "period user_id user_name email settings models currency"},
	"deal_rate":          {asKey: "deal_id", asIs: "currency reporting_currency"},
	"generation":         {asIs: "built_by"},
	"membership":         {asIs: "rep_id team_id membership_id"},
	"opt_out":            {asIs: "kind id user_id"}, // moved to the stand-in, see optOuts
	"rejected_row":       {asKey: "file", asIs: "source field reason row_text"},
	"reported_credit":    {asKey: "deal_id touch_id", asIs: "model bucket"},
	"reported_deal":      {asKey: "deal_id account_id", asIs: "owner_rep_id currency"},
	"reported_person":    {asIs: "person_id records"}, // emptied, see reported
	"reported_touch":     {asKey: "deal_id touch_id campaign_id post_id", asIs: "kind channel rep_id evidence bucket"},
	"run":                {asWords: "message", asIs: "source kind status"},
	"run_file":           {asKey: "file", asIs: "source"},
	"source_state":       {asIs: "source kind cursor"}, // a cursor that names somebody is forgotten, see cursors
	"team_left":          {asIs: "source source_id team_id"},
	"tombstone":          {asIs: "kind mark stub"},
	"upkeep":             {asIs: "deed file detail"},
	"users":              {asIs: "user_id email name password_hash roles rep_id invite_hash"},
	"visible_rep":        {asIs: "user_id rep_id"},
	"web_site":           {asIs: "site kind"},
}

// searched lists the columns of a table in which people are looked for, in order.
func searched(table string) (columns []string, as map[string]treatment) {
	as = map[string]treatment{}
	for _, t := range []treatment{asWords, asKey} {
		for c := range strings.FieldsSeq(textColumns[table][t]) {
			columns = append(columns, c)
			as[c] = t
		}
	}
	return columns, as
}

// Unsearched lists the columns of text, as table.column, that textColumns does not
// enter. Ask it before the first refresh: what a refresh makes is made anew from
// these.
func Unsearched(ctx context.Context, q sqlfile.Querier) ([]string, error) {
	columns, err := pairs(ctx, q, questions.Get("text_columns"))
	if err != nil {
		return nil, err
	}
	var out []string
	for _, c := range columns {
		entered := slices.ContainsFunc(identityColumns[c[0]], func(i identityColumn) bool { return i.column == c[1] })
		for _, list := range textColumns[c[0]] {
			entered = entered || slices.Contains(strings.Fields(list), c[1])
		}
		if !entered {
			out = append(out, c[0]+"."+c[1])
		}
	}
	return out, nil
}
