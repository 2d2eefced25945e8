package attribution

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"credence/warehouse"
	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

// Trial is a ledger to look at without storing it.
type Trial struct {
	Settings Settings
	Models   []string        // the models to have a ledger; empty: every model that learns nothing from the data
	Period   calendar.Period // only deals closed in it; the zero period is all deals, open ones too
	DealID   string          // only this deal; empty: all of Period
	NoPosts  bool            // do without suspected posts, which only reps, posts and journeys show

	large bool // compute as of more than fewTouches: for tests
}

// WhatIf answers every question of this package as if t.Settings were the
// company's: ask gets the snapshot q with the ledger of t standing before the
// stored one, which nobody else sees and which is gone when ask returns. The
// stored ledger stays untouched, and with unchanged settings the two are equal.
//
// A model that t does not name has no credits. What incremental learned at the
// last refresh stays fixed: only which touches its journeys have changes. markov
// learns again, and from all deals whatever Period and DealID say.
func WhatIf(ctx context.Context, q *warehouse.Snapshot, t Trial, ask func(*warehouse.Snapshot) error) (err error) {
	if err = t.Settings.Validate(); err != nil {
		return err
	}
	stored, now, err := BuiltWith(ctx, q)
	if err != nil {
		return err
	}
	models, err := t.models()
	if err != nil {
		return err
	}
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
	main := `"` + strings.ReplaceAll(catalog, `"`, `""`) + `".main.`
	if err := settle(ctx, q, t.Settings, now, "temp"); err != nil {
		return err
	}
	if !t.NoPosts || !stored.JudgesLike(t.Settings) {
		if err := judged("what_if_touch", main+"touch", t.Settings).Exec(ctx, q); err != nil {
			return err
		}
	}
	made := t.Settings
	if t.Settings.People == stored.People && t.Settings.reach() <= stored.reach() {
		made = stored
		if err := t.deals(ctx, q, main+"journey_end"); err != nil {
			return err
		}
	} else if err := t.gather(ctx, q, now, "temp"); err != nil {
		return err
	}
	placed := t.Settings.unbroken(made)
	if err := t.follow(ctx, q); err != nil {
		return err
	}
	var touches int64
	if err := questions.Get("journey_size").One(ctx, q, nil, &touches); err != nil {
		return err
	}
	few := touches <= fewTouches && !t.large
	if err := all(ctx, q, journeyShape(models, placed, few || slices.ContainsFunc(models, Model.Learned))...); err != nil {
		return err
	}
	if !t.NoPosts || slices.ContainsFunc(models, Model.Learned) { // the others ask for less of a touch
		if err := questions.Get("step").Exec(ctx, q); err != nil {
			return err
		}
	}
	if err := recallIncremental(ctx, q, models); err != nil {
		return err
	}
	if err := learn(ctx, q, t.Settings, models); err != nil {
		return err
	}
	steps := tellTouches(models, placed, few)
	if u := uncertain(models); len(u) > 0 {
		steps = append(steps, journeySum(u))
	}
	if err := all(ctx, q, append(steps, kept(journeyEnd("view", models), "temp"), kept(journeyDeal(models), "temp"))...); err != nil {
		return err
	}
	if !t.NoPosts {
		posts := sqlfile.Parse("what_if_post", strings.ReplaceAll(questions.Get("what_if_post").Source, "/*suspected*/", questions.Get("suspected_touch").Bound()))
		if err := all(ctx, q, questions.Get("suspected"), posts, judged("what_if_seen", main+"touch", t.Settings), kept(questions.Get("suspected_deal"), "temp")); err != nil {
			return err
		}
	}
	return nil
}

// fewTouches is up to how many eligible touches a what-if computes what models say
// of them once, for every question. Of more, each question computes what it asks
// for, and of the models that it names.
const fewTouches = 1 << 20

// tellTouches are the statements that make journey_touch and journey_withheld of a
// what-if.
func tellTouches(models []Model, placed, few bool) []*sqlfile.Statement {
	whole := journeys{"path", "journey_shape", placed}
	if few {
		return []*sqlfile.Statement{
			whatIfCredit("table told_touch", whole, models), questions.Get("told_touch"), journeyWithheld("temp view", "told_touch", models),
		}
	}
	withheld := journeys{
		"(select p.* from path p where p.deal_no in (select h.deal_no from journey_shape h where h.withheld))",
		"(select h.* from journey_shape h where h.withheld)", placed,
	}
	return []*sqlfile.Statement{
		whatIfCredit("view journey_touch", whole, models), whatIfCredit("view withheld_touch", withheld, models), journeyWithheld("temp view", "withheld_touch", models),
	}
}

// deals finds the deals of t, with their windows, in the table stored of a ledger
// of the same people rule. All of them need no copy.
func (t Trial) deals(ctx context.Context, q sqlfile.Querier, stored string) error {
	kind, which, anchor := "view deal_window", "", "d.created_at"
	var args []sql.NamedArg
	if t.DealID != "" || t.Period != (calendar.Period{}) {
		from, to := bounds(t.Period)
		kind = "table dated_deal"
		which = "\nwhere ($deal_id = '' or d.deal_id = $deal_id) and ($all_time or (d.closed_at >= $from and d.closed_at < $to))"
		args = []sql.NamedArg{sql.Named("deal_id", t.DealID), sql.Named("all_time", t.Period == calendar.Period{}), sql.Named("from", from), sql.Named("to", to)}
	}
	if t.Settings.Anchor == AnchorClose {
		anchor = "d.closed_at"
	}
	text := strings.NewReplacer("/*kind*/", kind, "/*anchor*/", anchor, "/*lookback_days*/", strconv.Itoa(t.Settings.LookbackDays),
		"/*deals*/", stored, "/*which*/", which).Replace(questions.Get("what_if_deal").Source)
	if err := sqlfile.Parse("what_if_deal", text).Exec(ctx, q, args...); err != nil || len(args) == 0 {
		return err
	}
	return questions.Get("deal_window").Exec(ctx, q)
}

// models are the models of t.
func (t Trial) models() ([]Model, error) {
	if len(t.Models) == 0 {
		return slices.DeleteFunc(slices.Clone(Models), Model.Learned), nil
	}
	var out []Model
	for _, m := range Models {
		if slices.Contains(t.Models, m.ID) {
			out = append(out, m)
		}
	}
	for _, id := range t.Models {
		if _, err := modelNamed(id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// forget drops what a what-if made.
func forget(ctx context.Context, q sqlfile.Querier) error {
	if err := dropTemp(ctx, q, "view", "touch", "journey_touch", "journey_deal", "journey_end", "journey_withheld", "withheld_touch"); err != nil {
		return err
	}
	if err := dropPassing(ctx, q); err != nil {
		return err
	}
	return dropTemp(ctx, q, "table", "candidate", "told_touch", "suspected_touch", "what_if_post",
		"attribution_setting", "exclusion", "channel_lookback")
}

// JudgesLike says whether s and o judge alike which touches may earn at all, which
// is also what incremental learns from.
func (s Settings) JudgesLike(o Settings) bool {
	return s.SentMail == o.SentMail && s.OpenedMail == o.OpenedMail && slices.Equal(s.Exclude, o.Exclude)
}
