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
	// the journeys. Nil where all effects are nothing, and for who does not see
	// the whole company.
	Markov, MarkovWon, Shapley *int64
}

// LearnedOf is the aggregate figures of a level, largest Markov credit first. A
// user who does not see the whole company gets the counts and the removal effects
// of channels, which weigh the touches of his own deals and tell neither money nor
// people; the rest is about deals of others.
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
	if sees == 0 && level != Levels[0] {
		return l, nil
	}
	l.Effects, err = sqlfile.All(ctx, q, questions.Get("learned"), func(scan func(...any) error) (LearnedEffect, error) {
		var e LearnedEffect
		serr := scan(&e.ID, &e.Name, &e.Effect, &e.ValueEffect, &e.EffectWon, &e.ValueEffectWon, &e.Markov, &e.MarkovWon, &e.Shapley)
		if sees == 0 {
			e.Markov, e.MarkovWon, e.Shapley = nil, nil, nil
		}
		return e, serr
	}, sql.Named("level", level))
	if err != nil {
		return l, fmt.Errorf("read what was learned of %ss: %w", level, err)
	}
	return l, nil
}

// IncrementalFit is what the model incremental learned from.
type IncrementalFit struct {
	Missing  string // why it learned nothing; empty when it did
	Accounts int
	Days     int // from the first act on
	Created  int // deals
	Won      int
	Moves    int // of deals from stage to stage
}

// IncrementalEffect is what one channel, campaign or rep caused, with the ends of
// the 90 % interval, in minor units of the reporting currency over all won deals.
type IncrementalEffect struct {
	ID, Name          string
	Touches           int // in journeys of won deals
	Credit, Low, High int64
}

// IncrementalOf is what the model incremental says of a level, largest credit
// first. A user who does not see the whole company gets no effects.
func IncrementalOf(ctx context.Context, q sqlfile.Querier, user, level string) (IncrementalFit, []IncrementalEffect, error) {
	var f IncrementalFit
	var sees int
	if err := questions.Get("sees_company").One(ctx, q, []sql.NamedArg{sql.Named("user_id", user)}, &sees); err != nil {
		return f, nil, fmt.Errorf("ask what the user sees: %w", err)
	}
	if err := questions.Get("incremental_learned").One(ctx, q, nil, &f.Missing, &f.Accounts, &f.Days, &f.Created, &f.Won, &f.Moves); err != nil {
		return f, nil, fmt.Errorf("read what incremental learned: %w", err)
	}
	if sees == 0 || f.Missing != "" {
		return f, nil, nil
	}
	effects, err := sqlfile.All(ctx, q, questions.Get("incremental_effects"), func(scan func(...any) error) (IncrementalEffect, error) {
		var e IncrementalEffect
		err := scan(&e.ID, &e.Name, &e.Touches, &e.Credit, &e.Low, &e.High)
		return e, err
	}, sql.Named("level", level))
	if err != nil {
		return f, nil, fmt.Errorf("read effects of %ss: %w", level, err)
	}
	return f, effects, nil
}

// IncrementalKind is what one fresh touch of a kind does under incremental: the
// touches of a channel, of one of its campaigns, or of a kind of act.
type IncrementalKind struct {
	Channel  string
	Sub      string  // id of a campaign, kind of act, or empty: what is too rare to be told apart
	Creation float64 // added to the log of the daily chance that a deal is made; 0: does not stand out from chance
	Moves    float64 // added to the log odds that a deal moves on
}

// IncrementalKinds is what incremental learned of each kind of touch, ordered by
// channel. Everybody may read it: it weighs the touches of his own deals and tells
// neither money nor people.
func IncrementalKinds(ctx context.Context, q sqlfile.Querier) ([]IncrementalKind, error) {
	kinds, err := sqlfile.All(ctx, q, questions.Get("incremental_kinds"), func(scan func(...any) error) (k IncrementalKind, err error) {
		err = scan(&k.Channel, &k.Sub, &k.Creation, &k.Moves)
		return k, err
	})
	if err != nil {
		return nil, fmt.Errorf("read effects of touches: %w", err)
	}
	return kinds, nil
}
