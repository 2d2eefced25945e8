package attribution

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"credence/warehouse/sqlfile"
)

// fact is a column of a journey touch that only some models read.
type fact struct {
	column string
	value  string   // over the alias of its table
	join   string   // that brings it
	tables []string // statements that make what is joined
}

// facts are the columns that the rule models do not pay for.
var facts = []fact{
	{"channels", "c.channels", journeyChannel, []string{"journey_channel"}},
	{"channel_touches", "c.channel_touches", journeyChannel, []string{"journey_channel"}},
	{"channel_markov", "coalesce(lc.markov, 0)", "left join learned_channel lc on lc.channel = s.channel", []string{"learned_channel"}},
	{"touch_incremental", "coalesce(lt.incremental, 0)", "left join learned_touch lt on lt.deal_no = s.deal_no and lt.position = s.position", []string{"learned_touch"}},
	{"deal_incremental", "coalesce(ld.incremental, 0)", "left join learned_deal ld on ld.deal_no = s.deal_no", []string{"learned_deal"}},
}

const journeyChannel = "join journey_channel c on c.deal_no = s.deal_no and c.channel = s.channel"

// unkept are the columns of a journey touch that the stored one has not.
var unkept = regexp.MustCompile(`\b(half_life_s|custom_[a-z]+|channels|channel_touches|channel_markov|touch_incremental|deal_incremental)\b`)

// factsOf are the facts that models read.
func factsOf(models []Model) []fact {
	var out []fact
	for _, f := range facts {
		word := regexp.MustCompile(`\b` + f.column + `\b`)
		if slices.ContainsFunc(models, func(m Model) bool { return word.MatchString(m.weight + " " + m.running + " " + m.total + " " + m.base) }) {
			out = append(out, f)
		}
	}
	return out
}

// fill replaces each marker /*mark*/ of text by what piece makes of every one of
// models, joined. Only constants of this package are ever put in; values are
// bound.
func fill(text string, models []Model, pieces map[string]func(Model) string) string {
	for mark, piece := range pieces {
		var b strings.Builder
		for _, m := range models {
			b.WriteString(piece(m))
		}
		text = strings.ReplaceAll(text, "/*"+mark+"*/", b.String())
	}
	return text
}

// forModel returns the statement called name for one model: /*model*/ is its id,
// /*total*/ its total weight over the columns of a journey touch and /*credit*/
// its ledger.
func forModel(name string, m Model) *sqlfile.Statement {
	text := questions.Get(name).Source
	if strings.Contains(text, "/*credit*/") {
		text = strings.ReplaceAll(text, "/*credit*/", questions.Get("credit_model").Bound())
	}
	text = strings.ReplaceAll(text, "/*model*/", m.ID)
	text = strings.ReplaceAll(text, "/*total*/", m.storedTotal())
	return sqlfile.Parse(name+" of "+m.ID, text)
}

// columns puts a comma and piece before each of Models, for the questions that
// answer every model in one row.
func columns(text, mark, piece string) string {
	return strings.ReplaceAll(text, "/*"+mark+"*/", eachModel(piece))
}

// eachModel is a comma and piece for each of Models.
func eachModel(piece string) string {
	var b strings.Builder
	for _, m := range Models {
		b.WriteString(",\n\t" + strings.ReplaceAll(piece, "MODEL", m.ID))
	}
	return b.String()
}

// Learned says whether m reads what the data taught: it costs a pass over all
// journeys, and deals beside each other change it.
func (m Model) Learned() bool { return len(factsOf([]Model{m})) > 0 }

// storesTotal says whether journey_touch keeps the total weight of a journey
// under m, because no expression over its columns gives it.
func (m Model) storesTotal() bool {
	return m.total == "" || m.base != "" || unkept.MatchString(m.total)
}

// storedTotal is the total weight of a journey over journey_touch.
func (m Model) storedTotal() string {
	if m.storesTotal() {
		return "t_" + m.ID
	}
	return m.total
}

// journeyTouch is the statement that stores the journeys under models.
func journeyTouch(models []Model) *sqlfile.Statement {
	text := fill(questions.Get("journey_touch").Source, models, map[string]func(Model) string{
		"weights": func(m Model) string { return fmt.Sprintf(",\n\t\tcast(%s as bigint) as w_%s", m.weight, m.ID) },
		"running": runningOf,
		"amounts": func(m Model) string { return fmt.Sprintf(",\n\t\t%s as a_%s", creditOf(m, "j.amount_minor"), m.ID) },
	})
	text = fill(text, Models, map[string]func(Model) string{
		"credits": func(m Model) string {
			if !has(models, m) {
				return strings.ReplaceAll(`,
	cast(null as bigint) as w_MODEL, cast(null as bigint) as t_MODEL, cast(null as bigint) as a_MODEL, cast(null as bigint) as r_MODEL`, "MODEL", m.ID)
			}
			out := fmt.Sprintf(",\n\tj.w_%s", m.ID)
			if m.storesTotal() {
				out += fmt.Sprintf(",\n\tj.t_%s", m.ID)
			}
			// Most deals are in the reporting currency: their money is split once.
			return out + fmt.Sprintf(",\n\tj.a_%[1]s,\n\tcase when j.reporting_minor = j.amount_minor then j.a_%[1]s else %[2]s end as r_%[1]s",
				m.ID, creditOf(m, "j.reporting_minor"))
		},
	})
	var columns, joins []string
	for _, f := range factsOf(models) {
		columns = append(columns, ",\n\t\t"+f.value+" as "+f.column)
		if join := "\n\t" + f.join; !slices.Contains(joins, join) {
			joins = append(joins, join)
		}
	}
	text = strings.ReplaceAll(text, "/*facts*/", strings.Join(columns, ""))
	return sqlfile.Parse("journey_touch", strings.ReplaceAll(text, "/*sources*/", strings.Join(joins, "")))
}

// runningOf is the columns k_ and t_ of m: the running and the total weight. What
// no touch earned comes last in a journey, so only the total has it.
func runningOf(m Model) string {
	k, t := m.running, m.total
	if k == "" {
		k = fmt.Sprintf("sum(j.w_%s) over (partition by j.deal_no order by j.position rows unbounded preceding)", m.ID)
	}
	if t == "" {
		t = fmt.Sprintf("sum(j.w_%s) over (partition by j.deal_no)", m.ID)
	}
	if m.base != "" {
		t += " + " + m.base
	}
	return fmt.Sprintf(",\n\t\tcast(%s as bigint) as k_%s,\n\t\tcast(%s as bigint) as t_%s", k, m.ID, t, m.ID)
}

// storedRunning is runningOf over journey_touch, which keeps not every column
// that expressions may read.
func storedRunning(m Model) string {
	if unkept.MatchString(m.running) {
		m.running = ""
	}
	if m.storesTotal() {
		m.total = "j.t_" + m.ID
	}
	m.base = ""
	return runningOf(m)
}

// creditOf is a touch's exact share of amount under m.
func creditOf(m Model, amount string) string {
	return fmt.Sprintf(`cast(case
		when %[1]s is null or j.t_%[2]s = 0 then null
		when j.w_%[2]s = 0 then 0
		else sign(%[1]s) * (round_share(abs(%[1]s), j.k_%[2]s, j.t_%[2]s) - round_share(abs(%[1]s), j.k_%[2]s - j.w_%[2]s, j.t_%[2]s))
	end as bigint)`, amount, m.ID)
}

// journeyDeal is the statement that stores what went to no touch under models.
func journeyDeal(models []Model) *sqlfile.Statement {
	text := fill(questions.Get("journey_deal").Source, models, map[string]func(Model) string{
		"sums": func(m Model) string {
			total := ""
			if m.base != "" {
				total = fmt.Sprintf(",\n\t\tmax(j.t_%[1]s) as t_%[1]s", m.ID)
			}
			return total + fmt.Sprintf(`,
		cast(sum(j.a_%[1]s) as bigint) as a_%[1]s,
		cast(sum(j.r_%[1]s) as bigint) as r_%[1]s,
		cast(sum(j.w_%[1]s) as bigint) as w_%[1]s,
		cast(sum(case when j.withheld then j.a_%[1]s else 0 end) as bigint) as v_%[1]s,
		cast(sum(case when j.withheld then j.r_%[1]s else 0 end) as bigint) as vr_%[1]s,
		cast(sum(case when j.withheld then j.w_%[1]s else 0 end) as bigint) as vw_%[1]s`, m.ID)
		},
	})
	return sqlfile.Parse("journey_deal", fill(text, Models, map[string]func(Model) string{
		"residues": func(m Model) string {
			if !has(models, m) {
				return strings.ReplaceAll(`,
	cast(null as bigint) as u_MODEL, cast(null as bigint) as ur_MODEL, cast(null as double) as uw_MODEL,
	cast(null as bigint) as v_MODEL, cast(null as bigint) as vr_MODEL, cast(null as double) as vw_MODEL`, "MODEL", m.ID)
			}
			total, rest := "s.w_"+m.ID, "0e0"
			if m.base != "" {
				total, rest = "s.t_"+m.ID, fmt.Sprintf("1e0 * (s.t_%[1]s - s.w_%[1]s) / s.t_%[1]s", m.ID)
			}
			return fmt.Sprintf(`,
	case when d.status = 'won' then d.amount_minor - coalesce(s.a_%[1]s, 0) end as u_%[1]s,
	case when d.status = 'won' and d.amount_minor is not null then d.reporting_minor - coalesce(s.r_%[1]s, 0) end as ur_%[1]s,
	case when coalesce(%[2]s, 0) = 0 then 1e0 else %[3]s end as uw_%[1]s,
	coalesce(s.v_%[1]s, 0) as v_%[1]s,
	case when d.status = 'won' and d.amount_minor is not null and d.reporting_minor is not null then coalesce(s.vr_%[1]s, 0) end as vr_%[1]s,
	case when coalesce(%[2]s, 0) = 0 then 0e0 else 1e0 * s.vw_%[1]s / %[2]s end as vw_%[1]s`, m.ID, total, rest)
		},
	}))
}

// creditView is the statement that makes the view credit of all models.
func creditView() *sqlfile.Statement {
	parts := make([]string, len(Models))
	for i, m := range Models {
		parts[i] = forModel("credit_model", m).Bound()
	}
	return sqlfile.Parse("credit", "create or replace view credit as\n"+strings.Join(parts, "\nunion all\n"))
}
