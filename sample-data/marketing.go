package sampledata

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// writeMarketing writes campaigns with what they cost and brought, and the daily
// counts of web analytics. Campaigns billed by Meta are in the Ads Manager
// download instead.
func (b *book) writeMarketing(_ context.Context, dir string) error {
	w, files := b.w, filepath.Join(dir, "files")
	counts := b.countResponses()
	for _, f := range []struct {
		name, header string
		fill         func(t *table)
	}{
		{"campaigns", "campaign_id,name,channel,started_on,ended_on,budget,currency", func(t *table) {
			for _, c := range w.campaigns {
				if !c.meta {
					total := int64(0)
					for _, s := range c.spend {
						total += s
					}
					t.row(c.id, c.name, c.ch.String(), w.dayText(c.from), w.dayText(c.to), decimal((total+250_000)/500_000*500_000), c.currency)
				}
			}
		}},
		{"campaign_metrics", "day,campaign_id,impressions,clicks,leads", func(t *table) {
			for _, c := range w.campaigns {
				for i := range c.spend {
					if n := counts[c.index][i]; !c.meta && c.style != gathering {
						shown := c.impressions(w, i)
						t.row(w.dayText(c.from+i), c.id, strconv.Itoa(shown), strconv.Itoa(n.visits+shown/260), strconv.Itoa(n.forms))
					}
				}
			}
		}},
		{"spend", "day,channel,campaign_id,amount,currency,kind", b.fillSpend},
		{"web_daily", "day,channel,campaign_id,landing_url,sessions,conversions", b.fillWebDaily},
	} {
		if err := writeTable(filepath.Join(files, f.name+".csv"), f.header, f.fill); err != nil {
			return err
		}
	}
	return nil
}

type responses struct{ visits, forms int }

// countResponses counts visits and forms by campaign and day of the campaign.
func (b *book) countResponses() [][]responses {
	out := make([][]responses, len(b.w.campaigns))
	for i, c := range b.w.campaigns {
		out[i] = make([]responses, len(c.spend))
	}
	for i := range b.w.histories {
		for _, t := range b.w.histories[i].touches {
			if t.campaign < 0 || t.kind == opening {
				continue
			}
			c := &b.w.campaigns[t.campaign]
			if k := int(t.day) - c.from; k >= 0 && k < len(c.spend) {
				out[c.index][k].visits++
				if t.form {
					out[c.index][k].forms++
				}
			}
		}
	}
	return out
}

// impressions is how often the campaign was shown on its i-th day.
func (c *campaign) impressions(w *world, i int) int {
	k := newKey(w.seed, forMetrics).at(c.index).at(i)
	perEuro := 45.0
	switch c.ch {
	case paidSearch:
		perEuro = 14
	case display, video:
		perEuro = 160
	case email:
		return contactsMailed * b2i(slices.Contains(c.days, c.from+i))
	default:
	}
	return int(float64(c.spend[i]) / 100 * perEuro * (.8 + .4*k.unit()))
}

const contactsMailed = 1900

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// fillSpend writes media money by campaign and day, the programme money of
// fairs and newsletters, and monthly salaries without a campaign.
func (b *book) fillSpend(t *table) {
	w := b.w
	for _, c := range w.campaigns {
		if c.meta {
			continue
		}
		what := "media"
		if c.style == gathering || c.style == sending || c.style == partnering {
			what = "programme"
		}
		for i, s := range c.spend {
			if s > 0 {
				t.row(w.dayText(c.from+i), c.ch.String(), c.id, decimal(s), c.currency, what)
			}
		}
	}
	scale := float64(len(w.accounts)) / fullAccount
	for at := time.Date(w.from.Year(), w.from.Month()+1, 1, 0, 0, 0, 0, time.UTC); at.Before(w.end()); at = at.AddDate(0, 1, 0) {
		day := at.Format(time.DateOnly)
		t.row(day, "Organic Social", "", decimal(int64(math.Round(3200*scale))*100), "EUR", "programme")
		t.row(day, "Organic Search", "", decimal(int64(math.Round(4100*scale))*100), "EUR", "programme")
		t.row(day, "Other", "", decimal(int64(math.Round(38500*scale))*100), "EUR", "salary")
	}
}

// fillWebDaily counts sessions a day as web analytics would: more than the
// visits we could store, because of consent.
func (b *book) fillWebDaily(t *table) {
	w := b.w
	type cell struct{ sessions, forms int }
	days := make([][channelCount]cell, w.days)
	for i := range w.histories {
		for _, x := range w.histories[i].touches {
			if x.kind == visiting && x.ch != sales {
				days[x.day][x.ch].sessions++
				days[x.day][x.ch].forms += b2i(x.form)
			}
		}
	}
	for d := range days {
		for c := range channelCount {
			if n := days[d][c]; n.sessions > 0 {
				k := newKey(w.seed, forMetrics).at(-1 - d).at(int(c))
				t.row(w.dayText(d), c.String(), "", "", strconv.Itoa(n.sessions+int(float64(n.sessions)*1.5*k.unit())), strconv.Itoa(n.forms))
			}
		}
	}
}

// writeAds writes the Ads Manager download of the campaigns billed by Meta,
// broken down by day.
func (b *book) writeAds(_ context.Context, dir string) (err error) {
	path := filepath.Join(dir, "ads", "facebook_ads_manager.csv")
	f, err := os.Create(path) //nolint:gosec // below the folder that was asked for
	if err != nil {
		return fmt.Errorf("create %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w, out := b.w, csv.NewWriter(f)
	counts := b.countResponses()
	rows := [][]string{{"Campaign Name", "Ends", "Campaign ID", "Day", "Impressions", "Link Clicks", "Post Shares", "Post Comments", "Post Engagement", "Post Reactions", "Starts", "Reporting Starts", "Reporting Ends", "Amount Spent (EUR)"}}
	for _, c := range w.campaigns {
		if !c.meta {
			continue
		}
		for i, s := range c.spend {
			if s == 0 {
				continue
			}
			day := w.dayText(c.from + i)
			k := newKey(w.seed, forMetrics).at(c.index).at(i).at(1)
			shown := c.impressions(w, i)
			reactions := int(float64(shown) * .004 * k.unit())
			clicks := counts[c.index][i].visits + shown/400
			rows = append(rows, []string{
				c.name, w.dayText(c.to), c.id, day, strconv.Itoa(shown), strconv.Itoa(clicks), blank(reactions / 9), blank(reactions / 7),
				strconv.Itoa(reactions + clicks), blank(reactions), w.dayText(c.from), day, day, decimal(s),
			})
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// blank is n as Meta writes counts: nothing for zero.
func blank(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
