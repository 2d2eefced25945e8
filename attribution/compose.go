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
	journeyChannel = "join journey_channel c on c.deal_no = p.deal_no and c.channel_key = p.channel_key"
	learnedChannel = "left join learned_channel lc on key_of(lc.channel) = p.channel_key"
	learnedTouch   = "left join (select s.deal_no, s.touch_no, l.incremental from learned_touch l join step s on s.deal_no = l.deal_no and s.position = l.position) lt on lt.deal_no = p.deal_no and lt.touch_no = p.touch_no"
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

// inline is one of m's expressions with the parts that it reads written out.
func (m Model) inline(expression string) string {
	for _, p := range m.parts {
		expression = strings.ReplaceAll(expression, p.column, "("+p.value+")")
	}
	return expression
}

// storesTotal says whether journey_touch keeps the total weight of a journey
// under m, because no expression over its columns gives it.
func (m Model) storesTotal() bool {
	return m.summed() || unkept.MatchString(m.inline(m.total))
}

// storesWeight says whether journey_credit keeps the weights under m, because no
// expression over its columns gives them.
func (m Model) storesWeight() bool { return m.summed() || unkept.MatchString(m.inline(m.weight)) }

// partsOf is the columns of m's parts over alias.
func (m Model) partsOf(alias string) string {
	var b strings.Builder
	for _, p := range m.parts {
		b.WriteString(", " + alias + "." + p.column)
	}
	return b.String()
}

// storedTotal is the total weight of a journey over journey_touch.
func (m Model) storedTotal() string {
	if m.storesTotal() {
		return "t_" + m.ID
	}
	return m.inline(m.total)
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

// each makes a piece for fill: pattern on a line of its own with the id of the
// model for MODEL.
func each(pattern string) func(Model) string {
	return func(m Model) string { return ",\n\t\t" + strings.ReplaceAll(pattern, "MODEL", m.ID) }
}

// journeyShape are the statements of what touches of a journey share under models:
// computed once, or when a question asks for it.
func journeyShape(models []Model, placed, once bool) []*sqlfile.Statement {
	closed, _ := closedAndSummed(models)
	order, first, name := "p.touch_no", "1", "view journey_shape"
	if placed {
		order, first = "p.place", "c.first_order"
	}
	if once {
		name = "table shaped_journey"
	}
	count := strings.ReplaceAll(questions.Get("journey_count").Source, "/*order*/", order)
	shape := fill(strings.NewReplacer("/*name*/", name, "/*first_place*/", first).Replace(questions.Get("journey_shape").Source), closed, map[string]func(Model) string{
		"parts": func(m Model) string {
			var b strings.Builder
			for _, p := range m.parts {
				fmt.Fprintf(&b, ",\n\t\t%s as %s", p.value, p.column)
			}
			return b.String()
		},
		"kept_parts": func(m Model) string { return m.partsOf("h") },
		"totals":     func(m Model) string { return fmt.Sprintf(",\n\tcast(%s as bigint) as t_%s", m.total, m.ID) },
	})
	steps := []*sqlfile.Statement{sqlfile.Parse("journey_count", count), sqlfile.Parse("journey_shape", shape)}
	if once {
		steps = append(steps, questions.Get("shaped_journey"))
	}
	return steps
}

func weightOf(m Model) string {
	return fmt.Sprintf(",\n\t\tcast(%s as bigint) as w_%s", m.weight, m.ID)
}

// journeys are where touches of journeys are found.
type journeys struct {
	path   string // their relation
	shape  string // that of their deals
	placed bool   // places in path tell positions
}

// touchRows is the touches of journeys under models. Windows are computed for
// places that path does not tell, and for summed models.
func touchRows(from journeys, models []Model) string {
	path, place, placed := from.path, "cast(row_number() over (partition by p.deal_no order by p.touch_no) as integer)", ""
	if from.placed {
		place, placed = "p.place", ", p.place"
	}

	closed, summed := closedAndSummed(models)
	if len(summed) > 0 {
		var columns, joins []string
		for _, f := range factsOf(summed) {
			columns = append(columns, ", "+f.value+" as "+f.column)
			if join := "\n\t" + f.join; !slices.Contains(joins, join) {
				joins = append(joins, join)
			}
		}
		weighed := strings.NewReplacer("/*path*/", path, "/*shape*/", from.shape, "/*placed*/", placed, "/*facts*/", strings.Join(columns, ""), "/*sources*/", strings.Join(joins, "")).
			Replace(questions.Get("weighed_path").Bound())
		path = "(\n" + fill(weighed, summed, map[string]func(Model) string{"weights": weightOf}) + ")"
	}
	text := strings.NewReplacer("/*path*/", path, "/*shape*/", from.shape, "/*place*/", place).Replace(questions.Get("touch_rows").Bound())
	text = fill(text, summed, map[string]func(Model) string{
		"running_sums": func(m Model) string { return each("p.w_MODEL")(m) + runningOf("p", m) },
		"summed":       each("n.w_MODEL, n.k_MODEL, n.t_MODEL"),
	})
	text = fill(text, closed, map[string]func(Model) string{
		"closed":  func(m Model) string { return each("h.t_MODEL")(m) + m.partsOf("h") },
		"weights": weightOf,
		"running": func(m Model) string { return fmt.Sprintf(",\n\t\tcast(%s as bigint) as k_%s", m.running, m.ID) },
	})
	return fill(text, models, map[string]func(Model) string{
		"quotients": divided("j.share_of * j.k_MODEL / nullif(j.t_MODEL, 0) as q_MODEL, j.share_of * (j.k_MODEL - j.w_MODEL) / nullif(j.t_MODEL, 0) as p_MODEL"),
		"rounded":   divided("floor(j.q_MODEL + 0.5) as x_MODEL, floor(j.p_MODEL + 0.5) as y_MODEL"),
		"compared": divided("sign(j.amount_minor) * cast(j.x_MODEL - j.y_MODEL as bigint) as n_MODEL, " +
			"abs(j.q_MODEL - j.x_MODEL) > 0.499 or abs(j.p_MODEL - j.y_MODEL) > 0.499 as e_MODEL"),
		"amounts": paidOf,
	})
}

// journeyCredit is the statement that stores the touches of every path under
// models.
func journeyCredit(models []Model, placed bool) *sqlfile.Statement {
	rows := fill(touchRows(journeys{"path", "journey_shape", placed}, models), models, map[string]func(Model) string{
		"columns": func(m Model) string {
			out := each("j.a_MODEL, case when j.reporting_minor = j.amount_minor then 0 else " + reportedOf(m) + " - j.a_MODEL end as d_MODEL")(m)
			if m.storesWeight() {
				out += each("j.w_MODEL")(m)
			}
			if m.storesTotal() {
				out += each("j.t_MODEL")(m)
			}
			return out
		},
	})
	return sqlfile.Parse("journey_credit", strings.Replace(questions.Get("journey_credit").Source, "/*rows*/", rows, 1))
}

// journeyTouch is the statement of the view that tells what journeyCredit of
// models did not store; nothing under a model that is none of them.
func journeyTouch(models []Model) *sqlfile.Statement {
	return sqlfile.Parse("journey_touch", fill(questions.Get("journey_touch").Source, Models, map[string]func(Model) string{
		"columns": func(m Model) string {
			if !has(models, m) {
				return each(nothing)(m)
			}
			out := each("c.a_MODEL, c.a_MODEL + c.d_MODEL as r_MODEL")(m)
			if m.storesWeight() {
				out += each("c.w_MODEL")(m)
			} else {
				out += each("cast(" + m.inline(m.weight) + " as bigint) as w_MODEL")(m)
			}
			if m.storesTotal() {
				out += each("c.t_MODEL")(m)
			}
			return out
		},
	}))
}

// nothing is the columns of journey_touch under a model that is not asked about.
const nothing = "cast(null as bigint) as w_MODEL, cast(null as bigint) as t_MODEL, cast(null as bigint) as a_MODEL, cast(null as bigint) as r_MODEL"

// whatIfCredit is the statement of a table or view, as made says, of the touches of
// journeys with what models say of each.
func whatIfCredit(made string, from journeys, models []Model) *sqlfile.Statement {
	rows := fill(touchRows(from, models), Models, map[string]func(Model) string{
		"columns": func(m Model) string {
			if !has(models, m) {
				return each(nothing)(m)
			}
			out := each("j.w_MODEL, j.a_MODEL, case when j.reporting_minor = j.amount_minor then j.a_MODEL else " + reportedOf(m) + " end as r_MODEL")(m)
			if m.storesTotal() {
				out += each("j.t_MODEL")(m)
			}
			return out
		},
	})
	return sqlfile.Parse("what_if_credit", strings.NewReplacer("/*name*/", made, "/*rows*/", rows).Replace(questions.Get("what_if_credit").Source))
}

// divided makes a piece for fill of models that divide a deal among touches.
func divided(pattern string) func(Model) string {
	return func(m Model) string {
		if m.Family == SingleTouch {
			return ""
		}
		return each(pattern)(m)
	}
}

// paidOf is a touch's credit in the deal's currency: all or nothing of the amount
// under a model that pays one touch, else the exact part of it.
func paidOf(m Model) string {
	if m.Family == SingleTouch {
		return each("case when j.amount_minor is null then null when j.w_MODEL > 0 then j.amount_minor else 0 end as a_MODEL")(m)
	}
	return each(`case
			when j.size >= 1000000000000
			then sign(j.amount_minor) * (exact_share(j.size, j.k_MODEL, nullif(j.t_MODEL, 0)) - exact_share(j.size, j.k_MODEL - j.w_MODEL, nullif(j.t_MODEL, 0)))
			when j.e_MODEL
			then sign(j.amount_minor) * (near_share(j.size, j.k_MODEL, j.t_MODEL, j.q_MODEL) - near_share(j.size, j.k_MODEL - j.w_MODEL, j.t_MODEL, j.p_MODEL))
			else j.n_MODEL
		end as a_MODEL`)(m)
}

// reportedOf is a touch's credit of a deal in another than the reporting currency.
func reportedOf(m Model) string {
	if m.Family == SingleTouch {
		return strings.ReplaceAll("case when j.reporting_minor is null then null when j.w_MODEL > 0 then j.reporting_minor else 0 end", "MODEL", m.ID)
	}
	return creditOf(m, "j.reporting_minor")
}

// runningOf is the columns k_ and t_ of m, added up over the rows of alias: the
// running and the total weight. What no touch earned comes last in a journey, so
// only the total has it.
func runningOf(alias string, m Model) string {
	total := fmt.Sprintf("sum(%s.w_%s) over (partition by %[1]s.deal_no)", alias, m.ID)
	if m.base != "" {
		total += " + " + alias + "." + m.base
	}
	return fmt.Sprintf(`,
		cast(sum(%[1]s.w_%[2]s) over (partition by %[1]s.deal_no order by %[1]s.touch_no rows unbounded preceding) as bigint) as k_%[2]s,
		cast(%[3]s as bigint) as t_%[2]s`, alias, m.ID, total)
}

// storedRunning is the columns k_ and t_ of m over journey_touch.
func storedRunning(m Model) string {
	running := m.inline(m.running)
	if m.summed() || unkept.MatchString(running) {
		running = fmt.Sprintf("sum(j.w_%s) over (partition by j.deal_no order by j.position rows unbounded preceding)", m.ID)
	}
	return fmt.Sprintf(",\n\t\tcast(%s as bigint) as k_%s,\n\t\tcast(%s as bigint) as t_%[2]s", running, m.ID, m.storedTotal())
}

// creditOf is a touch's exact share of amount under m.
func creditOf(m Model, amount string) string {
	return fmt.Sprintf(`cast(case
		when %[1]s is null or j.t_%[2]s = 0 then null
		when j.w_%[2]s = 0 then 0
		else sign(%[1]s) * (round_share(abs(%[1]s), j.k_%[2]s, j.t_%[2]s) - round_share(abs(%[1]s), j.k_%[2]s - j.w_%[2]s, j.t_%[2]s))
	end as bigint)`, amount, m.ID)
}

// journeySum is the statement of what touches weigh under models of which that is
// not known beforehand.
func journeySum(models []Model) *sqlfile.Statement {
	return sqlfile.Parse("journey_sum", fill(questions.Get("journey_sum").Source, models, map[string]func(Model) string{
		"sums": each("max(j.t_MODEL) as t_MODEL, cast(sum(j.w_MODEL) as bigint) as k_MODEL"),
	}))
}

// journeyWithheld is the statement of what is kept back of journeys under models,
// a table or a view over the rows of touches.
func journeyWithheld(kind, touches string, models []Model) *sqlfile.Statement {
	text := strings.NewReplacer("/*kind*/", kind, "/*touches*/", touches).Replace(questions.Get("journey_withheld").Source)
	return sqlfile.Parse("journey_withheld", fill(text, models, map[string]func(Model) string{
		"sums": func(m Model) string {
			return each("cast(sum(j.a_MODEL) as bigint) as v_MODEL, cast(sum(j.r_MODEL) as bigint) as vr_MODEL, " +
				"1e0 * cast(sum(j.w_MODEL) as bigint) / nullif(max(" + m.storedTotal() + "), 0) as vw_MODEL")(m)
		},
	}))
}

// journeyEnd is the statement that makes journey_end, a table or a view, under
// models.
func journeyEnd(kind string, models []Model) *sqlfile.Statement {
	sources := ""
	if len(uncertain(models)) > 0 {
		sources = "\nleft join journey_sum p on p.deal_no = d.deal_no"
	}
	text := strings.NewReplacer("/*kind*/", kind, "/*sources*/", sources).Replace(questions.Get("journey_end").Source)
	return sqlfile.Parse("journey_end", fill(text, models, map[string]func(Model) string{
		"residues": func(m Model) string {
			switch {
			case m.uncertain():
				return residues(m, "p.t_MODEL", "sign(AMOUNT) * round_share(abs(AMOUNT), p.k_MODEL, p.t_MODEL)", "1e0 * (p.t_MODEL - p.k_MODEL) / p.t_MODEL")
			case m.partial:
				return residues(m, "h.t_MODEL", "AMOUNT", "0e0") // its touches earn all, or nothing at all
			}
			return ""
		},
	}))
}

// residues are the columns of a deal under m, whose touches of this total weight
// earned the amount earned and left the share rest, when any had weight.
func residues(m Model, total, earned, rest string) string {
	left := func(amount string) string {
		return fmt.Sprintf("cast(%[1]s - case when coalesce(%[2]s, 0) = 0 then 0 else %[3]s end as bigint)", amount, total, strings.ReplaceAll(earned, "AMOUNT", amount))
	}
	return strings.ReplaceAll(`,
	case when d.status = 'won' then `+left("d.amount_minor")+` end as u_MODEL,
	case when d.status = 'won' and d.amount_minor is not null then `+left("d.reporting_minor")+` end as ur_MODEL,
	case when coalesce(`+total+`, 0) = 0 then 1e0 else `+rest+` end as uw_MODEL`, "MODEL", m.ID)
}

// journeyDeal is the statement of the view that joins what journeyEnd and
// journeyWithheld of models say; nothing under a model that is none of them.
func journeyDeal(models []Model) *sqlfile.Statement {
	return sqlfile.Parse("journey_deal", fill(questions.Get("journey_deal").Source, Models, map[string]func(Model) string{
		"residues": func(m Model) string {
			if !has(models, m) {
				return each("cast(null as bigint) as u_MODEL, cast(null as bigint) as ur_MODEL, cast(null as double) as uw_MODEL, " +
					"cast(null as bigint) as v_MODEL, cast(null as bigint) as vr_MODEL, cast(null as double) as vw_MODEL")(m)
			}
			own := each("d.u as u_MODEL, d.ur as ur_MODEL, d.uw as uw_MODEL")
			if m.partial {
				own = each("d.u_MODEL, d.ur_MODEL, d.uw_MODEL")
			}
			return own(m) + each("coalesce(b.v_MODEL, 0) as v_MODEL, case when d.ur is not null then coalesce(b.vr_MODEL, 0) end as vr_MODEL, coalesce(b.vw_MODEL, 0e0) as vw_MODEL")(m)
		},
	}))
}

// uncertain says whether only a sum over a journey tells what of it no touch
// earned under m.
func (m Model) uncertain() bool { return m.summed() && m.partial }

// uncertain are those of models.
func uncertain(models []Model) []Model {
	return slices.DeleteFunc(slices.Clone(models), func(m Model) bool { return !m.uncertain() })
}

// creditView is the statement that makes the view credit of all models.
func creditView() *sqlfile.Statement {
	parts := make([]string, len(Models))
	for i, m := range Models {
		parts[i] = forModel("credit_model", m).Bound()
	}
	return sqlfile.Parse("credit", "create or replace view credit as\n"+strings.Join(parts, "\nunion all\n"))
}
