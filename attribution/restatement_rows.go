package attribution

import (
	"database/sql"
	"fmt"
	"strings"

	"credence/warehouse/sqlfile"
)

// restatedGroups is the statement that answers a dimension of a Restatement.
func restatedGroups(d Dimension) *sqlfile.Statement {
	by := map[Dimension]struct{ key, name, table string }{
		Channel:  {key: "channel", name: "s.id"},
		Campaign: {"campaign_id", "n.name", "campaign n on n.campaign_id"},
		Post:     {"post_id", "n.title", "post n on n.post_id"},
		Rep:      {"rep_id", "n.name", "rep n on n.rep_id"},
	}[d]
	var sums, answers strings.Builder
	for _, c := range Causes[1:] {
		fmt.Fprintf(&sums, ",\n\t\tcast(sum(case when p.cause = '%[1]s' then p.rest_minor else 0 end) as bigint) as %[1]s_minor", c.Cause)
		fmt.Fprintf(&answers, ", s.%s_minor", c.Cause)
	}
	text := questions.Get("restated_groups").Source
	join := ""
	if by.table != "" {
		join = "\nleft join " + by.table + " = s.id and s.kind = ''"
	}
	for mark, piece := range map[string]string{"key": by.key, "name": by.name, "names": join, "sums": sums.String(), "answers": answers.String()} {
		text = strings.ReplaceAll(text, "/*"+mark+"*/", piece)
	}
	return sqlfile.Parse("restated_groups by "+string(d), text)
}

func scanMovedGroup(scan func(...any) error) (MovedGroup, error) {
	var g MovedGroup
	by := make([]int64, len(Causes))
	dest := []any{&g.Kind, &g.ID, &g.Name, &g.Then, &g.Now}
	for i := range by {
		dest = append(dest, &by[i])
	}
	err := scan(dest...)
	g.By = map[Cause]int64{}
	for i, c := range Causes {
		g.By[c.Cause] = by[i]
	}
	return g, err
}

func scanMovedDeal(scan func(...any) error) (MovedDeal, error) {
	var d MovedDeal
	var thenClosed, nowClosed sql.NullTime
	var rate, withheld, erased, merged, late bool
	var cause Cause
	var rule, rest, ruleUp, ruleDown, restUp, restDown int64
	err := scan(&d.DealID, &d.Name, &d.Account, &d.Status, &d.Was, &d.Is, &d.ThenAmount, &d.ThenCurrency, &d.NowAmount, &d.NowCurrency, &thenClosed, &nowClosed,
		&d.Came, &d.Went, &d.Altered, &rate, &withheld, &erased, &merged, &late,
		&cause, &d.Then, &d.Now, &rule, &rest, &ruleUp, &ruleDown, &restUp, &restDown)
	d.ThenClosed, d.NowClosed = thenClosed.Time, nowClosed.Time
	d.By = map[Cause]int64{ChangedRule: rule}
	d.By[cause] += rest
	d.Shifted = map[Cause]int64{ChangedRule: max(ruleUp, ruleDown)}
	d.Shifted[cause] += max(restUp, restDown)
	applies := map[Cause]bool{ChangedRate: rate, WithheldNow: withheld, ErasedPerson: erased, MergedPeople: merged, LateData: late}
	for _, c := range Causes {
		if d.Shifted[c.Cause] > 0 || applies[c.Cause] {
			d.Applies = append(d.Applies, c.Cause)
		}
	}
	return d, err
}

func scanMovedTouch(scan func(...any) error) (MovedTouch, error) {
	var t MovedTouch
	var at sql.NullTime
	err := scan(&t.Kind, &t.TouchID, &t.Was, &t.Is, &at, &t.Act, &t.Channel, &t.CampaignID, &t.Campaign, &t.Then, &t.Now, &t.Rule, &t.Rest, &t.Erased)
	t.OccurredAt = at.Time.UTC()
	return t, err
}
