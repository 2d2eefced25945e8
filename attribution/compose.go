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
	{"channel_markov", "coalesce(lc.markov, 0)", learnedChannel, []string{"learned_channel"}},
	{"touch_incremental", "coalesce(lt.incremental, 0)", learnedTouch, []string{"learned_touch"}},
	{"deal_incremental", "coalesce(ld.incremental, 0)", learnedDeal, []string{"learned_deal"}},
}

const (
	journeyChannel = "join journey_channel c on c.deal_no = p.deal_no and c.channel_no = p.channel_no"
	learnedChannel = "left join (select k.channel_no, l.markov from learned_channel l join channel_key k on k.channel = l.channel) lc on lc.channel_no = p.channel_no"
	learnedTouch   = "left join learned_touch lt on lt.deal_no = p.deal_no and lt.position = p.row_no - h.first_row + 1"
	learnedDeal    = "left join learned_deal ld on ld.deal_no = p.deal_no"
)

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

// summed says whether the running sums of m are added up touch by touch, because
// no expression over a journey touch gives them.
func (m Model) summed() bool { return m.running == "" || m.total == "" || m.base != "" }

// closedAndSummed are the models of closed expressions and those that are summed.
func closedAndSummed(models []Model) (closed, summed []Model) {
	for _, m := range models {
		if m.summed() {
			summed = append(summed, m)
		} else {
			closed = append(closed, m)
		}
	}
	return closed, summed
}

// shaped is the rows that weights of models are computed from, over a path.
func shaped(path, run string, models []Model) string {
	var columns, joins []string
	for _, f := range factsOf(models) {
		columns = append(columns, ",\n\t"+f.value+" as "+f.column)
		if join := "\n" + f.join; !slices.Contains(joins, join) {
			joins = append(joins, join)
		}
	}
	return strings.NewReplacer("/*path*/", path, "/*run*/", run, "/*facts*/", strings.Join(columns, ""), "/*sources*/", strings.Join(joins, "")).
		Replace(questions.Get("shaped").Bound())
}

// journeyRun is the paths with the running weights of summed models.
func journeyRun(summed []Model) string {
	text := fill(questions.Get("journey_run").Bound(), summed, map[string]func(Model) string{
		"weights": weightOf,
		"running": func(m Model) string { return fmt.Sprintf(", j.w_%s", m.ID) + runningOf(m) },
	})
	return strings.Replace(text, "/*shaped*/", shaped("numbered_path", "", summed), 1)
}

func weightOf(m Model) string {
	return fmt.Sprintf(",\n\t\tcast(%s as bigint) as w_%s", m.weight, m.ID)
}

// journeyTouch is the statement that stores the journeys under models. Windows
// are computed for summed models alone.
func journeyTouch(models []Model) *sqlfile.Statement {
	closed, summed := closedAndSummed(models)
	run, passed := "numbered_path", ""
	if len(summed) > 0 {
		run = "(\n" + journeyRun(summed) + ")"
	}
	for _, m := range summed {
		passed += fmt.Sprintf(", p.w_%[1]s, p.k_%[1]s, p.t_%[1]s", m.ID)
	}
	text := fill(questions.Get("journey_touch").Source, closed, map[string]func(Model) string{"weights": weightOf, "running": runningOf})
	text = fill(text, models, map[string]func(Model) string{
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
	return sqlfile.Parse("journey_touch", strings.Replace(text, "/*shaped*/", shaped(run, passed, closed), 1))
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
	closed, summed := closedAndSummed(models)
	each := func(piece string) func(Model) string {
		return func(m Model) string { return ",\n\t\t" + strings.ReplaceAll(piece, "MODEL", m.ID) }
	}
	text := fill(questions.Get("journey_deal").Source, summed, map[string]func(Model) string{
		"spent": each("max(j.t_MODEL) as t_MODEL, cast(sum(j.w_MODEL) as bigint) as k_MODEL"),
	})
	totals := fill("/*totals*/", closed, map[string]func(Model) string{
		"totals": func(m Model) string { return fmt.Sprintf(",\n\t\tcast(%s as bigint) as t_%s", m.total, m.ID) },
	}) + fill("/*totals*/", summed, map[string]func(Model) string{"totals": each("p.t_MODEL, p.k_MODEL")})
	sources := ""
	if len(summed) > 0 {
		sources = "\n\tjoin spent p on p.deal_no = h.deal_no"
	}
	text = strings.NewReplacer("/*totals*/", totals, "/*sources*/", sources).Replace(text)
	text = fill(text, models, map[string]func(Model) string{
		"kept_back": each("cast(sum(j.a_MODEL) as bigint) as v_MODEL, cast(sum(j.r_MODEL) as bigint) as vr_MODEL, cast(sum(j.w_MODEL) as bigint) as vw_MODEL"),
	})
	return sqlfile.Parse("journey_deal", fill(text, Models, map[string]func(Model) string{
		"residues": func(m Model) string {
			switch {
			case !has(models, m):
				return strings.ReplaceAll(`,
	cast(null as bigint) as u_MODEL, cast(null as bigint) as ur_MODEL, cast(null as double) as uw_MODEL,
	cast(null as bigint) as v_MODEL, cast(null as bigint) as vr_MODEL, cast(null as double) as vw_MODEL`, "MODEL", m.ID)
			case m.summed():
				return residues(m, "sign(AMOUNT) * round_share(abs(AMOUNT), w.k_MODEL, w.t_MODEL)", "1e0 * (w.t_MODEL - w.k_MODEL) / w.t_MODEL")
			}
			return residues(m, "AMOUNT", "0e0") // its touches earn all, or nothing at all
		},
	}))
}

// residues are the columns of a deal under m, whose touches earned the amount
// earned and left the share rest, when any had weight.
func residues(m Model, earned, rest string) string {
	left := func(amount string) string {
		return fmt.Sprintf("cast(%[1]s - case when coalesce(w.t_MODEL, 0) = 0 then 0 else %[2]s end as bigint)", amount, strings.ReplaceAll(earned, "AMOUNT", amount))
	}
	return strings.ReplaceAll(`,
	case when d.status = 'won' then `+left("d.amount_minor")+` end as u_MODEL,
	case when d.status = 'won' and d.amount_minor is not null then `+left("d.reporting_minor")+` end as ur_MODEL,
	case when coalesce(w.t_MODEL, 0) = 0 then 1e0 else `+rest+` end as uw_MODEL,
	coalesce(b.v_MODEL, 0) as v_MODEL,
	case when d.status = 'won' and d.amount_minor is not null and d.reporting_minor is not null then coalesce(b.vr_MODEL, 0) end as vr_MODEL,
	case when coalesce(w.t_MODEL, 0) = 0 then 0e0 else 1e0 * coalesce(b.vw_MODEL, 0) / w.t_MODEL end as vw_MODEL`, "MODEL", m.ID)
}

// creditView is the statement that makes the view credit of all models.
func creditView() *sqlfile.Statement {
	parts := make([]string, len(Models))
	for i, m := range Models {
		parts[i] = forModel("credit_model", m).Bound()
	}
	return sqlfile.Parse("credit", "create or replace view credit as\n"+strings.Join(parts, "\nunion all\n"))
}
