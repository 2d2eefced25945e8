package performance

import (
	"context"
	"time"

	"credence/warehouse/sqlfile"
)

// Post is something a rep published.
type Post struct {
	ID, Title, Network, URL string
	PublishedAt             time.Time
}

// RepPosts lists the posts of a's rep in the year up to the end of the period,
// the newest first; none of a rep the reader may not see.
func RepPosts(ctx context.Context, q sqlfile.Querier, a Ask) ([]Post, error) {
	return rows(ctx, q, "rep_posts", a, func(scan func(...any) error) (Post, error) {
		var p Post
		return p, scan(&p.ID, &p.Title, &p.Network, &p.URL, &p.PublishedAt)
	})
}
