package attribution

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"credence/warehouse"
	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

// Trial is a ledger to look at without storing it.
type Trial struct {
	Settings Settings
	Models   []string        // the learned models to have a ledger too; rule models always have one
	Period   calendar.Period // only deals closed in it; the zero period is all deals, open ones too
	DealID   string          // only this deal; empty: all of Period
	NoPosts  bool            // do without suspected posts, which only reps, posts and journeys show
}

// WhatIf answers every question of this package as if t.Settings were the
// company's: ask gets the snapshot q with the ledger of t standing before the
// stored one, which nobody else sees and which is gone when ask returns. The
// stored ledger stays untouched, and with unchanged settings the two are equal.
//
// A learned model that t does not name has no credits. What incremental learned
// at the last refresh stays fixed: only which touches its journeys have changes.
// markov learns again, and from all deals whatever Period and DealID say.
func WhatIf(ctx context.Context, q *warehouse.Snapshot, t Trial, ask func(*warehouse.Snapshot) error) (err error) {
	if err = t.Settings.Validate(); err != nil {
		return err
	}
	stored, now, err := BuiltWith(ctx, q)
	if err != nil {
		return err
	}
	models := slices.DeleteFunc(slices.Clone(Models), func(m Model) bool { return m.Learned() && !slices.Contains(t.Models, m.ID) })
	// What a snapshot made ends with it at the latest, which is soon when a
	// statement failed; otherwise it may ask on.
	defer func() {
		if ferr := forget(context.WithoutCancel(ctx), q); err == nil {
			err = ferr
		}
	}()
	if err := t.taught().compute(ctx, q, models, stored, now); err != nil {
		return fmt.Errorf("what if: %w", err)
	}
	return ask(q)
}

// compute makes the temporary tables of t.
func (t Trial) compute(ctx context.Context, q *warehouse.Snapshot, models []Model, stored Settings, now time.Time) error {
	var catalog string
	if err := q.QueryRowContext(ctx, "select current_database()").Scan(&catalog); err != nil {
		return fmt.Errorf("read the name of the database: %w", err)
	}
	seen := `"` + strings.ReplaceAll(catalog, `"`, `""`) + `".main.touch`
	if err := settle(ctx, q, t.Settings, now, "temp"); err != nil {
		return err
	}
	if !t.NoPosts || !stored.JudgesLike(t.Settings) {
		if err := judged("what_if_touch", seen, t.Settings).Exec(ctx, q); err != nil {
			return err
		}
	}
	if err := follow(ctx, q, t, now); err != nil {
		return err
	}
	if err := recallIncremental(ctx, q, models); err != nil {
		return err
	}
	if err := learn(ctx, q, t.Settings, models); err != nil {
		return err
	}
	if err := pay(ctx, q, t.Settings, models, "temp"); err != nil {
		return err
	}
	if !t.NoPosts {
		posts := sqlfile.Parse("what_if_post", strings.ReplaceAll(questions.Get("what_if_post").Source, "/*suspected*/", questions.Get("suspected_touch").Bound()))
		if err := all(ctx, q, questions.Get("suspected"), posts, judged("what_if_seen", seen, t.Settings), kept(questions.Get("suspected_deal"), "temp")); err != nil {
			return err
		}
	}
	return dropTemp(ctx, q, "table", passing...)
}

// forget drops what a what-if made.
func forget(ctx context.Context, q sqlfile.Querier) error {
	if err := dropTemp(ctx, q, "view", "touch"); err != nil {
		return err
	}
	tables := append(slices.Clone(passing), "journey_touch", "journey_deal", "suspected_touch", "what_if_post", "attribution_setting", "exclusion", "channel_lookback")
	return dropTemp(ctx, q, "table", tables...)
}

// JudgesLike says whether s and o judge alike which touches may earn at all, which
// is also what incremental learns from.
func (s Settings) JudgesLike(o Settings) bool {
	return s.SentMail == o.SentMail && s.OpenedMail == o.OpenedMail && slices.Equal(s.Exclude, o.Exclude)
}
