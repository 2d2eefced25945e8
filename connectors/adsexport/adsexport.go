// Package adsexport reads what advertisers download from Facebook Ads Manager:
// campaigns with their impressions, clicks, leads and the amount spent in the
// reported range.
//
// Spend stays on its own date. A download with a Day column says it. Without
// one a row's amount is for the reported range; it is spread evenly over the
// days on which the campaign ran within that range, so that the days sum to the
// amount to the minor unit (counts likewise). A month of spend is then right
// wherever a campaign lies within one month, and near elsewhere: download with
// the breakdown "By time → Day" where the day matters.
//
// Rows of one file add up (ad sets, breakdowns by age or place). Of two files
// with a Day column the later by name wins a campaign's day; files without one
// must not overlap, and a row that does is rejected rather than counted twice.
package adsexport

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"credence/connectors"
	"credence/connectors/localfile"
	"credence/warehouse/money"
)

// settings is the configuration of an ads export.
type settings struct {
	Path      string            `yaml:"path" doc:"a downloaded CSV, or a folder of them" required:"true"`
	Channel   string            `yaml:"channel" default:"Paid Social" doc:"the channel of these campaigns"`
	Currency  string            `yaml:"currency" doc:"ISO 4217 code of the amounts, when the column \"Amount spent (EUR)\" does not say it"`
	DateOrder string            `yaml:"date_order" doc:"mdy or dmy, for dates that can be read two ways"`
	Decimal   string            `yaml:"decimal" doc:"the decimal sign, . or , for numbers that can be read two ways"`
	Columns   map[string]string `yaml:"columns" doc:"our field: the column's name, for downloads in another language; fields are campaign_id, campaign_name, day, starts, ends, reporting_starts, reporting_ends, amount, impressions, clicks, leads, budget"`
}

// Connector is the kind "adsexport".
func Connector() connectors.Connector {
	return connectors.Define("adsexport", "Ads Manager download",
		"Reads the CSV of Facebook Ads Manager → Campaigns → Export table data: campaigns, what they cost and what they brought. "+
			"Include the campaign id, the reporting dates and, for exact days, the breakdown By time → Day. "+
			"Without a Day column an amount is spread evenly over the days the campaign ran in the reported range.",
		[]string{"campaigns", "campaign_metrics", "spend"}, open)
}

// fields are the names the columns go by, folded, the best first.
var fields = localfile.Columns{
	"campaign_id":      {"campaign id"},
	"campaign_name":    {"campaign name", "campaign"},
	"day":              {"day"},
	"starts":           {"starts", "start date", "campaign start date"},
	"ends":             {"ends", "end date", "campaign end date"},
	"reporting_starts": {"reporting starts"},
	"reporting_ends":   {"reporting ends"},
	"amount":           {"amount spent", "spend", "cost"},
	"impressions":      {"impressions"},
	"clicks":           {"link clicks", "clicks"},
	"leads":            {"leads", "website leads", "on-facebook leads"},
	"budget":           {"campaign budget", "budget"},
}

type source struct {
	settings settings
	env      connectors.Env
	columns  localfile.Columns
}

func open(s settings, env connectors.Env) (connectors.Source, error) {
	columns, err := fields.With(s.Columns, connectors.Suggest)
	if err != nil {
		return nil, err
	}
	if s.Decimal != "" && s.Decimal != "." && s.Decimal != "," {
		return nil, fmt.Errorf("the key \"decimal\" is %q: write . or ,", s.Decimal)
	}
	if _, err := localfile.NewDates(s.DateOrder, nil, nil); err != nil {
		return nil, err
	}
	s.Currency = strings.ToUpper(s.Currency)
	if s.Currency != "" {
		if _, err := money.Exponent(s.Currency); err != nil {
			return nil, fmt.Errorf("the key \"currency\": %w", err)
		}
	}
	return &source{settings: s, env: env, columns: columns}, nil
}

// Read implements connectors.Source. Downloads overlap, so all files are read
// again when one of them changed.
func (s *source) Read(ctx context.Context, cursor string, out connectors.Sink) (string, error) {
	marks, err := localfile.ParseCursor(cursor, "adsexport 1", fmt.Sprint(s.settings), s.env.Currency)
	if err != nil {
		return "", err
	}
	sheets, err := localfile.Sheets(ctx, s.env.BaseDir, s.settings.Path)
	if err != nil {
		return "", err
	}
	if marks.Seen("all", localfile.MarkSheets(sheets)) {
		return marks.String(), nil
	}
	b := newBook(s.settings.Channel)
	for _, sheet := range sheets {
		out.File(sheet.Name)
		if sheet.Foreign {
			out.Read(1)
			if err := out.Reject(connectors.Rejection{Field: "file", Reason: "is not a CSV: save it as CSV (UTF-8), or move it out of the folder"}); err != nil {
				return "", err
			}
			continue
		}
		if err := s.sheet(ctx, sheet, b, out); err != nil {
			return "", err
		}
	}
	if err := b.put(ctx, out); err != nil {
		return "", err
	}
	return marks.String(), nil
}

var inBrackets = regexp.MustCompile(`\(([A-Za-z]{3})\)\s*$`)

// sheet enters the rows of one download into the book.
func (s *source) sheet(ctx context.Context, sheet localfile.Sheet, b *book, out connectors.Sink) error {
	rows, err := localfile.Table(sheet.Name, sheet.Content)
	if err != nil {
		return err
	}
	m := mapper{file: sheet.Name}
	header := -1
	for i, r := range rows[:min(len(rows), 10)] {
		if m.at = s.columns.Find(r.Cells); m.complete() {
			header = i
			break
		}
	}
	if header < 0 {
		return fmt.Errorf("%s lacks the columns of an Ads Manager download (Campaign name, Amount spent, and Day, Reporting starts and ends, or Starts and Ends): export the table with them, or name them under the key \"columns\"", sheet.Name)
	}

	// The currency stands in the column's name.
	m.currency = s.settings.Currency
	if found := inBrackets.FindStringSubmatch(rows[header].Cells[m.at["amount"]]); found != nil {
		code := strings.ToUpper(found[1])
		if m.currency != "" && m.currency != code {
			return fmt.Errorf("%s has amounts in %s, but the key \"currency\" says %s: remove the key", sheet.Name, code, m.currency)
		}
		m.currency = code
	}
	if m.currency == "" {
		m.currency = s.env.Currency
	}
	if _, err = money.Exponent(m.currency); err != nil {
		return fmt.Errorf("%s has amounts in %q, which is no ISO 4217 currency: correct the column's name", sheet.Name, m.currency)
	}

	// All dates and numbers decide together how the file writes them.
	var samples, numbers []string
	for _, r := range rows[header+1:] {
		for _, field := range []string{"amount", "impressions", "clicks", "leads", "budget"} {
			if text, ok := r.Cell(m.at, field); ok {
				numbers = append(numbers, text)
			}
		}
		for _, field := range []string{"day", "starts", "ends", "reporting_starts", "reporting_ends"} {
			if text, ok := r.Cell(m.at, field); ok {
				samples = append(samples, text)
			}
		}
	}
	if m.dates, err = localfile.NewDates(s.settings.DateOrder, time.UTC, samples); err != nil {
		return err
	}
	if m.decimal = s.settings.Decimal; m.decimal == "" {
		m.decimal = localfile.DecimalMark(numbers)
	}
	zone := s.env.Location
	if zone == nil {
		zone = time.UTC
	}
	today := s.env.Now.In(zone)
	m.today = time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC)

	for i, r := range rows[header+1:] {
		if i%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		out.Read(1)
		e, bad := m.entry(r)
		if bad == nil {
			bad = b.enter(e)
		}
		if bad != nil {
			bad.Line, bad.Row = r.Line, r.Text()
			if err := out.Reject(*bad); err != nil {
				return err
			}
		}
	}
	return nil
}
