package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"credence/attribution"
	"credence/server/config"
	"credence/server/export"
	"credence/warehouse"
	"credence/warehouse/calendar"
)

// report writes the report of a period and answers how many rows it has.
func (j *Jobs) report(ctx context.Context, call Call, out Out) (rows int, err error) {
	if _, ok := export.Formats[call.Format]; !ok {
		known := make([]string, 0, len(export.Formats))
		for f := range export.Formats {
			known = append(known, f)
		}
		slices.Sort(known)
		return 0, Misuse(fmt.Errorf("%q is no format of a report; formats are %s", call.Format, strings.Join(known, ", ")))
	}
	company := j.Config.Calendar()
	period := company.QuarterOf(j.Now())
	if call.Period != "" {
		if period, err = company.Parse(call.Period); err != nil {
			return 0, Misuse(err)
		}
	}
	if _, ok := attribution.ModelByID(call.Model); call.Model != "" && !ok {
		return 0, noModel(call.Model)
	}
	err = j.Warehouse.Read(ctx, func(s *warehouse.Snapshot) error {
		if s.Generation == 0 {
			return errNoFigures
		}
		model := call.Model
		if model == "" {
			inForce, ferr := attribution.SettingsInForce(ctx, s, j.Config.Attribution)
			if ferr != nil {
				return ferr
			}
			model = inForce.Settings.Model
		}
		r, berr := export.Build(ctx, s, ReportRequest(j.Config, everyone, model, period, true, j.Now()))
		if berr != nil {
			return fmt.Errorf("report %s: %w", period.Name, berr)
		}
		if r.Restated != "" {
			out.Say("%s %s", period.Name, r.Restated)
		}
		rows = r.Rows() // before the first byte: it is written as one
		return r.Write(out.Stdout, call.Format)
	})
	return rows, err
}

// ReportRequest is the request for a report under a configuration.
func ReportRequest(c config.Config, user, model string, p calendar.Period, nameReps bool, now time.Time) export.Request {
	return export.Request{
		UserID: user, Company: companyName(c), Currency: c.Company.Currency, Calendar: c.Calendar(), Period: p, Model: model,
		Efficiency: EfficiencySettings(c), NameReps: nameReps, Now: now.UTC(),
	}
}

func companyName(c config.Config) string {
	if c.Company.Name == "" {
		return "Credence"
	}
	return c.Company.Name
}

var errNoFigures = errors.New("there are no figures yet: run credence sync, then credence refresh")
