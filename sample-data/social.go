package sampledata

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"
)

// counts are a post's numbers n days after it was published.
type postCounts struct{ impressions, reactions, comments, shares, clicks int }

// countsOf grows with the quality of the post and levels off within a week.
func (b *book) countsOf(p *post, age int) postCounts {
	k := newKey(b.w.seed, forMetrics).at(p.index).at(-9)
	reach := map[string]float64{linkedIn: 1400, xNetwork: 420, facebook: 520, blog: 260}[p.network]
	if p.rep >= 0 {
		reach = 850
	}
	grown := 1 - math.Pow(postFade, float64(age+1))
	shown := reach * p.quality * (.5 + k.unit()) * grown
	share := func(i int, rate float64) int { return int(shown * rate * (.5 + k.at(i).unit())) }
	return postCounts{int(shown), share(1, .021), share(2, .003), share(3, .004), share(4, .012)}
}

// writePosts writes the posts on LinkedIn and the blog with three snapshots of
// their numbers.
func (b *book) writePosts(_ context.Context, dir string) error {
	w, files := b.w, filepath.Join(dir, "files")
	if err := writeTable(filepath.Join(files, "posts.csv"), "post_id,network,author_rep_id,author,campaign_id,published_at,url,kind,title", func(t *table) {
		for i := range w.posts {
			p := &w.posts[i]
			if p.network != linkedIn && p.network != blog {
				continue
			}
			rep, author, campaign := "", "Halden Instruments", ""
			if p.rep >= 0 {
				rep, author = w.reps[p.rep].id, w.reps[p.rep].name
			}
			if p.campaign >= 0 {
				campaign = w.campaigns[p.campaign].id
			}
			t.row(p.id, p.network, rep, author, campaign, stamp(w.at(p.day, p.second)), p.url, p.kind, p.title)
		}
	}); err != nil {
		return err
	}
	return writeTable(filepath.Join(files, "post_metrics.csv"), "post_id,day,impressions,reactions,comments,shares,clicks", func(t *table) {
		for i := range w.posts {
			p := &w.posts[i]
			if p.network != linkedIn && p.network != blog {
				continue
			}
			for _, age := range []int{1, 7, 30} {
				if p.day+age < w.days {
					c := b.countsOf(p, age)
					t.row(p.id, w.dayText(p.day+age), strconv.Itoa(c.impressions), strconv.Itoa(c.reactions), strconv.Itoa(c.comments), strconv.Itoa(c.shares), strconv.Itoa(c.clicks))
				}
			}
		}
	})
}

// writeSocial writes the downloads of Facebook Insights and, a quarter a file,
// of Twitter Analytics, in the shape the networks give them.
func (b *book) writeSocial(_ context.Context, dir string) error {
	if err := writeFile(filepath.Join(dir, "social", "facebook_insights.csv"), b.facebookInsights()); err != nil {
		return err
	}
	for at := quarterStart(b.w.from); at.Before(b.w.end()); at = at.AddDate(0, 3, 0) {
		from, to := at, at.AddDate(0, 3, 0)
		if from.Before(b.w.from) {
			from = b.w.from
		}
		if to.After(b.w.end()) {
			to = b.w.end()
		}
		name := fmt.Sprintf("tweet_activity_metrics_HaldenDevices_%s_%s_en.csv", from.Format("20060102"), to.Format("20060102"))
		if err := writeFile(filepath.Join(dir, "social", "x", name), b.tweetActivity(int(from.Sub(b.w.from).Hours()/24), int(to.Sub(b.w.from).Hours()/24))); err != nil {
			return err
		}
	}
	return nil
}

// facebookInsights is the post-level download: a byte-order mark, one header of
// 42 columns of which most have no name, rows that stop early, American dates.
func (b *book) facebookInsights() []byte {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	header := make([]string, 42)
	for i := range header {
		header[i] = "''"
	}
	header[0], header[11], header[37], header[38], header[39], header[41] = "'social_network_id'", "'impressions'", "'comments'", "'likes'", "'shares'", "'clicks'"
	out.WriteString(strings.Join(header, ", ") + "\n")
	for i := len(b.w.posts) - 1; i >= 0; i-- {
		p := &b.w.posts[i]
		if p.network != facebook {
			continue
		}
		c := b.countsOf(p, b.w.days-p.day)
		row := make([]string, 42)
		row[0], row[1] = p.id, p.url
		row[2] = `"` + b.message(p) + `"`
		row[3] = p.kind
		row[6] = `"` + b.w.at(p.day, p.second).Format("01/02/2006 03:04:05 PM") + `"`
		row[7] = `" "`
		for j := 8; j < 15; j++ {
			row[j] = "0"
		}
		row[8], row[11] = strconv.Itoa(c.impressions*4/5), strconv.Itoa(c.impressions)
		row[37], row[38], row[39], row[41] = blank(c.comments), blank(c.reactions), blank(c.shares), blank(c.clicks)
		out.WriteString(strings.Join(row, ",") + "\n")
	}
	return out.Bytes()
}

// message is the text of a post with its tagged link.
func (b *book) message(p *post) string {
	return p.title + ". " + website + "/?utm_content=post:" + p.id
}

// tweetHeader is Twitter Analytics' own list of columns.
const tweetHeader = `"Tweet id","Tweet permalink","Tweet text","time","impressions","engagements","engagement rate","retweets","replies","likes","user profile clicks","url clicks","hashtag clicks","detail expands","permalink clicks","app opens","app installs","follows","email tweet","dial phone","media views","media engagements","promoted impressions","promoted engagements","promoted engagement rate","promoted retweets","promoted replies","promoted likes","promoted user profile clicks","promoted url clicks","promoted hashtag clicks","promoted detail expands","promoted permalink clicks","promoted app opens","promoted app installs","promoted follows","promoted email tweet","promoted dial phone","promoted media views","promoted media engagements"`

func (b *book) tweetActivity(from, to int) []byte {
	var out bytes.Buffer
	out.WriteString(tweetHeader + "\n")
	for i := len(b.w.posts) - 1; i >= 0; i-- {
		p := &b.w.posts[i]
		if p.network != xNetwork || p.day < from || p.day >= to {
			continue
		}
		c := b.countsOf(p, b.w.days-p.day)
		all := c.reactions + c.comments + c.shares + c.clicks
		row := []string{p.id, p.url, b.message(p), b.w.at(p.day, p.second).Format("2006-01-02 15:04 +0000")}
		for _, n := range []int{c.impressions, all} {
			row = append(row, fmt.Sprintf("%d.0", n))
		}
		row = append(row, strconv.FormatFloat(float64(all)/math.Max(1, float64(c.impressions)), 'g', -1, 64))
		for _, n := range []int{c.shares, c.comments, c.reactions, c.clicks / 5, c.clicks, 0, c.clicks / 2, 0} {
			row = append(row, fmt.Sprintf("%d.0", n))
		}
		for range 7 {
			row = append(row, "0")
		}
		for len(row) < 40 {
			row = append(row, "-")
		}
		out.WriteString(`"` + strings.Join(row, `","`) + "\"\n")
	}
	return out.Bytes()
}
