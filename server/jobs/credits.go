package jobs

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"credence/attribution"
	"credence/server/export"
	"credence/warehouse"
	"credence/warehouse/calendar"
	"credence/warehouse/money"
	"credence/warehouse/sqlfile"
)

// everyone is the user as whom the command line asks: it sees every row.
const everyone = "*"

// creditColumns is the head of the ledger's file (DESIGN §9).
var creditColumns = []string{
	"model", "deal_id", "touch_id", "position", "channel", "campaign_id", "post_id", "rep_id",
	"evidence", "bucket", "weight", "amount", "currency", "reporting_amount",
}

// noModel says which models there are.
func noModel(name string) error {
	return Misuse(fmt.Errorf("there is no model %q; models are %s", name, strings.Join(attribution.ModelIDs(), ", ")))
}

// credits writes the ledger as CSV and answers how many rows it wrote.
func (j *Jobs) credits(ctx context.Context, call Call, out Out) (rows int, err error) {
	if call.Model != "" {
		if _, ok := attribution.ModelByID(call.Model); !ok {
			return 0, noModel(call.Model)
		}
	}
	var period calendar.Period
	if call.Period != "" {
		if period, err = j.Config.Calendar().Parse(call.Period); err != nil {
			return 0, Misuse(err)
		}
	}
	err = j.Warehouse.Read(ctx, func(s *warehouse.Snapshot) error {
		if s.Generation == 0 {
			return errNoFigures
		}
		rows, err = WriteCredits(ctx, s, out.Stdout, everyone, call.Model, period, j.Config.Company.Currency)
		return err
	})
	return rows, err
}

// WriteCredits writes the ledger that user may see, as CSV, and answers how many rows
// it wrote, also beside an error. reporting is the company's currency.
func WriteCredits(ctx context.Context, q sqlfile.Querier, w io.Writer, user, model string, p calendar.Period, reporting string) (rows int, err error) {
	file := csv.NewWriter(w)
	if err = file.Write(creditColumns); err != nil {
		return 0, fmt.Errorf("write credits: %w", err)
	}
	err = attribution.Ledger(ctx, q, user, model, p, func(r attribution.LedgerRow) error {
		if werr := file.Write(creditFields(r, reporting)); werr != nil {
			return werr
		}
		rows++
		return nil
	})
	if err != nil {
		return rows, fmt.Errorf("write credits: %w", err)
	}
	file.Flush()
	return rows, file.Error()
}

func creditFields(r attribution.LedgerRow, currency string) []string {
	position, weight, reporting := "", "", ""
	if r.Position > 0 {
		position = strconv.Itoa(r.Position)
	}
	if r.Weight != nil {
		weight = strconv.FormatFloat(*r.Weight, 'f', -1, 64)
	}
	if r.ReportingMinor != nil {
		reporting = money.Format(*r.ReportingMinor, currency)
	}
	fields := []string{
		r.Model, r.DealID, r.TouchID, position, r.Channel, r.CampaignID, r.PostID, r.RepID, r.Evidence, r.Bucket,
		weight, money.Format(r.AmountMinor, r.Currency), r.Currency, reporting,
	}
	for _, i := range []int{1, 2, 4, 5, 6, 7} { // texts of the sources
		fields[i] = export.Defuse(fields[i])
	}
	return fields
}
