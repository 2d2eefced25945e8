package web

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"credence/attribution"
	"credence/ui"
	"credence/warehouse"
)

// setting is one attribution setting that a form or an address can hold in one
// value. Its name is its key in the configuration.
type setting struct {
	key   string
	write func(attribution.Settings) string
	read  func(*attribution.Settings, string) error
}

// settingTable is the settings of one value. lookback_by_channel and exclude,
// which hold several, are read and written beside it.
var settingTable = []setting{
	ofText("model", func(s *attribution.Settings) *string { return &s.Model }),
	ofWhole("lookback_days", func(s *attribution.Settings) *int { return &s.LookbackDays }),
	ofText("anchor", func(s *attribution.Settings) *string { return &s.Anchor }),
	ofText("people", func(s *attribution.Settings) *string { return &s.People }),
	ofText("path", func(s *attribution.Settings) *string { return &s.Path }),
	ofText("touches", func(s *attribution.Settings) *string { return &s.Touches }),
	ofYes("sent_mail", func(s *attribution.Settings) *bool { return &s.SentMail }),
	ofYes("opened_mail", func(s *attribution.Settings) *bool { return &s.OpenedMail }),
	ofNumber("half_life_days", func(s *attribution.Settings) *float64 { return &s.HalfLifeDays }),
	ofNumber("custom.first", func(s *attribution.Settings) *float64 { return &s.Custom.First }),
	ofNumber("custom.lead", func(s *attribution.Settings) *float64 { return &s.Custom.Lead }),
	ofNumber("custom.creation", func(s *attribution.Settings) *float64 { return &s.Custom.Creation }),
	ofNumber("custom.close", func(s *attribution.Settings) *float64 { return &s.Custom.Close }),
	ofNumber("custom.others", func(s *attribution.Settings) *float64 { return &s.Custom.Others }),
	ofWhole("markov_order", func(s *attribution.Settings) *int { return &s.MarkovOrder }),
}

const (
	keyLookbacks = "lookback_by_channel" // "Event=180,Display=30", or one parameter a channel: lookback_by_channel.Event
	keyExclude   = "exclude"             // a rule a parameter, or a rule a line
	keyCustom    = "custom"              // what is wrong with the five weights together
)

func ofText(key string, at func(*attribution.Settings) *string) setting {
	return setting{key, func(s attribution.Settings) string { return *at(&s) }, func(s *attribution.Settings, v string) error {
		*at(s) = strings.TrimSpace(v)
		return nil
	}}
}

func ofWhole(key string, at func(*attribution.Settings) *int) setting {
	return setting{key, func(s attribution.Settings) string { return strconv.Itoa(*at(&s)) }, func(s *attribution.Settings, v string) error {
		n, err := strconv.Atoi(strings.TrimSpace(v))
		if err != nil {
			return fmt.Errorf("%s is %q; write a whole number", key, v)
		}
		*at(s) = n
		return nil
	}}
}

func ofNumber(key string, at func(*attribution.Settings) *float64) setting {
	write := func(s attribution.Settings) string { return strconv.FormatFloat(*at(&s), 'f', -1, 64) }
	return setting{key, write, func(s *attribution.Settings, v string) error {
		n, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(v), ",", ".", 1), 64)
		if err != nil {
			return fmt.Errorf("%s is %q; write a number such as 2.5", key, v)
		}
		*at(s) = n
		return nil
	}}
}

func ofYes(key string, at func(*attribution.Settings) *bool) setting {
	write := func(s attribution.Settings) string { return strconv.FormatBool(*at(&s)) }
	return setting{key, write, func(s *attribution.Settings, v string) error {
		yes, err := strconv.ParseBool(strings.TrimSpace(v))
		if err != nil {
			return fmt.Errorf("%s is %q; write true or false", key, v)
		}
		*at(s) = yes
		return nil
	}}
}

// problems are what is wrong with the values of a form, by key.
type problems map[string]error

// first is the problem of the first key in the configuration's order; nil when
// nothing is wrong.
func (p problems) first() error {
	for _, e := range attribution.Default().Entries() {
		if err := p[e.Key]; err != nil {
			return err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(p)) {
		return p[key]
	}
	return nil
}

// maxRules is how many rules of exclusion are read: each is asked of every touch.
const maxRules = 200

// readSettings lays the settings that q names over base. What q does not name
// stays; a value that cannot be is told by its key and stays too.
func readSettings(base attribution.Settings, q url.Values) (attribution.Settings, problems) {
	s, wrong := base, problems{}
	for _, one := range settingTable {
		if !q.Has(one.key) {
			continue
		}
		if err := once(q, one.key); err != nil {
			wrong[one.key] = err
		} else if err := one.read(&s, q.Get(one.key)); err != nil {
			wrong[one.key] = err
		}
	}
	if named, lookbacks, err := readLookbacks(q); err != nil {
		wrong[keyLookbacks] = err
	} else if named {
		s.LookbackByChannel = lookbacks
	}
	if q.Has(keyExclude) {
		s.Exclude = nil
		for _, value := range q[keyExclude] {
			for rule := range strings.Lines(value) {
				if rule = strings.TrimSpace(rule); rule != "" && len(s.Exclude) <= maxRules && !slices.Contains(s.Exclude, rule) {
					s.Exclude = append(s.Exclude, rule)
				}
			}
		}
		if len(s.Exclude) > maxRules {
			wrong[keyExclude] = fmt.Errorf("exclude has more than %d rules; leave out whole channels, campaigns or sources", maxRules)
		}
	}
	validateEach(s, q, wrong)
	return s, wrong
}

// once refuses a parameter that is given several times: which one is meant is not
// ours to guess.
func once(q url.Values, key string) error {
	if n := len(q[key]); n > 1 {
		return fmt.Errorf("%s is given %d times; write it once", key, n)
	}
	return nil
}

// readLookbacks are the lookbacks of channels that q names, and whether it names
// any way to say them.
func readLookbacks(q url.Values) (named bool, days map[string]int, err error) {
	days = map[string]int{}
	if q.Has(keyLookbacks) {
		if err = once(q, keyLookbacks); err != nil {
			return true, nil, err
		}
		if days, err = attribution.ParseLookbacks(q.Get(keyLookbacks)); err != nil {
			return true, nil, err
		}
		return true, days, nil
	}
	for name, values := range q {
		channel, ok := strings.CutPrefix(name, keyLookbacks+".")
		if !ok {
			continue
		}
		named = true
		if err = once(q, name); err != nil {
			return true, nil, err
		}
		text := strings.TrimSpace(values[0])
		if text == "" {
			continue
		}
		n, aerr := strconv.Atoi(text)
		if aerr != nil {
			return true, nil, fmt.Errorf("%s of %s is %q; write a whole number of days, or nothing", keyLookbacks, channel, text)
		}
		days[channel] = n
	}
	if len(days) == 0 {
		days = nil
	}
	return named, days, nil
}

// validateEach tries every setting that q names alone upon good ones, so that
// each fault is told at its own field.
func validateEach(s attribution.Settings, q url.Values, wrong problems) {
	try := func(key string, put func(*attribution.Settings)) {
		if wrong[key] != nil {
			return
		}
		trial := attribution.Default()
		put(&trial)
		if err := trial.Validate(); err != nil {
			wrong[key] = errors.New(strings.TrimPrefix(strings.Replace(err.Error(), "of attribution.", "of ", 1), "attribution."))
		}
	}
	for _, one := range settingTable {
		if q.Has(one.key) && wrong[one.key] == nil && !strings.HasPrefix(one.key, keyCustom) {
			try(one.key, func(t *attribution.Settings) { _ = one.read(t, one.write(s)) }) // it was read once
		}
	}
	for key := range wrong {
		if strings.HasPrefix(key, keyCustom+".") { // their sum says nothing then
			wrong[keyCustom] = errors.New("one of the weights is no number")
		}
	}
	try(keyCustom, func(t *attribution.Settings) { t.Custom = s.Custom })
	try(keyLookbacks, func(t *attribution.Settings) { t.LookbackByChannel = s.LookbackByChannel })
	try(keyExclude, func(t *attribution.Settings) { t.Exclude = s.Exclude })
}

// settingQuery is the parameters that make s of base: those of the settings that
// differ.
func settingQuery(base, s attribution.Settings) url.Values {
	q := url.Values{}
	for _, d := range base.Differences(s) {
		switch d.Key {
		case keyLookbacks:
			var parts []string
			for _, channel := range slices.Sorted(maps.Keys(s.LookbackByChannel)) {
				parts = append(parts, fmt.Sprintf("%s=%d", channel, s.LookbackByChannel[channel]))
			}
			q.Set(keyLookbacks, strings.Join(parts, ","))
		case keyExclude:
			if q[keyExclude] = slices.Sorted(slices.Values(s.Exclude)); len(s.Exclude) == 0 {
				q[keyExclude] = []string{""}
			}
		default:
			for _, one := range settingTable {
				if one.key == d.Key || d.Key == keyCustom && strings.HasPrefix(one.key, keyCustom+".") {
					q.Set(one.key, one.write(s))
				}
			}
		}
	}
	return q
}

// namesSetting reports whether a parameter is one of the settings.
func namesSetting(name string) bool {
	return name == keyLookbacks || name == keyExclude || strings.HasPrefix(name, keyLookbacks+".") ||
		slices.ContainsFunc(settingTable, func(one setting) bool { return one.key == name })
}

// settingFields are the settings s as a form. What differs from inForce says so,
// and what is wrong stands at its field.
func settingFields(inForce, s attribution.Settings, given url.Values, wrong problems, suggest []ui.Suggestion) []ui.Field {
	was := map[string]string{}
	for _, d := range inForce.Differences(s) {
		was[d.Key] = d.From
	}
	words := map[string]string{}
	for _, e := range s.Entries() {
		words[e.Key] = e.Value
	}
	field := func(kind, key, label, hint string) ui.Field {
		f := ui.Field{Kind: kind, Name: key, Label: label, Hint: hint, Was: was[key], Summary: words[key]}
		if err := wrong[key]; err != nil {
			f.Error = err.Error()
		}
		for _, one := range settingTable {
			if one.key != key {
				continue
			}
			if f.Value = one.write(s); f.Error != "" { // what was written, not what became of it
				f.Value = given.Get(key)
			}
		}
		return f
	}
	number := func(key, label, hint, unit, low, high, step string) ui.Field {
		f := field("number", key, label, hint)
		f.Unit, f.Min, f.Max, f.Step = unit, low, high, step
		return f
	}
	choice := func(key, label, hint string, options ...ui.FieldOption) ui.Field {
		f := field("choice", key, label, hint)
		for i := range options {
			options[i].Chosen = options[i].Value == f.Value
		}
		f.Options = options
		return f
	}
	option := func(words func(string) string, values ...string) (out []ui.FieldOption) {
		for _, v := range values {
			out = append(out, ui.FieldOption{Value: v, Text: upper(words(v))})
		}
		return out
	}
	var models []ui.FieldOption
	for _, m := range attribution.Models {
		models = append(models, ui.FieldOption{Value: m.ID, Text: m.Title})
	}
	mail := []ui.FieldOption{{Value: "false", Text: "Earns nothing"}, {Value: "true", Text: "May earn"}}
	return []ui.Field{
		choice("model", "Model", "what pages show unless asked otherwise", models...),
		number("lookback_days", "Lookback", "24 hours each, both ends included", "days", "0", "3660", "1"),
		choice("anchor", "Counted back from", "the window ends at the close either way", option(attribution.AnchorWords, attribution.AnchorCreation, attribution.AnchorClose)...),
		choice("people", "Whose touches count", "", option(attribution.PeopleWords, attribution.PeopleAccount, attribution.PeopleDeal, attribution.PeoplePrimary)...),
		choice("touches", "Which touches may earn", "", option(attribution.TouchesWords, attribution.TouchesAll, attribution.TouchesMarketing, attribution.TouchesSales)...),
		choice("path", "Path", "equal: of one channel, campaign, post and rep", option(attribution.PathWords, attribution.PathAll, attribution.PathExposure, attribution.PathFirst, attribution.PathDropDirect)...),
		choice("sent_mail", "Mail and chat merely sent", "", slices.Clone(mail)...),
		choice("opened_mail", "Mail merely opened", "", slices.Clone(mail)...),
		number("half_life_days", "Half-life of time decay", "", "days", "0.1", "3660", "any"),
		number("markov_order", "Order of the Markov model", "how many touches back a step looks", "", "1", "4", "1"),
		lookbackFields(field("group", keyLookbacks, "Lookback of a channel", "Days instead of the lookback above; empty is as all"), s, given, wrong),
		customFields(field("group", keyCustom, "Custom weights", "Shares of the model Custom; they sum to 1"), s, given, wrong),
		ruleFields(field("rules", keyExclude, "Touches left out", `A rule a line, such as "channel=Display" or "campaign=c-17 & kind=click"; what all its words match earns nothing`), s, suggest),
	}
}

func lookbackFields(f ui.Field, s attribution.Settings, given url.Values, wrong problems) ui.Field {
	for i, channel := range warehouse.Channels {
		part := ui.Field{
			Kind: "number", Name: keyLookbacks + "." + channel, ID: fmt.Sprintf("f-lookback-%d", i), Label: channel, Unit: "days",
			Min: "0", Max: "3660", Step: "1", Blank: "as all",
		}
		if n, ok := s.LookbackByChannel[channel]; ok {
			part.Value = strconv.Itoa(n)
		}
		if wrong[keyLookbacks] != nil && given.Has(part.Name) {
			part.Value = given.Get(part.Name)
		}
		f.Parts = append(f.Parts, part)
	}
	return f
}

func customFields(f ui.Field, s attribution.Settings, given url.Values, wrong problems) ui.Field {
	for _, part := range [][2]string{{"first", "First touch"}, {"lead", "Lead creation"}, {"creation", "Deal creation"}, {"close", "Close"}, {"others", "All others"}} {
		p := ui.Field{Kind: "number", Name: keyCustom + "." + part[0], ID: "f-custom-" + part[0], Label: part[1], Min: "0", Max: "1", Step: "any"}
		for _, one := range settingTable {
			if one.key == p.Name {
				p.Value = one.write(s)
			}
		}
		if err := wrong[p.Name]; err != nil {
			p.Error, p.Value, f.Open = err.Error(), given.Get(p.Name), true
		}
		f.Parts = append(f.Parts, p)
	}
	return f
}

// blankRules is how many empty lines wait for a rule.
const blankRules = 2

func ruleFields(f ui.Field, s attribution.Settings, suggest []ui.Suggestion) ui.Field {
	f.Rules = append(slices.Clone(s.Exclude), slices.Repeat([]string{""}, blankRules)...)
	f.Suggest = suggest
	return f
}
