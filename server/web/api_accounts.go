package web

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"credence/warehouse/sqlfile"
)

type apiAccount struct {
	AccountID string `json:"account_id"`
	Name      string `json:"name"`
	Domain    string `json:"domain"`
	Industry  string `json:"industry"`
	Employees *int64 `json:"employees"`
	Country   string `json:"country"`
	Region    string `json:"region"`
	Segment   string `json:"segment"`
}

// apiAccounts lists the accounts the reader may see: those with an open deal
// or a contact of one's own reps, all to who sees the whole company.
func (s *Server) apiAccounts(c *fiber.Ctx) error {
	size, key, err := limitAfter(c)
	if err != nil {
		return err
	}
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		accounts, err := sqlfile.All(ctx, v, questions.Get("accounts"), func(scan func(...any) error) (apiAccount, error) {
			var a apiAccount
			var employees sql.NullInt64
			err := scan(&a.AccountID, &a.Name, &a.Domain, &a.Industry, &employees, &a.Country, &a.Region, &a.Segment)
			if employees.Valid {
				a.Employees = &employees.Int64
			}
			return a, err
		}, sql.Named("user_id", v.Reader.ID), sql.Named("text", c.Query("q")), sql.Named("after", key), sql.Named("size", int64(size+1)))
		if err != nil {
			return fmt.Errorf("list accounts: %w", err)
		}
		accounts, next := pageOf(accounts, size, func(a apiAccount) string { return a.AccountID })
		return c.JSON(listOf(accounts, next))
	})
}
