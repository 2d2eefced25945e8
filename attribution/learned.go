package attribution

import (
	"context"
	"database/sql"
	"fmt"

	"credence/warehouse/sqlfile"
)

// Learned is what markov and shapley say at one level of all closed journeys at
// once: the aggregate figures. The ledger shares every deal by itself, so its
// figures differ; the two are never added.
type Learned struct {
	Level   string // one of Levels
	Won     int    // won deals that were learned from: with an amount in the reporting currency and an eligible touch
	Lost    int    // lost deals with an eligible touch
	States  int    // of the Markov chain that counts lost journeys
	Missing string // why nothing was learned; empty when something was
	Effects []LearnedEffect
}

// LearnedEffect is one channel, campaign or rep of a Learned.
type LearnedEffect struct {
	ID   string // empty: touches that have none
	Name string // as people call it

	Effect         float64 // share of won deals lost by removal
	ValueEffect    float64 // share of their revenue
	EffectWon      float64 // the same of the chain of won journeys alone
	ValueEffectWon float64

	// Minor units of the reporting currency; each column sums to the revenue of
	// the journeys. Nil where all effects are nothing.
	Markov, MarkovWon, Shapley *int64
}

// LearnedOf is the aggregate figures of a level, largest Markov credit first. A
// user who does not see the whole company gets the counts and no effects: they
// are about deals of others.
func LearnedOf(ctx context.Context, q sqlfile.Querier, user, level string) (Learned, error) {
	l := Learned{Level: level}
	var sees int
	if err := questions.Get("sees_company").One(ctx, q, []sql.NamedArg{sql.Named("user_id", user)}, &sees); err != nil {
		return l, fmt.Errorf("ask what the user sees: %w", err)
	}
	err := questions.Get("learned_counts").One(ctx, q, []sql.NamedArg{sql.Named("level", level)}, &l.Won, &l.Lost, &l.States, &l.Missing)
	if err != nil {
		return l, fmt.Errorf("read what was learned of %ss: %w", level, err)
	}
	if sees == 0 {
		return l, nil
	}
	l.Effects, err = sqlfile.All(ctx, q, questions.Get("learned"), func(scan func(...any) error) (LearnedEffect, error) {
		var e LearnedEffect
		serr := scan(&e.ID, &e.Name, &e.Effect, &e.ValueEffect, &e.EffectWon, &e.ValueEffectWon, &e.Markov, &e.MarkovWon, &e.Shapley)
		return e, serr
	}, sql.Named("level", level))
	if err != nil {
		return l, fmt.Errorf("read what was learned of %ss: %w", level, err)
	}
	return l, nil
}
