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
	DealID          string         `json:"deal_id"`
	Status          string         `json:"status"`
	Amount          *string        `json:"amount"`
	Currency        string         `json:"currency"`
	ReportingAmount *string        `json:"reporting_amount"`
	WindowFrom      time.Time      `json:"window_from"`
	WindowTo        time.Time      `json:"window_to"`
	Settings        string         `json:"settings"`
	Milestones      []apiMilestone `json:"milestones"`
	Touches         []apiTouch     `json:"touches"`
	Unattributed    []apiResidue   `json:"unattributed"`
}

type apiMilestone struct {
	Code     string     `json:"code"`     // FT, LC, OC or CW
	Position int        `json:"position"` // of its touch; 0: missing
	At       *time.Time `json:"at"`       // when the milestone itself was
	Missing  string     `json:"missing"`  // why no touch stands for it
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
	Basis      string      `json:"lawful_basis"`        // of the person, as a source says it; "": no source tells
	BasisFrom  string      `json:"lawful_basis_source"` // which source
	Evidence   string      `json:"evidence"`
	Milestones []string    `json:"milestones"`
	Bucket     string      `json:"bucket"`
	Reason     string      `json:"reason"`    // why it is not eligible
	Explained  string      `json:"explained"` // the reason with the figures it rests on
	Repeats    int         `json:"repeats"`   // position of the touch it repeats; 0: none
	Sources    []string    `json:"sources"`
	Merged     []apiMerged `json:"merged"` // further rows of sources that saw the same act
	Credits    []apiCredit `json:"credits"`
}

type apiMerged struct {
	Source   string `json:"source"`
	Stream   string `json:"stream"`
	SourceID string `json:"source_id"`
	By       string `json:"by"` // what they have in common
}

type apiCredit struct {
	Model           string  `json:"model"`
	Weight          float64 `json:"weight"`
	Amount          string  `json:"amount"`
	ReportingAmount *string `json:"reporting_amount"`
	Why             *apiWhy `json:"why"`
}

// apiWhy is the arithmetic of a credit: round(amount × to / of) − round(amount ×
// from / of), half away from zero.
type apiWhy struct {
	Steps []string `json:"steps"` // how the model weighs the touch
	From  string   `json:"from"`  // weights of all touches before it
	To    string   `json:"to"`    // and of this one
	Of    string   `json:"of"`    // weights of the whole journey
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
		consent, err := dealConsent(ctx, v, j.DealID)
		if err != nil {
			return err
		}
		if err := s.viewed(c, "deal "+j.DealID, peopleOf(j)...); err != nil {
			return err
		}
		a := apiJourney{
			DealID: j.DealID, Status: j.Status, Amount: optional(j.AmountMinor, j.Currency), Currency: j.Currency,
			ReportingAmount: optional(j.ReportingMinor, s.Config.Company.Currency), WindowFrom: j.WindowFrom.UTC(), WindowTo: j.WindowTo.UTC(),
			Settings: j.Settings.Line(), Milestones: []apiMilestone{}, Touches: []apiTouch{}, Unattributed: []apiResidue{},
		}
		for _, m := range j.Milestones() {
			a.Milestones = append(a.Milestones, apiMilestone{m.Code, m.Position, known(m.At), m.Missing})
		}
		for _, t := range append(j.Eligible, j.Ineligible...) {
			answer := s.touchAnswer(j, t, names)
			b := consent[t.PersonID]
			answer.Basis, answer.BasisFrom = b.basis, b.source
			a.Touches = append(a.Touches, answer)
		}
		for _, r := range j.Residues {
			a.Unattributed = append(a.Unattributed, apiResidue{r.Model, money.Format(r.UnattributedMinor, j.Currency), money.Format(r.WithheldMinor, j.Currency)})
		}
		return c.JSON(a)
	})
}

func (s *Server) touchAnswer(j attribution.DealJourney, t attribution.JourneyTouch, names namer) apiTouch {
	a := apiTouch{
		TouchID: t.TouchID, Position: t.Position, OccurredAt: t.OccurredAt.UTC(), Kind: t.Kind, Direction: t.Direction, Channel: t.Channel,
		CampaignID: t.CampaignID, PostID: t.PostID, RepID: t.RepID, Rep: names.call(t.RepID, t.Rep), PersonID: t.PersonID, Person: t.Person,
		Evidence: t.Evidence, Milestones: orEmpty(t.Milestone), Bucket: t.Bucket, Reason: t.Reason, Explained: j.Explain(t), Repeats: t.Repeats,
		Sources: orEmpty(t.Sources), Merged: []apiMerged{}, Credits: []apiCredit{},
	}
	for _, m := range t.Merged {
		a.Merged = append(a.Merged, apiMerged{m.Source, m.Stream, m.SourceID, t.SameAct()})
	}
	if !names.named() {
		a.RepID, a.Rep = "", ""
	}
	for _, k := range t.Credits {
		c := apiCredit{Model: k.Model, Weight: k.Weight, Amount: money.Format(k.AmountMinor, j.Currency), ReportingAmount: optional(k.ReportingMinor, s.Config.Company.Currency)}
		if why, ok := j.Why(k.Model, t.Position); ok {
			c.Why = &apiWhy{orEmpty(why.Steps), why.Weights[0], why.Weights[1], why.Weights[2]}
		}
		a.Credits = append(a.Credits, c)
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

// known is t in UTC, null when it is not known.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func orEmpty(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}
