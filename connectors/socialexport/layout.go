package socialexport

import (
	"fmt"
	"strings"

	"credence/connectors/localfile"
)

// fields are the names the columns go by in the downloads, folded, the best
// first. Facebook's breakdowns carry their name in the second header row.
var fields = localfile.Columns{
	"id":            {"post id", "tweet id", "social_network_id", "post_id", "id"},
	"url":           {"permalink", "tweet permalink", "post link", "post permalink", "url"},
	"text":          {"post message", "tweet text", "post text", "title", "post title", "description"},
	"kind":          {"type", "post type", "content type"},
	"published":     {"posted", "publish time", "time", "created date", "published_at", "published", "date"},
	"author":        {"author", "posted by", "page name", "account name", "account username"},
	"author_rep_id": {"author_rep_id"},
	"campaign":      {"campaign_id", "campaign id", "campaign", "campaign name"},
	"impressions":   {"lifetime post total impressions", "impressions", "t_impression"},
	"reactions":     {"likes", "like", "reactions"},
	"comments":      {"comments", "comment", "replies"},
	"shares":        {"shares", "share", "retweets", "reposts"},
	"clicks":        {"link clicks", "url clicks", "clicks", "total clicks", "lifetime post consumptions", "consumption"},
}

// counts are the fields of a snapshot.
var counts = []string{"impressions", "reactions", "comments", "shares", "clicks"}

// facebookPositions are where Facebook Insights has its first columns, for
// downloads whose header names only the columns its owner cared for.
var facebookPositions = map[string]int{"url": 1, "text": 2, "kind": 3, "published": 6}

// layout is how one download is laid out.
type layout struct {
	network string
	at      map[string]int
}

// dated says whether rows say when they were published.
func (l layout) dated() bool { _, ok := l.at["published"]; return ok }

// recognise finds the header among the first rows and returns the rows below it.
func (s *source) recognise(name string, rows []localfile.Row) (layout, []localfile.Row, error) {
	if len(rows) == 0 {
		return layout{}, nil, fmt.Errorf("%s is empty: download it again", name)
	}
	for i, r := range rows[:min(len(rows), 10)] {
		l := layout{at: s.columns.Find(r.Cells)}
		if !l.complete(r.Cells) {
			continue
		}
		rest := rows[i+1:]
		if len(rest) > 0 && l.second(rest[0]) {
			l.at = s.columns.Find(merge(r.Cells, rest[0].Cells))
			rest = rest[1:]
		}
		l.network = s.settings.Network
		if l.network == "" {
			l.network = network(r.Cells)
		}
		if l.network == "" {
			return layout{}, nil, fmt.Errorf("%s does not show which network it is from: set the key \"network\" of the source (facebook, x, linkedin …)", name)
		}
		if localfile.Fold(r.Cells[0]) == "social_network_id" {
			for field, i := range facebookPositions {
				if _, known := l.at[field]; !known {
					l.at[field] = i
				}
			}
		}
		return l, rest, nil
	}
	return layout{}, nil, fmt.Errorf("%s has no header of a post list (its first line begins %.60q): download the posts of Facebook Insights or X Analytics as CSV, or name its columns under the key \"columns\"",
		name, strings.Join(rows[0].Cells, ","))
}

// complete says whether a row is a header: a post's identity and a count, or
// the columns of a study of posts without identities.
func (l layout) complete(cells []string) bool {
	_, id := l.at["id"]
	_, url := l.at["url"]
	n := 0
	for _, c := range counts {
		if _, ok := l.at[c]; ok {
			n++
		}
	}
	return n > 0 && (id || url || anonymous(cells)) && len(cells) > 2
}

// anonymous are published studies of posts: counts by month, weekday and hour.
func anonymous(cells []string) bool {
	found := 0
	for _, c := range cells {
		switch localfile.Fold(c) {
		case "post month", "month", "post weekday", "weekday", "post hour", "hour":
			found++
		}
	}
	return found >= 3
}

// second says whether a row is the second header row of Facebook Insights: it
// explains the columns and names no post.
func (l layout) second(r localfile.Row) bool {
	id, _ := r.Cell(l.at, "id")
	published, _ := r.Cell(l.at, "published")
	if id != "" || published != "" {
		return false
	}
	for _, c := range r.Cells {
		if strings.HasPrefix(c, "Lifetime") {
			return true
		}
	}
	return false
}

// merge puts the breakdowns of the second header row ("share", "like",
// "comment") in place of the group above them; explanations stay out.
func merge(first, second []string) []string {
	out := make([]string, max(len(first), len(second)))
	copy(out, first)
	for i, c := range second {
		if c != "" && !strings.HasPrefix(c, "Lifetime") {
			out[i] = c
		}
	}
	return out
}

// network tells the network by columns that only it has.
func network(cells []string) string {
	for _, c := range cells {
		switch name := localfile.Fold(c); {
		case name == "tweet id", name == "tweet permalink", name == "reposts" && has(cells, "post text"):
			return "x"
		case name == "social_network_id", strings.HasPrefix(name, "lifetime post"), name == "page total likes", name == "page_t_likes", name == "page name" && has(cells, "page id"):
			return "facebook"
		case name == "account username" && has(cells, "account id"):
			return "instagram"
		case name == "post link" && has(cells, "posted by"):
			return "linkedin"
		}
	}
	return ""
}

func has(cells []string, name string) bool {
	for _, c := range cells {
		if localfile.Fold(c) == name {
			return true
		}
	}
	return false
}
