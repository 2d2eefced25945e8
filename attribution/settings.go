package attribution

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

// The vocabularies of Settings.
const (
	AnchorCreation = "creation" // the window reaches back from the deal's creation
	AnchorClose    = "close"    // … from its close

	PeopleAccount = "account" // everybody of the deal's account
	PeopleDeal    = "deal"    // those with a role on the deal
	PeoplePrimary = "primary" // the primary contact alone

	PathAll        = "all"         // every eligible touch
	PathExposure   = "exposure"    // neighbours of equal channel, campaign, post and rep are one
	PathFirst      = "first"       // only the first touch of each channel, campaign, post and rep
	PathDropDirect = "drop_direct" // without Direct, unless all are Direct

	TouchesAll       = "all"
	TouchesMarketing = "marketing" // all but Sales
	TouchesSales     = "sales"     // Sales alone
)

// maxDays is the longest window and half-life: ten years.
const maxDays = 3660

// minHalfLife is the shortest half-life in days: below it a touch hours before
// another would weigh nothing.
const minHalfLife = 0.1

// Settings say which touches are eligible and which model the company reports
// by. Every report prints them. Default is their zero. The tags are the keys of
// the configuration and of saved settings.
type Settings struct {
	Model             string         `json:"model" yaml:"model"`                                       // the company's model: what pages show unless asked otherwise
	LookbackDays      int            `json:"lookback_days" yaml:"lookback_days"`                       // of 24 hours each, both ends included
	LookbackByChannel map[string]int `json:"lookback_by_channel,omitempty" yaml:"lookback_by_channel"` // days of a channel instead of LookbackDays
	Anchor            string         `json:"anchor" yaml:"anchor"`                                     // AnchorCreation or AnchorClose
	People            string         `json:"people" yaml:"people"`                                     // PeopleAccount, PeopleDeal or PeoplePrimary
	Path              string         `json:"path" yaml:"path"`                                         // PathAll, PathExposure, PathFirst or PathDropDirect
	Touches           string         `json:"touches" yaml:"touches"`                                   // TouchesAll, TouchesMarketing or TouchesSales
	SentMail          bool           `json:"sent_mail" yaml:"sent_mail"`                               // mail and chat merely sent to a prospect may earn too
	OpenedMail        bool           `json:"opened_mail" yaml:"opened_mail"`                           // mail merely opened may earn too
	Exclude           []string       `json:"exclude,omitempty" yaml:"exclude"`                         // rules as ParseExclusion reads them: touches that never earn
	HalfLifeDays      float64        `json:"half_life_days" yaml:"half_life_days"`                     // of time_decay
	Custom            Milestones     `json:"custom" yaml:"custom"`                                     // of custom
	MarkovOrder       int            `json:"markov_order" yaml:"markov_order"`                         // of markov: how many states back a step looks, 1 to 4
}

// Milestones are the weights of the model custom: of the first touch, of lead
// creation, deal creation and close, and of all other touches together. They sum
// to 1.
type Milestones struct {
	First    float64 `json:"first" yaml:"first"`
	Lead     float64 `json:"lead" yaml:"lead"`
	Creation float64 `json:"creation" yaml:"creation"`
	Close    float64 `json:"close" yaml:"close"`
	Others   float64 `json:"others" yaml:"others"`
}

// Default is how Credence attributes when nobody says otherwise.
func Default() Settings {
	return Settings{
		Model: "linear", LookbackDays: 90, Anchor: AnchorCreation, People: PeopleAccount,
		Path: PathAll, Touches: TouchesAll, HalfLifeDays: 7,
		Custom: Milestones{First: .3, Lead: .2, Creation: .3, Close: .1, Others: .1}, MarkovOrder: 1,
	}
}

// Equal says whether s and o attribute alike.
func (s Settings) Equal(o Settings) bool {
	return s.String() == o.String()
}

// String is the settings in one text, the same for equal settings: their JSON
// with the exclusion rules in order.
func (s Settings) String() string {
	s.Exclude = slices.Sorted(slices.Values(s.Exclude))
	text, err := json.Marshal(s)
	if err != nil {
		return fmt.Sprintf("%#v", s) // only a half-life that is no number, which Validate refuses
	}
	return string(text)
}

// Choice is a setting that is one word of several.
type Choice struct {
	Key, Value string
	Words      []string
}

// Choices are the settings that are one word of several.
func (s Settings) Choices() []Choice {
	return []Choice{
		{"attribution.model", s.Model, ModelIDs()},
		{"attribution.anchor", s.Anchor, []string{AnchorCreation, AnchorClose}},
		{"attribution.people", s.People, []string{PeopleAccount, PeopleDeal, PeoplePrimary}},
		{"attribution.path", s.Path, []string{PathAll, PathExposure, PathFirst, PathDropDirect}},
		{"attribution.touches", s.Touches, []string{TouchesAll, TouchesMarketing, TouchesSales}},
	}
}

// Validate names the first setting that Build cannot work with, and its remedy.
func (s Settings) Validate() error {
	if s.LookbackDays < 0 || s.LookbackDays > maxDays {
		return fmt.Errorf("attribution.lookback_days is %d; write 0 to %d", s.LookbackDays, maxDays)
	}
	for _, channel := range slices.Sorted(maps.Keys(s.LookbackByChannel)) {
		if !slices.Contains(warehouse.Channels, channel) {
			return fmt.Errorf("attribution.lookback_by_channel names the channel %q; choose from %s", channel, strings.Join(warehouse.Channels, ", "))
		}
		if days := s.LookbackByChannel[channel]; days < 0 || days > maxDays {
			return fmt.Errorf("attribution.lookback_by_channel of %s is %d; write 0 to %d", channel, days, maxDays)
		}
	}
	for _, c := range s.Choices() {
		if !slices.Contains(c.Words, c.Value) {
			return fmt.Errorf("%s is %q; choose one of %s", c.Key, c.Value, strings.Join(c.Words, ", "))
		}
	}
	for _, rule := range s.Exclude {
		if _, err := ParseExclusion(rule); err != nil {
			return fmt.Errorf("attribution.exclude: %w", err)
		}
	}
	if !(s.HalfLifeDays >= minHalfLife) || s.HalfLifeDays > maxDays {
		return fmt.Errorf("attribution.half_life_days is %v; write a number of days from %v to %d", s.HalfLifeDays, minHalfLife, maxDays)
	}
	if s.MarkovOrder < 1 || s.MarkovOrder > 4 {
		return fmt.Errorf("attribution.markov_order is %d; write 1 to 4", s.MarkovOrder)
	}
	return s.Custom.validate()
}

func (m Milestones) validate() error {
	sum := 0.0
	for _, w := range []float64{m.First, m.Lead, m.Creation, m.Close, m.Others} {
		if !(w >= 0 && w <= 1) {
			return fmt.Errorf("attribution.custom has a weight of %v; write shares from 0 to 1", w)
		}
		sum += w
	}
	if math.Abs(sum-1) > 1e-9 {
		return fmt.Errorf("the weights of attribution.custom sum to %s; first, lead, creation, close and others must sum to 1", strconv.FormatFloat(sum, 'g', 10, 64))
	}
	return nil
}

// Line is the settings as every report prints them.
func (s Settings) Line() string {
	parts := []string{
		fmt.Sprintf("%d days before %s", s.LookbackDays, s.Anchor),
		PeopleWords(s.People),
		PathWords(s.Path),
		TouchesWords(s.Touches),
		fmt.Sprintf("half-life %g days", s.HalfLifeDays),
	}
	for _, channel := range slices.Sorted(maps.Keys(s.LookbackByChannel)) {
		parts[0] += fmt.Sprintf(", %s %d", channel, s.LookbackByChannel[channel])
	}
	switch {
	case s.SentMail && s.OpenedMail:
		parts = append(parts, "sent and opened mail may earn")
	case s.SentMail:
		parts = append(parts, "sent mail may earn, opened mail earns nothing")
	case s.OpenedMail:
		parts = append(parts, "opened mail may earn, sent mail earns nothing")
	default:
		parts = append(parts, "sent and opened mail earns nothing")
	}
	if len(s.Exclude) > 0 {
		parts = append(parts, "without "+strings.Join(s.Exclude, ", without "))
	}
	return strings.Join(parts, "; ")
}

// Exclusion is a rule that keeps touches out of every journey: those for which
// all of its non-empty fields match.
type Exclusion struct {
	Channel, Campaign, Post, Rep string // equal, ids are never folded
	Kind                         string // of the act: email, visit, click, …
	Source                       string // the name of the source that the touch speaks by
}

// field is where the value of a word of a rule goes; nil for another word.
func (e *Exclusion) field(name string) *string {
	switch name {
	case "channel":
		return &e.Channel
	case "campaign":
		return &e.Campaign
	case "post":
		return &e.Post
	case "rep":
		return &e.Rep
	case "kind":
		return &e.Kind
	case "source":
		return &e.Source
	}
	return nil
}

// ParseExclusion reads a rule such as "channel=Display" or "campaign=c-17 &
// kind=click". It answers an error that says what a rule looks like.
func ParseExclusion(rule string) (Exclusion, error) {
	const remedy = "; write for example \"channel=Display\" or \"campaign=c-17 & kind=click\" (channel, campaign, post, rep, kind, source)"
	var e Exclusion
	for part := range strings.SplitSeq(rule, "&") {
		name, value, found := strings.Cut(part, "=")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		field := e.field(name)
		switch {
		case !found || value == "":
			return e, fmt.Errorf("%q is no rule%s", rule, remedy)
		case field == nil:
			return e, fmt.Errorf("%q in the rule %q is not known%s", name, rule, remedy)
		case *field != "":
			return e, fmt.Errorf("the rule %q names %s twice%s", rule, name, remedy)
		case name == "channel" && !slices.Contains(warehouse.Channels, value):
			return e, fmt.Errorf("the rule %q names the channel %q; choose from %s", rule, value, strings.Join(warehouse.Channels, ", "))
		}
		*field = value
	}
	return e, nil
}

// BuiltWith is the settings and the time the stored ledger was made with.
func BuiltWith(ctx context.Context, q sqlfile.Querier) (s Settings, at time.Time, err error) {
	var text string
	if err = questions.Get("built_with").One(ctx, q, nil, &text, &at); err != nil {
		return Settings{}, time.Time{}, fmt.Errorf("read attribution settings: %w", err)
	}
	if s, err = ParseSettings(text); err != nil {
		return Settings{}, time.Time{}, fmt.Errorf("read attribution settings: %w", err)
	}
	return s, at.UTC(), nil
}

// ParseSettings reads what String wrote; a key that is absent has its default.
func ParseSettings(text string) (Settings, error) {
	s := Default()
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return Settings{}, fmt.Errorf("settings %q: %w", text, err)
	}
	return s, nil
}

// ParseLookbacks reads days by channel from "Event=180,Display=30".
func ParseLookbacks(text string) (map[string]int, error) {
	out := map[string]int{}
	for part := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		channel, days, _ := strings.Cut(part, "=")
		n, err := strconv.Atoi(strings.TrimSpace(days))
		if err != nil {
			return nil, fmt.Errorf("%q is no lookback of a channel; write for example \"Event=180,Display=30\"", strings.TrimSpace(part))
		}
		out[strings.TrimSpace(channel)] = n
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}
