package web

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/warehouse/sqlfile"
)

type apiFound struct {
	Kind string `json:"kind"` // deal or account
	ID   string `json:"id"`
	Name string `json:"name"`
	Note string `json:"note"` // account of a deal, country of an account
	Href string `json:"href"`
}

// apiSearch finds deals and accounts by name among what the reader may see.
func (s *Server) apiSearch(c *fiber.Ctx) error {
	size, err := limit(c)
	if err != nil {
		return err
	}
	text := strings.TrimSpace(c.Query("q"))
	if text == "" {
		return c.JSON(listOf([]apiFound{}, ""))
	}
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		found, err := sqlfile.All(ctx, v, questions.Get("search"), func(scan func(...any) error) (apiFound, error) {
			var f apiFound
			err := scan(&f.Kind, &f.ID, &f.Name, &f.Note)
			if f.Kind == "deal" {
				f.Href = "/deals/" + pathSegment(f.ID)
			} else {
				f.Href = "/deals?account=" + querySegment(f.ID)
			}
			return f, err
		}, sql.Named("user_id", v.Reader.ID), sql.Named("text", text), sql.Named("size", int64(size)))
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		return c.JSON(listOf(found, ""))
	})
}
