package attribution

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"credence/warehouse/calendar"
	"credence/warehouse/sqlfile"
)

// CampaignJourney is a deal whose journey a campaign stands in.
type CampaignJourney struct {
	DealID, Deal, Account, Status, Stage string
	ClosedAt                             sql.NullTime
	Minor                                sql.Null[int64] // of the deal, in the reporting currency
	Position                             int             // of the campaign's first touch in the journey
	Touches, OfTouches                   int             // of the campaign, of the journey
	Credit                               sql.Null[int64] // of the campaign under the model; only won deals have one
}

// CampaignJourneys lists the deals whose journey holds a touch of a campaign:
// those won or lost in period p, and all that are open, as far as the reader sees
// them, the largest credit first: size of them after skip, and how many there
// are. Size 0 is all.
func CampaignJourneys(ctx context.Context, q sqlfile.Querier, user, model, campaignID string, p calendar.Period, skip, size int) (items []CampaignJourney, rows int, err error) {
	m, err := modelNamed(model)
	if err != nil {
		return nil, 0, err
	}
	if size <= 0 {
		size = math.MaxInt32
	}
	from, to := bounds(p)
	items, err = sqlfile.All(ctx, q, forModel("campaign_journeys", m), func(scan func(...any) error) (CampaignJourney, error) {
		var j CampaignJourney
		serr := scan(&j.DealID, &j.Deal, &j.Account, &j.Status, &j.Stage, &j.ClosedAt, &j.Minor, &j.Position, &j.Touches, &j.OfTouches, &j.Credit, &rows)
		return j, serr
	}, sql.Named("user_id", user), sql.Named("campaign_id", campaignID), sql.Named("from", from), sql.Named("to", to),
		sql.Named("skip", int64(skip)), sql.Named("size", int64(size)))
	if err != nil {
		return nil, 0, fmt.Errorf("list journeys of a campaign: %w", err)
	}
	return items, rows, nil
}
