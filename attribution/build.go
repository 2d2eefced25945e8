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

// Build makes touch, touch_source, journey, credit and the tables behind them
// from the resolved tables of the warehouse, inside the refresh transaction tx.
// now is the end of open deals' windows; later acts earn nothing. The same
// tables, settings and now give the same rows, whatever their order and however
// many threads the engine has.
func Build(ctx context.Context, tx *warehouse.Tx, s Settings, now time.Time) error {
	if err := s.Validate(); err != nil {
		return err
	}
	now = now.UTC().Truncate(time.Second)
	if err := settle(ctx, tx, s, now, ""); err != nil {
		return fmt.Errorf("attribute: %w", err)
	}
	if err := seeTouches(ctx, tx, s, now); err != nil {
		return fmt.Errorf("attribute: %w", err)
	}
	if err := storeLedger(ctx, tx, s, Models, now); err != nil {
		return fmt.Errorf("attribute: %w", err)
	}
	return nil
}

// all runs statements without parameters, one after the other.
func all(ctx context.Context, q sqlfile.Querier, statements ...*sqlfile.Statement) error {
	for _, st := range statements {
		if err := st.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// called are the statements of these names.
func called(names ...string) []*sqlfile.Statement {
	out := make([]*sqlfile.Statement, len(names))
	for i, name := range names {
		out[i] = questions.Get(name)
	}
	return out
}

// seeTouches makes touch: every act once.
func seeTouches(ctx context.Context, tx *warehouse.Tx, s Settings, now time.Time) error {
	steps := []string{"graded_act", "weak_run", "anchored_act", "keyed_act", "counted_act", "shared_act", "merged_act", "spoken_act"}
	if err := questions.Get("dialect_duckdb").Exec(ctx, tx); err != nil {
		return err
	}
	if err := questions.Get("graded_act").Exec(ctx, tx, sql.Named("now", now)); err != nil {
		return err
	}
	if err := all(ctx, tx, called(steps[1:]...)...); err != nil {
		return err
	}
	if err := judged("touch", "seen", s).Exec(ctx, tx); err != nil {
		return err
	}
	if err := all(ctx, tx, called("touch_source", "touch_person")...); err != nil {
		return err
	}
	if err := dropTemp(ctx, tx, "table", steps...); err != nil {
		return err
	}
	return dropTemp(ctx, tx, "view", "numbered_act")
}

// storeLedger makes journeys and the ledger of models from touch.
func storeLedger(ctx context.Context, tx *warehouse.Tx, s Settings, models []Model, now time.Time) error {
	t := Trial{Settings: s}
	if err := t.gather(ctx, tx, now, ""); err != nil {
		return err
	}
	placed := s.unbroken(s)
	if err := t.follow(ctx, tx); err != nil {
		return err
	}
	if err := all(ctx, tx, journeyShape(models, placed, true)...); err != nil {
		return err
	}
	if err := tread(ctx, tx, models); err != nil {
		return err
	}
	if slices.ContainsFunc(models, Model.Learned) {
		if err := learnIncremental(ctx, tx); err != nil {
			return err
		}
	}
	if err := learn(ctx, tx, s, models); err != nil {
		return err
	}
	if slices.ContainsFunc(models, Model.Learned) {
		if err := learnEffects(ctx, tx, s); err != nil {
			return err
		}
	}
	posts := sqlfile.Parse("post_touch", strings.ReplaceAll(questions.Get("post_touch").Source, "/*suspected*/", questions.Get("suspected_touch").Bound()))
	steps := []*sqlfile.Statement{journeyCredit(models, placed), journeyTouch(models), journeyWithheld("table", "journey_touch", models)}
	if u := uncertain(models); len(u) > 0 {
		steps = append(steps, journeySum(u))
	}
	err := all(ctx, tx, append(steps, kept(journeyEnd("table", models), ""), kept(journeyDeal(models), ""), questions.Get("suspected"), posts,
		kept(questions.Get("suspected_deal"), ""), questions.Get("journey_view"), creditView())...)
	if err != nil {
		return err
	}
	return dropPassing(ctx, tx)
}

// tread makes step for who reads it: learned models, and posts that a rep wrote. Else
// it stays empty.
func tread(ctx context.Context, tx *warehouse.Tx, models []Model) error {
	var authored bool
	if err := questions.Get("authored").One(ctx, tx, nil, &authored); err != nil {
		return err
	}
	step := questions.Get("step")
	if !authored && !slices.ContainsFunc(models, Model.Learned) {
		step = sqlfile.Parse("step", step.Source+"limit 0")
	}
	return step.Exec(ctx, tx)
}

// passing are the temporary tables between touch and ledger.
var passing = []string{
	"dated_deal", "step", "shaped_journey", "journey_sum",
	"journey_channel", "learned_channel", "learned_touch", "learned_deal", "learned_node", "suspected",
	"incremental_act", "incremental_account", "incremental_common", "incremental_move",
}

// dropPassing drops what stands between touch and ledger.
func dropPassing(ctx context.Context, q sqlfile.Querier) error {
	if err := dropTemp(ctx, q, "view", "journey_shape", "journey_count", "path", "pair", "able_touch", "deal_window"); err != nil {
		return err
	}
	return dropTemp(ctx, q, "table", passing...)
}

// gather finds the touches that some settings put into the journeys of the deals
// of t.
func (t Trial) gather(ctx context.Context, q sqlfile.Querier, now time.Time, temp string) error {
	s := t.Settings
	from, to := bounds(t.Period)
	err := questions.Get("dated_deal").Exec(ctx, q, sql.Named("lookback_days", s.LookbackDays), sql.Named("anchor", s.Anchor),
		sql.Named("deal_id", t.DealID), sql.Named("all_time", t.Period == calendar.Period{}), sql.Named("from", from), sql.Named("to", to),
		sql.Named("now", now), sql.Named("people", s.People))
	if err != nil {
		return err
	}
	ofAccount := ""
	if s.People == PeopleAccount {
		ofAccount = "\n" + questions.Get("of_account").Bound()
	}
	text := strings.NewReplacer("/*told*/", questions.Get("pair_"+s.People).Bound(), "/*of_account*/", ofAccount, "/*mail*/", s.mail()).Replace(questions.Get("candidate").Source)
	return all(ctx, q, questions.Get("deal_window"), questions.Get("able_touch"), kept(sqlfile.Parse("candidate", text), temp))
}

// follow finds the journeys of the deals of t in candidate: the eligible touches of
// every deal.
func (t Trial) follow(ctx context.Context, q sqlfile.Querier) error {
	s := t.Settings
	view, age, sources, further, rules := "pair", "c.created_age", "", "", ""
	if s.Path == PathAll {
		view = "path"
	}
	if s.Anchor == AnchorClose {
		age = "c.closed_age"
	}
	if len(s.LookbackByChannel) > 0 {
		sources = "\nleft join channel_lookback l on key_of(l.channel) = c.channel_key"
		further = " + coalesce(l.more_days, 0) * 86400"
	}
	switch s.Touches {
	case TouchesSales:
		rules = "\n\tand c.sales"
	case TouchesMarketing:
		rules = "\n\tand not c.sales"
	}
	if len(s.Exclude) > 0 {
		rules += "\n\tand c.touch_no not in (select t.touch_no from touch t where t.rule <> '')"
	}
	if t.DealID != "" || t.Period != (calendar.Period{}) {
		rules += "\n\tand c.deal_no in (select d.deal_no from deal_window d)"
	}
	text := strings.NewReplacer("/*view*/", view, "/*age*/", age, "/*lookback_s*/", strconv.Itoa(s.LookbackDays*86400), "/*mail*/", s.mail(),
		"/*sources*/", sources, "/*further*/", further, "/*rules*/", rules).Replace(questions.Get("path").Source)
	if err := sqlfile.Parse("path", text).Exec(ctx, q); err != nil {
		return err
	}
	if s.Path == PathAll {
		return nil
	}
	return questions.Get("path_"+s.Path).Exec(ctx, q)
}

// mail lists what touches may need of the settings of mail, in the numbers of
// able_touch, to count under s.
func (s Settings) mail() string {
	switch {
	case s.SentMail && s.OpenedMail:
		return "0, 1, 2, 3"
	case s.SentMail:
		return "0, 1, 3"
	case s.OpenedMail:
		return "0, 2, 3"
	default:
		return "0"
	}
}

// unbroken says whether the touches of a journey under s stand beside each other in
// a table of candidates made with settings of mail as in made: their places there
// tell their positions.
func (s Settings) unbroken(made Settings) bool {
	return s.Path == PathAll && s.Touches == TouchesAll && len(s.Exclude) == 0 && len(s.LookbackByChannel) == 0 && s.mail() == made.mail()
}

// dropTemp drops temporary tables or views.
func dropTemp(ctx context.Context, q sqlfile.Querier, kind string, names ...string) error {
	for _, name := range names {
		if _, err := q.ExecContext(ctx, "drop "+kind+" if exists temp."+name); err != nil {
			return fmt.Errorf("drop %s: %w", name, err)
		}
	}
	return nil
}
