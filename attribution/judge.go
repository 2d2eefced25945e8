package attribution

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"credence/warehouse/sqlfile"
)

// settle writes s where the statements that follow, and every question, find it:
// what touches are judged by, the exclusion rules and the lookbacks of channels.
// A temporary one stands before the stored one.
func settle(ctx context.Context, q sqlfile.Querier, s Settings, now time.Time, temp string) error {
	create := func(name string, args ...sql.NamedArg) error {
		return kept(questions.Get(name), temp).Exec(ctx, q, args...)
	}
	err := create("attribution_setting", sql.Named("settings", s.String()), sql.Named("now", now),
		sql.Named("reach_days", s.reach()), sql.Named("sent_mail", s.SentMail), sql.Named("opened_mail", s.OpenedMail),
		sql.Named("half_life_s", s.HalfLifeDays*86400),
		sql.Named("custom_first", s.Custom.First), sql.Named("custom_lead", s.Custom.Lead), sql.Named("custom_creation", s.Custom.Creation),
		sql.Named("custom_close", s.Custom.Close), sql.Named("custom_others", s.Custom.Others))
	if err != nil {
		return err
	}
	if err := create("exclusion"); err != nil {
		return err
	}
	for i, rule := range s.Exclude {
		e, err := ParseExclusion(rule)
		if err != nil {
			return fmt.Errorf("attribution.exclude: %w", err)
		}
		err = questions.Get("exclude").Exec(ctx, q, sql.Named("rule_no", i), sql.Named("rule", rule), sql.Named("channel", e.Channel),
			sql.Named("campaign_id", e.Campaign), sql.Named("post_id", e.Post), sql.Named("rep_id", e.Rep), sql.Named("kind", e.Kind), sql.Named("source", e.Source))
		if err != nil {
			return err
		}
	}
	if err := create("channel_lookback"); err != nil {
		return err
	}
	for _, channel := range slices.Sorted(maps.Keys(s.LookbackByChannel)) {
		err := questions.Get("look_back").Exec(ctx, q, sql.Named("channel", channel), sql.Named("more_days", s.LookbackByChannel[channel]-s.LookbackDays))
		if err != nil {
			return err
		}
	}
	return nil
}

// reach is how many days before a deal candidate holds touches: a year at least,
// so that most lookbacks can be tried without gathering anew.
func (s Settings) reach() int {
	days := max(366, s.LookbackDays)
	for _, d := range s.LookbackByChannel {
		days = max(days, d)
	}
	return days
}

// kept is st with its table in the database, or, when temp is "temp", on the
// connection alone.
func kept(st *sqlfile.Statement, temp string) *sqlfile.Statement {
	return sqlfile.Parse(st.Name, strings.ReplaceAll(st.Source, "/*temp*/", temp))
}

// judged is the statement called name over judged_touch: touches, a table of
// facts, as s makes of them. What a rule compares with stands in exclusion.
func judged(name, touches string, s Settings) *sqlfile.Statement {
	var rule strings.Builder
	for i, text := range s.Exclude {
		e, _ := ParseExclusion(text) // settle refused a rule that is none
		of := func(column string) string {
			return fmt.Sprintf("(select x.%s from exclusion x where x.rule_no = %d)", column, i)
		}
		var same []string
		for _, f := range []struct{ column, value string }{
			{"channel", e.Channel},
			{"campaign_id", e.Campaign},
			{"post_id", e.Post},
			{"rep_id", e.Rep},
			{"kind", e.Kind},
			{"source", e.Source},
		} {
			if f.value != "" {
				same = append(same, "t."+f.column+" = "+of(f.column))
			}
		}
		fmt.Fprintf(&rule, "when %s then %s ", strings.Join(same, " and "), of("rule"))
	}
	expression := "''"
	if len(s.Exclude) > 0 {
		expression = "case " + rule.String() + "else '' end"
	}
	text := strings.ReplaceAll(questions.Get(name).Source, "/*judged*/", questions.Get("judged_touch").Bound())
	text = strings.ReplaceAll(text, "/*rule*/", expression)
	return sqlfile.Parse(name, strings.ReplaceAll(text, "/*touches*/", touches))
}
