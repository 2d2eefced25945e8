package attribution

import (
	"fmt"
	"strings"

	"credence/warehouse/sqlfile"
)

// perModel returns the statement called name with each marker /*mark*/
// replaced by what piece makes of every model, joined. Only constants of this
// package are ever put in; values are bound.
func perModel(name string, pieces map[string]func(Model) string) *sqlfile.Statement {
	text := questions.Get(name).Source
	for mark, piece := range pieces {
		var b strings.Builder
		for _, m := range Models {
			b.WriteString(piece(m))
		}
		text = strings.ReplaceAll(text, "/*"+mark+"*/", b.String())
	}
	return sqlfile.Parse(name, text)
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
	var b strings.Builder
	for _, m := range Models {
		b.WriteString(",\n\t" + strings.ReplaceAll(piece, "MODEL", m.ID))
	}
	return strings.ReplaceAll(text, "/*"+mark+"*/", b.String())
}

// storedTotal is the total weight of a journey over journey_touch, which keeps
// it only for models without an expression for it.
func (m Model) storedTotal() string {
	if m.total != "" {
		return m.total
	}
	return "t_" + m.ID
}

// journeyTouch is the statement that stores the journeys under every model.
func journeyTouch() *sqlfile.Statement {
	return perModel("journey_touch", map[string]func(Model) string{
		"weights": func(m Model) string { return fmt.Sprintf(",\n\t\tcast(%s as bigint) as w_%s", m.weight, m.ID) },
		"running": runningOf,
		"amounts": func(m Model) string { return fmt.Sprintf(",\n\t\t%s as a_%s", creditOf(m, "j.amount_minor"), m.ID) },
		"credits": func(m Model) string {
			out := fmt.Sprintf(",\n\tj.w_%s", m.ID)
			if m.total == "" {
				out += fmt.Sprintf(",\n\tj.t_%s", m.ID)
			}
			// Most deals are in the reporting currency: their money is split once.
			return out + fmt.Sprintf(",\n\tj.a_%[1]s,\n\tcase when j.reporting_minor = j.amount_minor then j.a_%[1]s else %[2]s end as r_%[1]s",
				m.ID, creditOf(m, "j.reporting_minor"))
		},
	})
}

// runningOf is the columns k_ and t_ of m: the running and the total weight.
func runningOf(m Model) string {
	k, t := m.running, m.total
	if k == "" {
		k = fmt.Sprintf("sum(j.w_%s) over (partition by j.deal_no order by j.position rows unbounded preceding)", m.ID)
	}
	if t == "" {
		t = fmt.Sprintf("sum(j.w_%s) over (partition by j.deal_no)", m.ID)
	}
	return fmt.Sprintf(",\n\t\tcast(%s as bigint) as k_%s,\n\t\tcast(%s as bigint) as t_%s", k, m.ID, t, m.ID)
}

// efficiencySales is the statement that shares sales and cost under every model.
func efficiencySales() *sqlfile.Statement {
	piece := func(text string) func(Model) string {
		return func(m Model) string { return ",\n\t\t" + strings.ReplaceAll(text, "MODEL", m.ID) }
	}
	return perModel("efficiency_sales", map[string]func(Model) string{
		"residues": piece("d.ur_MODEL, d.uw_MODEL"),
		"running":  func(m Model) string { return piece("j.w_MODEL, j.r_MODEL")(m) + runningOf(m) },
		"parts": func(m Model) string {
			return piece("j.r_MODEL as s_MODEL, case when j.t_MODEL > 0 then cast(round(1e12 * j.w_MODEL / j.t_MODEL) as bigint) else 0 end as d_MODEL")(m) +
				",\n\t\t" + creditOf(m, "w.cost_minor") + " as c_" + m.ID
		},
		"sums": piece("cast(sum(p.s_MODEL) as bigint) as s_MODEL, cast(sum(p.c_MODEL) as bigint) as c_MODEL, cast(sum(p.d_MODEL) as bigint) as d_MODEL"),
		"unattributed": piece("cast(coalesce(sum(w.ur_MODEL), 0) as bigint), 0, " +
			"cast(coalesce(sum(cast(round(1e12 * w.uw_MODEL) as bigint)), 0) as bigint)"),
		"answers": piece("coalesce(s.s_MODEL, 0), coalesce(s.c_MODEL, 0), coalesce(s.d_MODEL, 0)"),
	})
}

// creditOf is a touch's exact share of amount under m.
func creditOf(m Model, amount string) string {
	return fmt.Sprintf(`cast(case
		when %[1]s is null or j.t_%[2]s = 0 then null
		when j.w_%[2]s = 0 then 0
		else sign(%[1]s) * (round_share(abs(%[1]s), j.k_%[2]s, j.t_%[2]s) - round_share(abs(%[1]s), j.k_%[2]s - j.w_%[2]s, j.t_%[2]s))
	end as bigint)`, amount, m.ID)
}

// journeyDeal is the statement that stores what went to no touch.
func journeyDeal() *sqlfile.Statement {
	return perModel("journey_deal", map[string]func(Model) string{
		"sums": func(m Model) string {
			return fmt.Sprintf(`,
		cast(sum(j.a_%[1]s) as bigint) as a_%[1]s,
		cast(sum(j.r_%[1]s) as bigint) as r_%[1]s,
		cast(sum(j.w_%[1]s) as bigint) as w_%[1]s,
		cast(sum(case when j.withheld then j.a_%[1]s else 0 end) as bigint) as v_%[1]s,
		cast(sum(case when j.withheld then j.r_%[1]s else 0 end) as bigint) as vr_%[1]s,
		cast(sum(case when j.withheld then j.w_%[1]s else 0 end) as bigint) as vw_%[1]s`, m.ID)
		},
		"residues": func(m Model) string {
			return fmt.Sprintf(`,
	case when d.status = 'won' then d.amount_minor - coalesce(s.a_%[1]s, 0) end as u_%[1]s,
	case when d.status = 'won' and d.amount_minor is not null then d.reporting_minor - coalesce(s.r_%[1]s, 0) end as ur_%[1]s,
	case when coalesce(s.w_%[1]s, 0) = 0 then 1e0 else 0e0 end as uw_%[1]s,
	coalesce(s.v_%[1]s, 0) as v_%[1]s,
	case when d.status = 'won' and d.amount_minor is not null and d.reporting_minor is not null then coalesce(s.vr_%[1]s, 0) end as vr_%[1]s,
	case when coalesce(s.w_%[1]s, 0) = 0 then 0e0 else 1e0 * s.vw_%[1]s / s.w_%[1]s end as vw_%[1]s`, m.ID)
		},
	})
}

// creditView is the statement that makes the view credit of all models.
func creditView() *sqlfile.Statement {
	parts := make([]string, len(Models))
	for i, m := range Models {
		parts[i] = forModel("credit_model", m).Bound()
	}
	return sqlfile.Parse("credit", "create or replace view credit as\n"+strings.Join(parts, "\nunion all\n"))
}
