package attribution

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Difference is one setting that two Settings hold differently, in words.
type Difference struct {
	Key   string // of the configuration: lookback_days
	Title string // Lookback
	From  string // 90 days
	To    string // 30 days
}

// String is the difference in one phrase: "Lookback: 90 days → 30 days".
func (d Difference) String() string { return d.Title + ": " + d.From + " → " + d.To }

// Entry is one setting in words.
type Entry struct {
	Key   string // of the configuration: lookback_days
	Title string // Lookback
	Value string // 90 days
}

// Entries are the settings in words, in the order of the configuration.
func (s Settings) Entries() []Entry {
	model := s.Model
	if m, ok := ModelByID(s.Model); ok {
		model = m.Title
	}
	byChannel := "as all"
	if len(s.LookbackByChannel) > 0 {
		var parts []string
		for _, channel := range slices.Sorted(maps.Keys(s.LookbackByChannel)) {
			parts = append(parts, channel+" "+days(s.LookbackByChannel[channel]))
		}
		byChannel = strings.Join(parts, ", ")
	}
	exclude := "nothing"
	if len(s.Exclude) > 0 {
		exclude = strings.Join(slices.Sorted(slices.Values(s.Exclude)), "; ")
	}
	return []Entry{
		{"model", "Model", model},
		{"lookback_days", "Lookback", days(s.LookbackDays)},
		{"lookback_by_channel", "Lookback of a channel", byChannel},
		{"anchor", "Counted back from", AnchorWords(s.Anchor)},
		{"people", "People", PeopleWords(s.People)},
		{"path", "Path", PathWords(s.Path)},
		{"touches", "Touches", TouchesWords(s.Touches)},
		{"sent_mail", "Mail merely sent", mayEarn(s.SentMail)},
		{"opened_mail", "Mail merely opened", mayEarn(s.OpenedMail)},
		{"exclude", "Left out", exclude},
		{"half_life_days", "Half-life", decimal(s.HalfLifeDays) + " days"},
		{"custom", "Custom weights", s.Custom.String()},
		{"markov_order", "Markov order", strconv.Itoa(s.MarkovOrder)},
	}
}

// Differences are the settings that to holds otherwise than s, in the order of
// the configuration; none when the two are equal.
func (s Settings) Differences(to Settings) []Difference {
	var out []Difference
	after := to.Entries()
	for i, e := range s.Entries() {
		if e.Value != after[i].Value {
			out = append(out, Difference{Key: e.Key, Title: e.Title, From: e.Value, To: after[i].Value})
		}
	}
	return out
}

// String is the weights in the order of a journey: ".3 first, .2 lead, …".
func (m Milestones) String() string {
	return fmt.Sprintf("%s first, %s lead, %s creation, %s close, %s others",
		decimal(m.First), decimal(m.Lead), decimal(m.Creation), decimal(m.Close), decimal(m.Others))
}

// AnchorWords says what a window is counted back from.
func AnchorWords(anchor string) string {
	return map[string]string{AnchorCreation: "the deal's creation", AnchorClose: "the close"}[anchor]
}

// PeopleWords says whose touches count.
func PeopleWords(people string) string {
	return map[string]string{
		PeopleAccount: "all people of the account", PeopleDeal: "people with a role on the deal", PeoplePrimary: "the primary contact",
	}[people]
}

// PathWords says which touches of a journey count.
func PathWords(path string) string {
	return map[string]string{
		PathAll: "every touch counts", PathExposure: "repeats in sequence are one",
		PathFirst: "only the first of equal touches counts", PathDropDirect: "Direct counts only alone",
	}[path]
}

// TouchesWords says which touches may earn.
func TouchesWords(touches string) string {
	return map[string]string{
		TouchesAll: "marketing and sales touches", TouchesMarketing: "marketing touches", TouchesSales: "sales touches",
	}[touches]
}

func mayEarn(yes bool) string {
	if yes {
		return "may earn"
	}
	return "earns nothing"
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return strconv.Itoa(n) + " days"
}

// decimal is a number in as few digits as say it.
func decimal(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
