// Package socialexport reads the lists of posts that social networks let their
// users download: Facebook Insights (with its two header rows) and Meta
// Business Suite, X (Twitter) Analytics, and other tables with the same fields.
// A row becomes a post and a snapshot of its counts.
//
// Networks tell how many people acted, never who: the counts are context, and
// no touch is made of them. Of a post's text the beginning is kept as its title.
//
// The counts of these downloads are lifetime counts. Their day is the day of
// the download: the setting exported_on, else the last date in the file's name
// (tweet_activity_metrics_halden_20250401_20250408_en.csv), else, when nothing
// says it, the day the post was published.
package socialexport

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"credence/connectors"
	"credence/connectors/localfile"
)

// settings is the configuration of a social export.
type settings struct {
	Path        string            `yaml:"path" doc:"a downloaded CSV, or a folder of them" required:"true"`
	Network     string            `yaml:"network" doc:"facebook, x, linkedin, instagram …; found by the columns when empty"`
	Author      string            `yaml:"author" doc:"who wrote the posts, for rows that do not say it: a page, a brand or a person; the address of the post tells it when empty"`
	AuthorRepID string            `yaml:"author_rep_id" doc:"the rep who wrote the posts, for the download of a rep's own profile"`
	CampaignID  string            `yaml:"campaign_id" doc:"the campaign the posts belong to, for rows that do not say it"`
	ExportedOn  string            `yaml:"exported_on" doc:"the day the counts were taken, such as 2025-04-08; the file's name tells it when empty"`
	DateOrder   string            `yaml:"date_order" doc:"mdy or dmy, for dates that can be read two ways"`
	TimeZone    string            `yaml:"time_zone" doc:"of times without an offset, such as America/Los_Angeles; the company's when empty"`
	Decimal     string            `yaml:"decimal" doc:"the decimal sign, . or , for numbers that can be read two ways"`
	Columns     map[string]string `yaml:"columns" doc:"our field: the column's name, for downloads in another language; fields are id, url, text, kind, published, author, author_rep_id, campaign, impressions, reactions, comments, shares, clicks"`
}

// Connector is the kind "socialexport".
func Connector() connectors.Connector {
	return connectors.Define("socialexport", "Social media downloads",
		"Reads the post lists that networks offer for download as CSV: Facebook Insights → Export Data → Post data, Meta Business Suite → Content → Export, "+
			"X Analytics → Tweets → Export data. Posts with text beginning, author and link, and their counts of impressions, reactions, comments, shares and clicks.",
		[]string{"posts", "post_metrics"}, open)
}

type source struct {
	settings settings
	env      connectors.Env
	columns  localfile.Columns
	zone     *time.Location
	exported time.Time
}

func open(s settings, env connectors.Env) (connectors.Source, error) {
	columns, err := fields.With(s.Columns, connectors.Suggest)
	if err != nil {
		return nil, err
	}
	src := &source{settings: s, env: env, columns: columns, zone: env.Location}
	if s.TimeZone != "" {
		if src.zone, err = time.LoadLocation(s.TimeZone); err != nil {
			return nil, fmt.Errorf("the key \"time_zone\" is %q: write a name such as Europe/Berlin", s.TimeZone)
		}
	}
	if s.ExportedOn != "" {
		if src.exported, err = time.Parse(time.DateOnly, s.ExportedOn); err != nil {
			return nil, fmt.Errorf("the key \"exported_on\" is %q: write a day such as 2025-04-08", s.ExportedOn)
		}
	}
	if s.Decimal != "" && s.Decimal != "." && s.Decimal != "," {
		return nil, fmt.Errorf("the key \"decimal\" is %q: write . or ,", s.Decimal)
	}
	if _, err := localfile.NewDates(s.DateOrder, src.zone, nil); err != nil {
		return nil, err
	}
	return src, nil
}

// Read implements connectors.Source. Downloads overlap, so all files are read
// again when one of them changed.
func (s *source) Read(ctx context.Context, cursor string, out connectors.Sink) (string, error) {
	zone := ""
	if s.zone != nil {
		zone = s.zone.String()
	}
	marks, err := localfile.ParseCursor(cursor, "socialexport 1", fmt.Sprint(s.settings), zone)
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
	for _, sheet := range sheets {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		out.File(sheet.Name)
		if sheet.Foreign {
			out.Read(1)
			if err := out.Reject(connectors.Rejection{Field: "file", Reason: "is not a CSV: save it as CSV (UTF-8), or move it out of the folder"}); err != nil {
				return "", err
			}
			continue
		}
		if err := s.sheet(ctx, sheet, out); err != nil {
			return "", err
		}
	}
	return marks.String(), nil
}

// sheet reads one download.
func (s *source) sheet(ctx context.Context, sheet localfile.Sheet, out connectors.Sink) error {
	rows, err := localfile.Table(sheet.Name, sheet.Content)
	if err != nil {
		return err
	}
	l, rows, err := s.recognise(sheet.Name, rows)
	if err != nil {
		return err
	}
	// All dates and numbers decide together how the file writes them.
	var samples, numbers []string
	for _, r := range rows {
		text, _ := r.Cell(l.at, "published")
		samples = append(samples, text)
		for _, field := range counts {
			if text, ok := r.Cell(l.at, field); ok {
				numbers = append(numbers, text)
			}
		}
	}
	dates, err := localfile.NewDates(s.settings.DateOrder, s.zone, samples)
	if err != nil {
		return err
	}
	m := mapper{settings: s.settings, layout: l, dates: dates, taken: s.exported, now: s.env.Now, seen: map[string]int{}}
	if m.taken.IsZero() {
		m.taken = dayInName(sheet.Name)
	}
	if m.decimal = s.settings.Decimal; m.decimal == "" {
		m.decimal = localfile.DecimalMark(numbers)
	}
	if !l.dated() && m.taken.IsZero() {
		return fmt.Errorf("%s does not say when its posts were published: set exported_on to the day the counts were taken", sheet.Name)
	}
	for i, r := range rows {
		if i%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := m.row(r, out); err != nil {
			return err
		}
	}
	return nil
}

var dates = regexp.MustCompile(`(?:^|[^0-9])((?:19|20)\d{2})-?(\d{2})-?(\d{2})`)

// dayInName is the last date in a file's name, zero when there is none.
func dayInName(name string) time.Time {
	var day time.Time
	for _, m := range dates.FindAllStringSubmatch(name, -1) {
		if at, err := time.Parse(time.DateOnly, m[1]+"-"+m[2]+"-"+m[3]); err == nil {
			day = at
		}
	}
	return day
}
