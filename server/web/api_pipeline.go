package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/warehouse/money"
)

type apiOpenGroup struct {
	Kind     string  `json:"kind"` // empty, none, withheld or unattributed
	ID       string  `json:"id"`
	Name     string  `json:"name"`
	Amount   string  `json:"amount"`
	Weighted string  `json:"weighted"` // amount × chance to win of the deals' stages
	Currency string  `json:"currency"`
	Share    float64 `json:"share"`
	Deals    int     `json:"deals"`
}

type apiOpenPipeline struct {
	list[apiOpenGroup]
	View     string `json:"view"`
	Model    string `json:"model"`
	Total    string `json:"total"`
	Weighted string `json:"weighted"`
	Deals    int    `json:"deals"`
}

// apiPipeline answers what the open deals come to by what touched them so far:
// never to be added to credit. The rows of all pages sum to the total.
func (s *Server) apiPipeline(c *fiber.Ctx) error {
	return s.visitRows(c, func(ctx context.Context, v *Visit, skip, size int) error {
		p, err := s.askPipeline(ctx, c, v, "view")
		if err != nil {
			return err
		}
		groups, next := p.groups[min(skip, len(p.groups)):], ""
		if len(groups) > size {
			groups, next = groups[:size], cursorOf(keyOf(v.Generation, skip+size))
		}
		items := make([]apiOpenGroup, 0, len(groups))
		for _, g := range groups {
			item := apiOpenGroup{Kind: string(g.Kind), ID: g.ID, Name: g.Name, Amount: money.Format(g.Minor, p.code()), Weighted: money.Format(g.Weighted, p.code()), Currency: p.code(), Deals: g.Deals}
			if p.by == attribution.Rep && g.Kind == attribution.Named {
				item.Name = p.names.call(g.ID, g.Name)
			}
			if p.split.Total != 0 {
				item.Share = float64(g.Minor) / float64(p.split.Total)
			}
			items = append(items, item)
		}
		return c.JSON(apiOpenPipeline{listOf(items, next), string(p.by), p.split.Model.ID, money.Format(p.split.Total, p.code()), money.Format(p.weighted, p.code()), len(p.split.Deals)})
	})
}
