package warehouse

import (
	"context"
	"embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/adrg/strutil"
	"github.com/adrg/strutil/metrics"

	"credence/warehouse/sqlfile"
)

//go:embed quality/*.sql
var qualityFiles embed.FS

var qualities = sqlfile.MustLoad(qualityFiles, "quality")

// qualityOrder is the order in which the counts are shown; a test names the
// file that is missing here.
var qualityOrder = []string{
	"deals_without_account", "deals_without_owner", "deals_without_amount", "deals_without_close", "deals_without_creation",
	"deals_closed_before_creation", "deals_without_rate", "spend_without_rate", "spend_without_campaign", "campaigns_without_spend",
	"unmatched_utm", "unmatched_channel", "acts_after_close", "acts_in_future", "bot_clicks", "clock_skew", "merged_contacts", "accounts_of_one_domain",
	"contacts_without_account", "mail_from_strangers", "rejected_rows",
}

// QualityCount is one thing that may be wrong with the data, and how often.
type QualityCount struct {
	ID    string
	Title string
	Why   string // what it does to the figures
	Rows  int64
}

// QualityRows are the rows behind a QualityCount, as text; empty is missing.
type QualityRows struct {
	Columns []string
	Rows    [][]string
}

// Quality counts everything that may be wrong with the data of this
// generation. It knows no scope: it is for those who may see all.
func Quality(ctx context.Context, q sqlfile.Querier) ([]QualityCount, error) {
	counts := make([]QualityCount, 0, len(qualityOrder))
	for _, id := range qualityOrder {
		c, st := describeQuality(id)
		// The text is the file's own; it has no parameters.
		if err := q.QueryRowContext(ctx, "select count(*) from ("+st.Bound()+") x").Scan(&c.Rows); err != nil {
			return nil, fmt.Errorf("count %s: %w", id, err)
		}
		counts = append(counts, c)
	}
	return counts, nil
}

func describeQuality(id string) (QualityCount, *sqlfile.Statement) {
	st := qualities.Get(id)
	c := QualityCount{ID: id}
	for line := range strings.Lines(st.Source) {
		if text, ok := strings.CutPrefix(line, "-- title: "); ok {
			c.Title = strings.TrimSpace(text)
		}
		if text, ok := strings.CutPrefix(line, "-- why: "); ok {
			c.Why = strings.TrimSpace(text)
		}
	}
	return c, st
}

// RowsOfQuality are the rows behind the count called id, at most limit after
// skipping offset; ErrNotFound when there is no such count. Rows of
// unmatched_utm end with the campaign that a person would probably choose.
func RowsOfQuality(ctx context.Context, q sqlfile.Querier, id string, limit, offset int) (QualityCount, QualityRows, error) {
	if !slices.Contains(qualityOrder, id) {
		return QualityCount{}, QualityRows{}, ErrNotFound
	}
	c, st := describeQuality(id)
	if err := q.QueryRowContext(ctx, "select count(*) from ("+st.Bound()+") x").Scan(&c.Rows); err != nil {
		return c, QualityRows{}, fmt.Errorf("count %s: %w", id, err)
	}
	out, err := textRows(ctx, q, st.Bound()+"\nlimit ? offset ?", limit, offset)
	if err != nil {
		return c, QualityRows{}, fmt.Errorf("list %s: %w", id, err)
	}
	if id == "unmatched_utm" {
		err = suggestCampaigns(ctx, q, &out)
	}
	return c, out, err
}

func textRows(ctx context.Context, q sqlfile.Querier, query string, args ...any) (out QualityRows, err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return out, err
	}
	defer func() {
		if cerr := rows.Close(); err == nil {
			err = cerr
		}
	}()
	types, err := rows.ColumnTypes()
	if err != nil {
		return out, err
	}
	values, dest := make([]any, len(types)), make([]any, len(types))
	for i, t := range types {
		out.Columns = append(out.Columns, t.Name())
		dest[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return out, err
		}
		row := make([]string, len(values))
		for i, v := range values {
			switch v := v.(type) {
			case nil:
			case time.Time:
				row[i] = v.UTC().Format("2006-01-02 15:04")
				if types[i].DatabaseTypeName() == "DATE" {
					row[i] = v.Format(time.DateOnly)
				}
			default:
				row[i] = fmt.Sprint(v)
			}
		}
		out.Rows = append(out.Rows, row)
	}
	return out, rows.Err()
}

func suggestCampaigns(ctx context.Context, q sqlfile.Querier, out *QualityRows) error {
	names, err := texts(ctx, q, questions.Get("campaign_names"))
	if err != nil {
		return err
	}
	out.Columns = append(out.Columns, "suggestion")
	for i, row := range out.Rows {
		out.Rows[i] = append(row, SuggestName(row[0], names))
	}
	return nil
}

// SuggestName is the one of names that text most probably means, or nothing:
// the likeness (letters to change, of 100) must be at least 88 and 6 more than
// that of the next. Names that differ in a number differ in their period or
// place in a series (Spring 2025, Spring 2026) and are never suggested for each
// other.
func SuggestName(text string, names []string) string {
	want := plainName(text)
	best, score, next := "", 0.0, 0.0
	for _, n := range names {
		if digits(n) != digits(text) {
			continue
		}
		s := 100 * strutil.Similarity(want, plainName(n), metrics.NewLevenshtein())
		switch {
		case s > score:
			best, score, next = n, s, score
		case s > next:
			next = s
		}
	}
	if score < 88 || score-next < 6 {
		return ""
	}
	return best
}

// plainName folds case and the separators that tags use for blanks.
func plainName(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("_", " ", "-", " ", "+", " ").Replace(strings.ToLower(s))), " ")
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
