package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"credence/attribution"
	sampledata "credence/sample-data"
)

// titleOf is what a row of the tables is called.
func titleOf(id string) string {
	switch id {
	case nothing:
		return "*nothing credited*"
	case inTruth:
		return "*truth, least possible error*"
	}
	plain, aggregate := strings.CutSuffix(id, " (aggregate)")
	m, ok := attribution.ModelByID(plain)
	switch {
	case ok && aggregate:
		return m.Title + " (aggregate)"
	case ok:
		return m.Title
	}
	return id
}

// markdown is the report for people.
func (r report) markdown() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# How far each model can be trusted\n")
	line("<!-- Written by `make accuracy`; a change by hand is lost. -->\n")
	line("%s\n", r.measured())
	line("%s\n", howToRead)
	line("## What the figures say\n")
	for _, process := range r.processes {
		line("**%s** (%s)\n", process, sampledata.About(process))
		for _, sentence := range r.reading(process) {
			line("- %s", sentence)
		}
		line("")
	}
	for _, process := range r.processes {
		line("## %s\n", process)
		b.WriteString(r.table(process))
		line("")
	}
	b.WriteString(r.intervals())
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// measured says what was measured.
func (r report) measured() string {
	return fmt.Sprintf("Nobody can see in real data which touch caused a sale, so a model can be checked only where the truth is known. "+
		"We let a made-up company live through two years, %s for each of %s by which buyers might behave, about %d deals a world. "+
		"Credence reads that company's files (mail, meetings, posts, visits, spend, with duplicates and mistakes in them) as it reads yours, "+
		"and credits its deals under every model. Then each world is lived through again with the touches of one channel, campaign or rep doing nothing and all else as it was: "+
		"the revenue that is missing is what they caused there, luck included, so even a perfect model is not at 0. No model sees this truth, and by rule only `hazard` is looked at while a model is designed; once that was not kept: the bar from which `incremental` pays an effect was raised to the usual one-sided 5 %% after a lower one had paid too much on `confounded` worlds of other seeds than these. "+
		"Seeds %s; settings: %s. Every figure here with its interval, and some more, is in accuracy.csv.",
		count(len(r.seeds), "world"), count(len(r.processes), "law"), r.deals, seedText(r.seeds), attribution.Default().Line())
}

// howToRead defines the figures.
const howToRead = `**How to read the tables.** Every figure is the mean over the worlds ± its 90 % interval (Student's t over worlds). The best of a column is **bold**; ≈ marks models whose mean lies inside the interval of the best. Models are ordered by money error by channel.

- **Unattributed**: share of won revenue the model gives to no touch (withheld credit included). It should be the *base*, the share that comes without any touch, in the row *truth*.
- **Money error** (0 is perfect, less is better): Σ |credit − truth| ÷ won revenue, over all names of the level, with the base held against what is unattributed. By campaign and rep, credit of touches that name no campaign or rep is held against what the true effects of the named and the base leave. A euro in a wrong place counts twice: where it is, and where it is missing. Truth is the *direct* effect, in the reporting currency; deals in a currency without a rate are left out on both sides.
- **Share error** (0 to 1, less is better): ½ Σ |share − true share| among the names only, what is unattributed or names nothing aside: is the money that a model does hand out divided rightly? A true loss counts as 0.
- **Rank** (1 is perfect, 0 is chance): Spearman's rank correlation of credit and truth: does the model put the names in the right order? "–" where nothing can be compared, as where nothing works.
- **rep** holds credit against what a rep's touches caused. **rep with behaviours** adds what the rep's habits caused besides (answering fast, engaging three contacts); a ledger of touches counts these as base, so it cannot match both, as the *least possible error* shows.
- *(aggregate)*: the model over all journeys at once, as on the model page and by the command credence paths; without the word, its ledger, deal by deal.
- *nothing credited* is the yardstick: a model above it in money error is further from the truth than claiming nothing. *Least possible error* is what remains for any ledger that shares out every euro, since true effects overlap and some are losses.`

// columns are those of a process's table after the model and what is
// unattributed.
type column struct {
	level  level
	figure string
	title  string
}

func columns() []column {
	var out []column
	for _, f := range []struct{ figure, title string }{{figMoney, "money error"}, {figShare, "share error"}, {figRank, "rank"}} {
		for i, lv := range levels {
			if lv.extra && f.figure != figMoney {
				continue // in accuracy.csv
			}
			title := lv.title
			if i == 0 {
				title = f.title + ": " + title
			}
			out = append(out, column{lv, f.figure, title})
		}
	}
	return out
}

// table is the figures of one process.
func (r report) table(process string) string {
	var b strings.Builder
	row := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	head, rule := []string{"model", "unattributed"}, []string{"---", "--:"}
	for _, c := range columns() {
		head, rule = append(head, c.title), append(rule, "--:")
	}
	row(head)
	row(rule)
	for _, id := range r.ordered(process) {
		cells := []string{titleOf(id), percent(r.of(process, everyLevel, id, figUnattributed))}
		for _, c := range columns() {
			e := r.of(process, c.level.id, id, c.figure)
			text := plain(e)
			best, near := r.standing(process, c.level.id, c.figure)
			switch {
			case id == best:
				text = "**" + text + "**"
			case slices.Contains(near, id):
				text = "≈ " + text
			}
			cells = append(cells, text)
		}
		row(cells)
	}
	return b.String()
}

// ordered is the models by their money error by channel, the yardsticks last.
func (r report) ordered(process string) []string {
	ids := r.contenders()
	slices.SortStableFunc(ids, func(a, b string) int {
		return cmp.Compare(r.of(process, levels[0].id, a, figMoney).mean, r.of(process, levels[0].id, b, figMoney).mean)
	})
	return append(ids, nothing, inTruth)
}

// standing is the model with the best mean of a figure and those whose mean lies
// inside its interval. Nobody is best where no model has the figure.
func (r report) standing(process, level, figure string) (best string, near []string) {
	better := func(a, b float64) bool { return a < b }
	if figure == figRank {
		better = func(a, b float64) bool { return a > b }
	}
	for _, id := range r.contenders() {
		e := r.of(process, level, id, figure)
		if e.n > 0 && (best == "" || better(e.mean, r.of(process, level, best, figure).mean)) {
			best = id
		}
	}
	if best == "" {
		return "", nil
	}
	top := r.of(process, level, best, figure)
	for _, id := range r.contenders() {
		if e := r.of(process, level, id, figure); id != best && e.mean >= top.low && e.mean <= top.high {
			near = append(near, id)
		}
	}
	return best, near
}

// intervals is the section on the intervals that incremental states; empty when
// it states none.
func (r report) intervals() string {
	var b strings.Builder
	for _, process := range r.processes {
		for _, lv := range levels {
			covered, width := r.of(process, lv.id, incremental, figCovered), r.of(process, lv.id, incremental, figWidth)
			if covered.n == 0 || lv.extra {
				continue
			}
			if b.Len() == 0 {
				b.WriteString("## The intervals of " + titleOf(incremental) + "\n\n" +
					"The model states a 90 % interval for each effect. It should hold the truth in nine of ten cases; a name without an interval is taken to be said to have no effect. Width is the mean width ÷ won revenue.\n\n" +
					"| process | level | holds the truth | width |\n| --- | --- | --: | --: |\n")
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", process, lv.title, percent(covered), percent(width))
		}
	}
	return b.String()
}

// plain is an estimate with two digits.
func plain(e estimate) string {
	switch {
	case e.n == 0:
		return "–"
	case math.IsNaN(e.low):
		return signed(e.mean)
	}
	return fmt.Sprintf("%s ± %.2f", signed(e.mean), e.high-e.mean)
}

// signed is a number with two digits and a minus sign of its own width; nothing
// rounds to a negative zero.
func signed(v float64) string {
	text := fmt.Sprintf("%.2f", v)
	if rest, negative := strings.CutPrefix(text, "-"); negative && rest != "0.00" {
		return "−" + rest
	}
	return strings.TrimPrefix(text, "-")
}

// percent is an estimate of a share.
func percent(e estimate) string {
	switch {
	case e.n == 0:
		return "–"
	case math.IsNaN(e.low):
		return fmt.Sprintf("%.0f %%", 100*e.mean)
	}
	return fmt.Sprintf("%.0f ± %.0f %%", 100*e.mean, 100*(e.high-e.mean))
}

// count is a number of things: "1 world", "20 worlds".
func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

// seedText is seeds as -seeds takes them.
func seedText(seeds []uint64) string {
	var parts []string
	for i := 0; i < len(seeds); {
		j := i
		for j+1 < len(seeds) && seeds[j+1] == seeds[j]+1 {
			j++
		}
		if i == j {
			parts = append(parts, fmt.Sprint(seeds[i]))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", seeds[i], seeds[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ",")
}
