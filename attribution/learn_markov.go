package attribution

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"math"
	"strconv"
	"strings"

	"credence/attribution/exact"
	"credence/attribution/markov"
	"credence/attribution/shapley"
	"credence/warehouse"
	"credence/warehouse/money"
	"credence/warehouse/sqlfile"
)

// Levels are what the learned models tell apart, in the order of pages.
var Levels = []string{"channel", "campaign", "rep"}

// mostNodes is the most campaigns or reps that are learned of: beyond it most
// would stand in a handful of journeys, and their effects would be noise.
const mostNodes = 2000

// walks is the closed journeys of one level, counted.
type walks struct {
	ids   []string // by node; '' is what has none
	paths []walk
}

type walk struct {
	nodes     []int32
	won, lost int64
	value     int64 // minor units of the reporting currency, of all its won deals
}

// learnChannels fills learned_channel with the removal effect of each channel,
// lost journeys counted, under the order of the settings.
func learnChannels(ctx context.Context, tx workbench, s Settings) error {
	w, err := walksOf(ctx, tx, "channel")
	if err != nil {
		return err
	}
	solved, err := w.solve(ctx, s.MarkovOrder, true)
	if err != nil {
		return fmt.Errorf("learn channels: %w", err)
	}
	err = tx.Append(ctx, "temp.main.learned_channel", []string{"channel", "markov"}, func(yield func([]any) bool) {
		for i, e := range solved.Effects {
			if !yield([]any{w.ids[i], units(e.Conversions)}) {
				return
			}
		}
	})
	if err != nil {
		return fmt.Errorf("learn channels: %w", err)
	}
	return nil
}

// learnEffects stores what markov and shapley say of all closed journeys at once,
// at every level: tables learned_level and learned_effect.
func learnEffects(ctx context.Context, tx *warehouse.Tx, s Settings) error {
	for _, name := range []string{"learned_level", "learned_effect"} {
		if err := questions.Get(name).Exec(ctx, tx); err != nil {
			return err
		}
	}
	for _, level := range Levels {
		if err := learnLevel(ctx, tx, s, level); err != nil {
			return fmt.Errorf("learn %ss: %w", level, err)
		}
	}
	return nil
}

func learnLevel(ctx context.Context, tx *warehouse.Tx, s Settings, level string) error {
	w, err := walksOf(ctx, tx, level)
	if err != nil {
		return err
	}
	var won, lost int64
	for _, p := range w.paths {
		won, lost = won+p.won, lost+p.lost
	}
	missing := w.missing(level, won)
	var states int
	if missing == "" {
		all, err := w.solve(ctx, s.MarkovOrder, true)
		if err != nil {
			return err
		}
		winners, err := w.solve(ctx, s.MarkovOrder, false)
		if err != nil {
			return err
		}
		states = all.States
		if err := tx.Append(ctx, "learned_effect", effectColumns, w.effects(level, all, winners)); err != nil {
			return err
		}
	}
	row := []any{level, won, lost, int64(len(w.ids)), int64(states), missing}
	return tx.Append(ctx, "learned_level", []string{"level", "won", "lost", "nodes", "states", "missing"}, func(yield func([]any) bool) { yield(row) })
}

var effectColumns = []string{"level", "id", "effect", "value_effect", "markov_minor", "effect_won", "value_effect_won", "markov_won_minor", "shapley_minor"}

// effects is the rows of learned_effect. Each money column sums to the value of
// all won journeys, to the minor unit; a column whose effects are all zero is null.
func (w walks) effects(level string, all, winners markov.Result) iter.Seq[[]any] {
	total := int64(0)
	var game shapley.Game
	for _, p := range w.paths {
		total += p.value
		game.Add(p.nodes, exact.Credit{Conversions: exact.Int(p.won), Value: exact.Int(p.value)})
	}
	values := game.Values()
	shares := make([]int64, len(w.ids))
	for i := range shares {
		if i < len(values) && total != 0 {
			shares[i] = units(values[i].Value.Float64() / float64(total))
		}
	}
	with, without, equal := split(total, valueUnits(all.Effects, len(w.ids))), split(total, valueUnits(winners.Effects, len(w.ids))), split(total, shares)
	return func(yield func([]any) bool) {
		for i, id := range w.ids {
			a, b := effectAt(all.Effects, i), effectAt(winners.Effects, i)
			if !yield([]any{level, id, a.Conversions, a.Value, with[i], b.Conversions, b.Value, without[i], equal[i]}) {
				return
			}
		}
	}
}

func effectAt(effects []markov.Effect, i int) markov.Effect {
	if i < len(effects) {
		return effects[i]
	}
	return markov.Effect{}
}

func valueUnits(effects []markov.Effect, n int) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = units(effectAt(effects, i).Value)
	}
	return out
}

// split shares total by weights; nothing can be shared by weights of nothing.
func split(total int64, weights []int64) []any {
	out, sum := make([]any, len(weights)), int64(0)
	for _, w := range weights {
		sum += w
	}
	if sum == 0 {
		return out
	}
	for i, part := range money.Split(total, weights) {
		out[i] = part
	}
	return out
}

// units is a share in integer units of 10⁻¹²; a share below nothing, which only
// negative amounts make, is none.
func units(share float64) int64 {
	return int64(math.Round(max(0, share) * Scale))
}

// missing says why a level teaches nothing; "" when it does.
func (w walks) missing(level string, won int64) string {
	named := 0
	for _, id := range w.ids {
		if id != "" {
			named++
		}
	}
	switch {
	case won == 0:
		return "no won deal with an amount in the reporting currency has an eligible touch"
	case named == 0 && level == "campaign":
		return "no touch of a closed deal carries a campaign: tag links with utm_campaign, or map campaign names on the quality page"
	case named == 0:
		return "no touch of a closed deal carries a " + level
	case named > mostNodes:
		return fmt.Sprintf("there are %d %ss; beyond %d most stand in a handful of journeys and say nothing", named, level, mostNodes)
	}
	return ""
}

// solve counts the walks into a chain and solves it, with or without the lost.
func (w walks) solve(ctx context.Context, order int, lost bool) (markov.Result, error) {
	chain, err := markov.New(order)
	if err != nil {
		return markov.Result{}, err
	}
	for _, p := range w.paths {
		nulls := exact.Int(0)
		if lost {
			nulls = exact.Int(p.lost)
		}
		chain.Add(p.nodes, exact.Int(p.won), exact.Int(p.value), nulls)
	}
	return chain.Solve(ctx)
}

// walksOf reads the closed journeys of a level, counted by path.
func walksOf(ctx context.Context, q sqlfile.Querier, level string) (walks, error) {
	if err := questions.Get("learned_node").Exec(ctx, q, sql.Named("level", level)); err != nil {
		return walks{}, err
	}
	var w walks
	var err error
	w.ids, err = sqlfile.All(ctx, q, questions.Get("learned_ids"), func(scan func(...any) error) (id string, err error) {
		err = scan(&id)
		return id, err
	})
	if err != nil {
		return walks{}, err
	}
	w.paths, err = sqlfile.All(ctx, q, questions.Get("learned_path"), scanWalk, sql.Named("level", level))
	if err != nil {
		return walks{}, err
	}
	return w, nil
}

func scanWalk(scan func(...any) error) (walk, error) {
	var p walk
	var path string
	if err := scan(&path, &p.won, &p.value, &p.lost); err != nil {
		return p, err
	}
	for word := range strings.SplitSeq(path, " ") {
		node, err := strconv.ParseInt(word, 10, 32)
		if err != nil {
			return p, fmt.Errorf("read path %q: %w", path, err)
		}
		p.nodes = append(p.nodes, int32(node))
	}
	return p, nil
}
