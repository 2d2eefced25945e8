package main

import (
	"fmt"
	"slices"
	"strings"
)

// reading is what the figures of a process say, in sentences. Every claim in
// them follows from the figures.
func (r report) reading(process string) []string {
	var out []string
	for _, sentence := range []string{
		r.readBest(process), r.readChampion(process), r.readYardstick(process), r.readUnattributed(process), r.readOrder(process), r.readIntervals(process),
	} {
		if sentence != "" {
			out = append(out, sentence)
		}
	}
	return out
}

// readBest says which model is nearest in money by channel and who is as near.
func (r report) readBest(process string) string {
	best, near := r.standing(process, levels[0].id, figMoney)
	if best == "" {
		return ""
	}
	text := fmt.Sprintf("%s has the lowest money error by channel, %s", titleOf(best), plain(r.of(process, levels[0].id, best, figMoney)))
	if len(near) > 0 {
		return text + fmt.Sprintf("; %s %s within its interval.", several(near), is(near))
	}
	ordered := r.ordered(process)
	if next := ordered[1]; next != nothing {
		return text + fmt.Sprintf("; the next is %s with %s.", titleOf(next), plain(r.of(process, levels[0].id, next, figMoney)))
	}
	return text + "."
}

// readChampion says where another model is better than incremental in money.
func (r report) readChampion(process string) string {
	if !slices.Contains(r.models, incremental) {
		return ""
	}
	var worse []string
	for _, lv := range levels {
		own := r.of(process, lv.id, incremental, figMoney)
		var better []string
		for _, id := range r.contenders() {
			if e := r.of(process, lv.id, id, figMoney); e.n > 0 && e.mean < own.mean {
				better = append(better, fmt.Sprintf("%s (%.2f)", titleOf(id), e.mean))
			}
		}
		if len(better) > 0 {
			worse = append(worse, fmt.Sprintf("by %s, where %s %s nearer than its %.2f", lv.title, list(better), is(better), own.mean))
		}
	}
	if len(worse) == 0 {
		return fmt.Sprintf("No other model is nearer in money than %s at any level.", titleOf(incremental))
	}
	return fmt.Sprintf("%s is not the nearest in money %s.", titleOf(incremental), strings.Join(worse, "; "))
}

// readYardstick names the models that are further from the truth than claiming
// nothing.
func (r report) readYardstick(process string) string {
	yard := r.of(process, levels[0].id, nothing, figMoney)
	var worse []string
	for _, id := range r.contenders() {
		if r.of(process, levels[0].id, id, figMoney).mean > yard.mean {
			worse = append(worse, id)
		}
	}
	switch {
	case len(worse) == 0:
		return fmt.Sprintf("Every model is nearer to the truth by channel than crediting nothing (%.2f).", yard.mean)
	case len(worse) == len(r.contenders()):
		return fmt.Sprintf("Every model is further from the truth by channel than crediting nothing at all (%.2f): read them as descriptions of journeys, not as causes.", yard.mean)
	}
	return fmt.Sprintf("Further from the truth by channel than crediting nothing at all (%.2f): %s.", yard.mean, list(titles(worse)))
}

// readUnattributed holds what the models leave unattributed against the base.
func (r report) readUnattributed(process string) string {
	base := r.of(process, everyLevel, inTruth, figUnattributed)
	text := fmt.Sprintf("In truth %s of won revenue comes without any touch", percent(base))
	who := "the models"
	if slices.Contains(r.models, incremental) {
		text += fmt.Sprintf("; %s leaves %s unattributed", titleOf(incremental), percent(r.of(process, everyLevel, incremental, figUnattributed)))
		who = "the other models"
	}
	var others []float64
	for _, id := range r.contenders() {
		if id != incremental {
			others = append(others, 100*r.of(process, everyLevel, id, figUnattributed).mean)
		}
	}
	if len(others) == 0 {
		return text + "."
	}
	low, high := fmt.Sprintf("%.0f", slices.Min(others)), fmt.Sprintf("%.0f", slices.Max(others))
	if low == high {
		return fmt.Sprintf("%s; %s leave %s %%.", text, who, high)
	}
	return fmt.Sprintf("%s; %s leave %s to %s %%.", text, who, low, high)
}

// readOrder says which model orders the names best at each level where names
// differ in truth, and where none is better than chance.
func (r report) readOrder(process string) string {
	var parts, chance []string
	for _, lv := range levels {
		best, _ := r.standing(process, lv.id, figRank)
		if best == "" {
			continue
		}
		if e := r.of(process, lv.id, best, figRank); e.low > 0 {
			parts = append(parts, fmt.Sprintf("by %s %s (%s)", lv.title, titleOf(best), signed(e.mean)))
		} else {
			chance = append(chance, lv.title)
		}
	}
	var text string
	if len(parts) > 0 {
		text = "The order of names is best " + list(parts) + "."
	}
	if len(chance) > 0 {
		text += " By " + list(chance) + " no model's order is surely better than chance."
	}
	if text == "" {
		text = "Nothing works in these worlds, so no order of names is right and every credit is an error."
	}
	return strings.TrimSpace(text)
}

// readIntervals says how often the stated intervals hold the truth.
func (r report) readIntervals(process string) string {
	e := r.of(process, levels[0].id, incremental, figCovered)
	if e.n == 0 {
		return ""
	}
	return fmt.Sprintf("The 90 %% intervals of %s hold the true effect of a channel in %s of cases.", titleOf(incremental), percent(e))
}

// several names up to four models, incremental first, and counts the rest.
func several(ids []string) string {
	const named = 4
	if i := slices.Index(ids, incremental); i > 0 {
		ids = slices.Insert(slices.Delete(slices.Clone(ids), i, i+1), 0, incremental)
	}
	if len(ids) <= named+1 {
		return list(titles(ids))
	}
	return list(append(titles(ids[:named]), count(len(ids)-named, "other")))
}

func titles(ids []string) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = titleOf(id)
	}
	return out
}

// list is "a", "a and b", "a, b and c".
func list(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

func is(of []string) string {
	if len(of) == 1 {
		return "is"
	}
	return "are"
}
