package performance

import (
	"context"
	"fmt"

	"credence/warehouse"
	"credence/warehouse/calendar"
)

var steps = mustCompose("build")

// Build prepares the tables the metrics read, inside the write transaction of a
// refresh and after the touches are made: deal_group (which groups a deal
// belongs to), stage_visit and stage_odds (stage history and the chance to win
// from each stage), response and outreach (how long customers waited, which mails were
// answered), deal_people (how many people a deal
// involved) and quota_day (quotas
// spread over working days).
func Build(ctx context.Context, tx *warehouse.Tx, company calendar.Company) error {
	for _, step := range []string{"dialect_duckdb", "deal_group", "stage_visit", "stage_odds", "response", "outreach", "deal_people", "quota_day"} {
		if err := steps.Get(step).Exec(ctx, tx); err != nil {
			return fmt.Errorf("build %s: %w", step, err)
		}
	}
	if err := fillQuotaDays(ctx, tx, company); err != nil {
		return fmt.Errorf("spread quotas over working days: %w", err)
	}
	return nil
}
