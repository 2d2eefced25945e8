package web

import (
	"github.com/gofiber/fiber/v2"

	"credence/server/auth"
)

type meAnswer struct {
	UserID   string      `json:"user_id"`
	Email    string      `json:"email"`
	Name     string      `json:"name"`
	Roles    []auth.Role `json:"roles"`
	RepID    string      `json:"rep_id"`
	TeamID   string      `json:"team_id"`
	Company  string      `json:"company"`
	Currency string      `json:"currency"`
	TimeZone string      `json:"time_zone"`
}

// apiMe tells a reader who they are to the server.
func (s *Server) apiMe(c *fiber.Ctx) error {
	r := s.reader(c)
	return c.JSON(meAnswer{
		UserID: r.ID, Email: r.Email, Name: r.Name, Roles: r.Roles, RepID: r.RepID, TeamID: r.TeamID,
		Company: s.Config.Company.Name, Currency: s.Config.Company.Currency, TimeZone: s.Config.Company.Location().String(),
	})
}
