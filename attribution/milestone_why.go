package attribution

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// DealMilestone is where a milestone of a deal stands on its journey.
type DealMilestone struct {
	Code     string    // FT, LC, OC or CW
	Position int       // of its touch; 0 when missing
	At       time.Time // when the milestone itself was; zero when unknown
	Missing  string    // why no touch stands for it; empty when one does
}

// Milestones are the four milestones of the deal in order.
func (j DealJourney) Milestones() [4]DealMilestone {
	var out [4]DealMilestone
	for i, at := range [4]time.Time{{}, j.LeadAt, j.CreatedAt, j.ClosedAt} {
		out[i] = DealMilestone{Code: milestoneCodes[i], At: at}
		for _, t := range j.Eligible {
			if slices.Contains(t.Milestone, out[i].Code) {
				out[i].Position = t.Position
			}
		}
	}
	if len(j.Eligible) > 0 {
		out[0].At = j.Eligible[0].OccurredAt
	}
	for i, m := range out {
		if m.Position == 0 {
			out[i].Missing = j.missing(m)
		}
	}
	return out
}

// missing is why no touch stands for m.
func (j DealJourney) missing(m DealMilestone) string {
	switch {
	case len(j.Eligible) == 0:
		return "no touch is eligible"
	case m.Code == "LC" && m.At.IsZero():
		return map[string]string{
			PeopleAccount: "nobody of the account is known to have become a lead",
			PeopleDeal:    "nobody with a role on the deal is known to have become a lead",
			PeoplePrimary: "the primary contact is not known to have become a lead",
		}[j.Settings.People]
	case m.Code == "LC":
		return "no touch lies at or before " + j.stamp(m.At) + ", when the lead was created"
	case m.Code == "OC" && m.At.IsZero():
		return "the deal has no date of creation"
	case m.Code == "OC":
		return "no touch lies at or before " + j.stamp(m.At) + ", when the deal was created"
	}
	return "the deal is not won"
}

// stamp is a time in a sentence. A page says the zone of its times once; without
// a zone of the reader's the sentence does.
func (j DealJourney) stamp(t time.Time) string {
	const layout = "2 Jan 2006 15:04"
	if j.Zone == nil {
		return t.UTC().Format(layout) + " UTC"
	}
	return t.In(j.Zone).Format(layout)
}

// explainMilestones is how a model that pays shares weighs the touch at position.
func (j DealJourney) explainMilestones(shares Milestones, position int) []string {
	weights := shares.list()
	var flags, own []string
	left, sum := shares.Others, 0.0
	touches := map[int]bool{}
	for i, m := range j.Milestones() {
		if weights[i] == 0 {
			continue
		}
		flag := fmt.Sprintf("%s %s", m.Code, digits(weights[i]))
		if m.Position == 0 {
			flags = append(flags, flag+" missing ("+m.Missing+")")
			continue
		}
		flags = append(flags, fmt.Sprintf("%s on touch %d", flag, m.Position))
		touches[m.Position] = true
		left += weights[i]
		if m.Position == position {
			own, sum = append(own, digits(weights[i])), sum+weights[i]
		}
	}
	steps := []string{"Milestones: " + strings.Join(append(flags, digits(shares.Others)+" for the others"), ", ") + "."}
	if missing := 1 - left; missing > 1e-9 {
		steps = append(steps, fmt.Sprintf("Without what is missing %s is left of 1.", digits(left)))
	}
	others := len(j.Eligible) - len(touches)
	switch {
	case shares.Others == 0:
	case others == 0:
		each := shares.Others / float64(len(touches))
		steps = append(steps, fmt.Sprintf("There are no others: their %s is spread over the %s, %s each.", digits(shares.Others), plural(len(touches), "milestone touch", "milestone touches"), digits(each)))
		own, sum = append(own, digits(each)), sum+each
	default:
		each := shares.Others / float64(others)
		steps = append(steps, fmt.Sprintf("The others are %s: %s / %d = %s each.", plural(others, "touch", "touches"), digits(shares.Others), others, digits(each)))
		if !touches[position] {
			own, sum = append(own, digits(each)), sum+each
		}
	}
	switch len(own) {
	case 0:
		return append(steps, fmt.Sprintf("Touch %d is none of the milestones and weighs 0.", position))
	case 1:
		return append(steps, fmt.Sprintf("Touch %d weighs %s.", position, own[0]))
	}
	return append(steps, fmt.Sprintf("Touch %d weighs %s = %s.", position, strings.Join(own, " + "), digits(sum)))
}
