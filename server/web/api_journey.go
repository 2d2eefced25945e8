package web

import (
	"context"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/money"
)

type apiJourney struct {
	DealID          string       `json:"deal_id"`
	Status          string       `json:"status"`
	Amount          *string      `json:"amount"`
	Currency        string       `json:"currency"`
	ReportingAmount *string      `json:"reporting_amount"`
	WindowFrom      time.Time    `json:"window_from"`
	WindowTo        time.Time    `json:"window_to"`
	Settings        string       `json:"settings"`
	Touches         []apiTouch   `json:"touches"`
	Unattributed    []apiResidue `json:"unattributed"`
}

type apiTouch struct {
	TouchID    string      `json:"touch_id"`
	Position   int         `json:"position"` // 0: seen, and not eligible
	OccurredAt time.Time   `json:"occurred_at"`
	Kind       string      `json:"kind"`
	Direction  string      `json:"direction"`
	Channel    string      `json:"channel"`
	CampaignID string      `json:"campaign_id"`
	PostID     string      `json:"post_id"`
	RepID      string      `json:"rep_id"`
	Rep        string      `json:"rep"`
	PersonID   string      `json:"person_id"`
	Person     string      `json:"person"`
	Evidence   string      `json:"evidence"`
	Milestones []string    `json:"milestones"`
	Bucket     string      `json:"bucket"`
	Reason     string      `json:"reason"` // why it is not eligible
	Sources    []string    `json:"sources"`
	Credits    []apiCredit `json:"credits"`
}

type apiCredit struct {
	Model           string  `json:"model"`
	Weight          float64 `json:"weight"`
	Amount          string  `json:"amount"`
	ReportingAmount *string `json:"reporting_amount"`
}

type apiResidue struct {
	Model        string `json:"model"`
	Unattributed string `json:"unattributed"`
	Withheld     string `json:"withheld"`
}

// apiDealJourney answers every touch of a deal with what it earned under each
// model, or why it earns nothing.
func (s *Server) apiDealJourney(c *fiber.Ctx) error {
	id, err := url.PathUnescape(c.Params("id"))
	if err != nil {
		return warehouse.ErrNotFound
	}
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		names, err := s.namer(ctx, v)
		if err != nil {
			return err
		}
		j, err := attribution.Journey(ctx, v, v.Reader.ID, id)
		if err != nil {
			return err
		}
		a := apiJourney{
			DealID: j.DealID, Status: j.Status, Amount: optional(j.AmountMinor, j.Currency), Currency: j.Currency,
			ReportingAmount: optional(j.ReportingMinor, s.Config.Company.Currency), WindowFrom: j.WindowFrom.UTC(), WindowTo: j.WindowTo.UTC(),
			Settings: j.Settings.Line(), Touches: []apiTouch{}, Unattributed: []apiResidue{},
		}
		for _, t := range append(j.Eligible, j.Ineligible...) {
			a.Touches = append(a.Touches, s.touchAnswer(t, j.Currency, names))
		}
		for _, r := range j.Residues {
			a.Unattributed = append(a.Unattributed, apiResidue{r.Model, money.Format(r.UnattributedMinor, j.Currency), money.Format(r.WithheldMinor, j.Currency)})
		}
		return c.JSON(a)
	})
}

func (s *Server) touchAnswer(t attribution.JourneyTouch, currency string, names namer) apiTouch {
	a := apiTouch{
		TouchID: t.TouchID, Position: t.Position, OccurredAt: t.OccurredAt.UTC(), Kind: t.Kind, Direction: t.Direction, Channel: t.Channel,
		CampaignID: t.CampaignID, PostID: t.PostID, RepID: t.RepID, Rep: names.call(t.RepID, t.Rep), PersonID: t.PersonID, Person: t.Person,
		Evidence: t.Evidence, Milestones: orEmpty(t.Milestone), Bucket: t.Bucket, Reason: t.Reason, Sources: orEmpty(t.Sources), Credits: []apiCredit{},
	}
	if !names.named() {
		a.RepID, a.Rep = "", ""
	}
	for _, k := range t.Credits {
		a.Credits = append(a.Credits, apiCredit{k.Model, k.Weight, money.Format(k.AmountMinor, currency), optional(k.ReportingMinor, s.Config.Company.Currency)})
	}
	return a
}

// optional is minor units as decimal text, null when there are none.
func optional(minor *int64, currency string) *string {
	if minor == nil {
		return nil
	}
	text := money.Format(*minor, currency)
	return &text
}

func orEmpty(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}
