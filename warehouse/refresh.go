package warehouse

import (
	"context"
	"database/sql"
	_ "embed" // the list of free-mail domains
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"credence/warehouse/calendar"
)

// Settings are what the configuration says about the company.
type Settings struct {
	Company  calendar.Company
	Currency string   // ISO 4217, of every sum
	Domains  []string // of our own mail and web addresses
	Margin   float64  // share of a sale that its goods do not cost, when nothing says it better
	Sources  []string // in configuration order, which is their priority

	// First runs in the refresh's transaction before anything is derived; nil is
	// nothing. What it takes out of the records is in no figure from then on.
	First func(context.Context, *Tx) error

	// KeepPersonFrom is how far back acts keep who took part in them; of older
	// ones the touch stays and the person goes. The zero time keeps everybody.
	KeepPersonFrom time.Time
}

// Generation is one state of the derived tables.
type Generation struct {
	Number      int64
	RefreshedAt time.Time
}

// Channels lists the channels of DESIGN §3 in the order they are shown.
var Channels = []string{
	"Paid Social", "Organic Social", "Rep Social", "E-mail", "Paid Search", "Organic Search", "Display",
	"Video", "Event", "Referral", "Direct", "Sales", "Other",
}

// channelWords are other spellings of channels in files of campaigns and
// spend, lower case without blanks, hyphens and underscores.
var channelWords = map[string]string{
	"mail": "E-mail", "newsletter": "E-mail", "emailmarketing": "E-mail", "sem": "Paid Search", "ppc": "Paid Search", "searchads": "Paid Search",
	"googleads": "Paid Search", "seo": "Organic Search", "social": "Organic Social", "socialads": "Paid Social", "paidmedia": "Display",
	"banner": "Display", "events": "Event", "webinar": "Event", "tradeshow": "Event", "referrals": "Referral", "partner": "Referral",
	"directtraffic": "Direct", "employeeadvocacy": "Rep Social", "facebook": "Paid Social", "linkedin": "Paid Social", "youtube": "Video",
}

//go:embed freemail.txt
var freeMail string

// Refresh derives every table that questions are asked of from the records of
// all sources, then runs the build steps, and shows the result as the next
// generation. It is one transaction: a reader sees the old generation until
// all of the new one is there, and when a step fails the old one stays.
//
// What readers of Recall asked since the last refresh is then asked of the new
// generation, the last first, for ten minutes at most. They see the old one meanwhile,
// and the first page after it is as quick as the others.
func (w *Warehouse) Refresh(ctx context.Context, s Settings, now time.Time, build ...func(context.Context, *Tx) error) (g Generation, err error) {
	if err = w.renewing.take(ctx); err != nil {
		return g, fmt.Errorf("refresh: %w", err)
	}
	defer w.renewing.end()
	g, held, err := w.renew(ctx, s, now, build)
	if held != nil {
		last, told := held.generation, []*answer(nil)
		if err == nil {
			last, told = g.Number, w.askAhead(ctx, held)
		}
		err = errors.Join(err, w.release(ctx, held, last, told))
	}
	if err != nil {
		return Generation{}, fmt.Errorf("refresh: %w", err)
	}
	return g, w.checkpoint(ctx)
}

// endRefresh waits until no refresh goes on and begins no other until the caller ends
// renewing; one that goes on asks nothing ahead any more.
func (w *Warehouse) endRefresh(ctx context.Context) error {
	w.ending.Add(1) // before what is held now ends
	defer w.ending.Add(-1)
	w.answers.change()()
	return w.renewing.take(ctx)
}

// renew is the transaction of Refresh. Readers are held at the generation before,
// also when it fails.
func (w *Warehouse) renew(ctx context.Context, s Settings, now time.Time, build []func(context.Context, *Tx) error) (g Generation, held *hold, err error) {
	now = now.UTC().Truncate(time.Second)
	err = w.Write(ctx, func(tx *Tx) (err error) {
		if err = afterUpgrade(ctx, tx, now); err != nil {
			return err
		}
		if s.First != nil {
			if err = s.First(ctx, tx); err != nil {
				return err
			}
		}
		if err = w.derive(ctx, tx, s, now, build); err != nil {
			return err
		}
		if err = createViews(ctx, tx); err != nil {
			return err
		}
		if err = updateVisibility(ctx, tx); err != nil {
			return err
		}
		if err = tx.QueryRowContext(ctx, "select generation + 1 from generation").Scan(&g.Number); err != nil {
			return fmt.Errorf("count generations: %w", err)
		}
		g.RefreshedAt = now
		if _, err = tx.ExecContext(ctx, "update generation set generation = ?, refreshed_at = ?, built_by = ?", g.Number, now, program); err != nil {
			return err
		}
		tx.renewed = true
		if s.First == nil { // what that took out nobody sees from now on
			held, err = w.hold(ctx, tx)
		}
		return err
	})
	return g, held, err
}

// afterUpgrade brings records that another version kept into the shape of this one.
func afterUpgrade(ctx context.Context, tx *Tx, now time.Time) error {
	var by sql.NullString
	if err := tx.QueryRowContext(ctx, "select built_by from generation").Scan(&by); err != nil {
		return fmt.Errorf("read which program refreshed last: %w", err)
	}
	if by.String == program {
		return nil
	}
	changed, err := cutPages(ctx, tx)
	if err != nil || changed == 0 {
		return err
	}
	return questions.Get("note_rewrite").Exec(ctx, tx, named("since", now))
}

// derive makes every table anew, and once more when that shows acts that are to
// lose their person.
func (w *Warehouse) derive(ctx context.Context, tx *Tx, s Settings, now time.Time, build []func(context.Context, *Tx) error) error {
	all := func() error {
		if err := (&resolver{ctx: ctx, tx: tx, settings: s, now: now}).run(); err != nil {
			return fmt.Errorf("resolve: %w", err)
		}
		for _, step := range build {
			if err := step(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	}
	if err := all(); err != nil || s.KeepPersonFrom.IsZero() {
		return err
	}
	changed, err := w.retain(ctx, tx, s.Domains, s.KeepPersonFrom.UTC(), now)
	if err != nil || changed == 0 {
		return err
	}
	return all()
}

// checkpoint folds the log into the file while nobody writes.
func (w *Warehouse) checkpoint(ctx context.Context) error {
	if err := w.writer.take(ctx); err != nil {
		return err
	}
	defer w.writer.end()
	return w.engine.Checkpoint(ctx)
}

// UpdateVisibility recomputes who sees whose deals. Call it after every change
// to users; before the first refresh it has nothing to do.
func (w *Warehouse) UpdateVisibility(ctx context.Context) error {
	return w.Write(ctx, func(tx *Tx) error { return tx.UpdateVisibility(ctx) })
}

// UpdateVisibility is Warehouse.UpdateVisibility within the transaction that
// changes users.
func (tx *Tx) UpdateVisibility(ctx context.Context) error {
	var generation int64
	if err := tx.QueryRowContext(ctx, "select generation from generation").Scan(&generation); err != nil {
		return fmt.Errorf("read generation: %w", err)
	}
	if generation == 0 {
		return nil
	}
	return updateVisibility(ctx, tx)
}

func updateVisibility(ctx context.Context, tx *Tx) error {
	return resolving.Get("visible_rep").Exec(ctx, tx)
}

// resolver makes the derived base tables inside one refresh.
type resolver struct {
	ctx      context.Context //nolint:containedctx // a resolver is one call of Refresh
	tx       *Tx
	settings Settings
	now      time.Time
}

// run is the order of things: who the records are, then what is worth what,
// then what happened. Each name is a file of resolve/.
func (r *resolver) run() error {
	steps := []func() error{
		r.ask("dialect"), r.sourceRank, r.companyClock, r.ownDomains, r.freeMail, r.channelNames, r.currencies, r.periodSpans,
		r.ask("address", "domain", "ref_plain", "ref", "ref_any", "rate"),
		r.ask("team"), r.teamClosure, r.ask("rep", "membership", "rep_address", "account"), r.phones,
		r.ask("contact_record", "contact_key"), r.contactPersons,
		r.ask("account_domain", "seen_address", "contact", "person", "person_merge", "person_key"),
		r.ask("product", "deal_record", "forget_deal_rate", "fix_deal_rate", "line_item", "deal_cost", "deal", "deal_person", "stage_change"),
		r.ask("campaign", "campaign_key", "post", "spend", "quota", "post_metric", "campaign_metric"),
		r.ask("link", "web_source", "visitor_person", "post_page", "attendee", "attendee_rep", "activity_act", "web_act", "bot_act"),
		r.ask("repeated_id", "first_source", "act", "act_person"),
		r.ask("nameless", "mask_person", "mask_contact", "mask_merge", "mask_rep", "mask_post"),
		r.dropTemporary,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// ask runs statements of resolve/ in order, each with the settings it names.
func (r *resolver) ask(names ...string) func() error {
	values := map[string]any{
		"currency":  r.settings.Currency,
		"margin_e6": int64(math.Round(r.settings.Margin * 1e6)),
		"today":     r.localDay(r.now),
	}
	return func() error {
		for _, name := range names {
			st := resolving.Get(name)
			var args []sql.NamedArg
			for _, p := range st.Params() {
				args = append(args, sql.Named(p, values[p]))
			}
			if err := st.Exec(r.ctx, r.tx, args...); err != nil {
				return err
			}
		}
		return nil
	}
}

func (r *resolver) location() *time.Location {
	if r.settings.Company.Location == nil {
		return time.UTC
	}
	return r.settings.Company.Location
}

// localDay is the company's calendar day at t, as 00:00 UTC of that day.
func (r *resolver) localDay(t time.Time) time.Time {
	y, m, d := t.In(r.location()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// make creates a table from rows computed here. It is temporary unless kept.
func (r *resolver) make(table, columns string, kept bool, rows [][]any) error {
	kind, target := "temporary table ", "temp.main."+table
	if kept {
		kind, target = "table ", table
	}
	if _, err := r.tx.ExecContext(r.ctx, "create or replace "+kind+table+" ("+columns+")"); err != nil {
		return fmt.Errorf("create %s: %w", table, err)
	}
	var names []string
	for c := range strings.SplitSeq(columns, ", ") {
		name, _, _ := strings.Cut(c, " ")
		names = append(names, name)
	}
	return r.tx.Append(r.ctx, target, names, slices.Values(rows))
}

// strings collects the single text column of a statement of resolve/.
func (r *resolver) texts(name string, args ...sql.NamedArg) ([]string, error) {
	return texts(r.ctx, r.tx, resolving.Get(name), args...)
}

func (r *resolver) sourceRank() error {
	read, err := r.texts("source_list")
	if err != nil {
		return err
	}
	var rows [][]any
	for _, s := range append(slices.Clone(r.settings.Sources), read...) {
		if !slices.ContainsFunc(rows, func(row []any) bool { return row[0] == s }) {
			rows = append(rows, []any{s, int64(len(rows))})
		}
	}
	return r.make("source_rank", "source varchar, priority bigint", true, rows)
}

// companyClock lists how far the company's clock is from UTC between its
// changes from 1970 to 2100, so that days can be found without the engine's
// time zones.
func (r *resolver) companyClock() error {
	offsetAt := func(unix int64) int64 {
		_, offset := time.Unix(unix, 0).In(r.location()).Zone()
		return int64(offset)
	}
	const day = 24 * 60 * 60
	from := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	end := time.Date(2101, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	offset := offsetAt(0)
	var rows [][]any
	for t := int64(0); t < end; t += day {
		next := offsetAt(t + day)
		if next == offset {
			continue
		}
		second := int64(sort.Search(day, func(s int) bool { return offsetAt(t+int64(s)) != offset }))
		to := time.Unix(t+second, 0).UTC()
		rows = append(rows, []any{from, to, offset})
		from, offset = to, next
	}
	rows = append(rows, []any{from, time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), offset})
	return r.make("company_clock", "from_at timestamp, to_at timestamp, offset_s bigint", true, rows)
}

func (r *resolver) ownDomains() error {
	var rows [][]any
	for _, d := range r.settings.Domains {
		if d = strings.ToLower(strings.TrimSpace(d)); d != "" {
			rows = append(rows, []any{d})
		}
	}
	return r.make("own_domain", "domain varchar", false, rows)
}

func (r *resolver) freeMail() error {
	var rows [][]any
	for d := range strings.FieldsSeq(freeMail) {
		rows = append(rows, []any{d})
	}
	return r.make("free_mail", "domain varchar", false, rows)
}

func (r *resolver) channelNames() error {
	var rows, channels [][]any
	for i, c := range Channels {
		rows = append(rows, []any{strings.NewReplacer(" ", "", "-", "").Replace(strings.ToLower(c)), c})
		channels = append(channels, []any{c, int64(i)})
	}
	for word, c := range channelWords {
		rows = append(rows, []any{word, c})
	}
	if err := r.make("channel", "channel varchar, position bigint", true, channels); err != nil {
		return err
	}
	reporting := [][]any{{r.settings.Currency}}
	if err := r.make("reporting", "currency varchar", true, reporting); err != nil {
		return err
	}
	return r.make("channel_name", "name varchar, channel varchar", false, rows)
}
