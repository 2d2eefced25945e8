package attribution

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"strings"

	"credence/attribution/incremental"
	"credence/warehouse/sqlfile"
)

// reckoned is what incremental says of one deal, number by number, by what it
// learned at the last refresh.
type reckoned struct {
	incremental.Reckoning
	missing string             // why it says nothing of any deal; empty when it does
	at      map[int]int        // of a position: where its touch stands in Reckoning
	cells   []incremental.Cell // of each touch there
}

// addReckoning works out again how incremental came to its shares.
func (j *DealJourney) addReckoning(ctx context.Context, q sqlfile.Querier, no int64) error {
	effects, missing, err := keptEffects(ctx, q)
	if err != nil {
		return fmt.Errorf("read what incremental learned: %w", err)
	}
	j.incremental = reckoned{missing: missing, at: map[int]int{}}
	if missing != "" {
		return nil
	}
	text := questions.Get("deal_incremental").Source
	for mark, part := range map[string]string{"acts": actsOf(true), "moves": movesOf(true), "journeys": questions.Get("incremental_journeys").Source} {
		text = strings.ReplaceAll(text, "/*"+mark+"*/", "\n"+part)
	}
	rows, err := sqlfile.Parse("deal_incremental", text).Query(ctx, q,
		sql.Named("deal_no", no), sql.Named("from", no), sql.Named("to", no+1), sql.Named("follow_days", incremental.FollowDays))
	if err != nil {
		return err
	}
	journeys, err := scanJourneys(rows)
	if err != nil || len(journeys) == 0 {
		return err
	}
	own := journeys[0]
	j.incremental.Reckoning = effects.Reckon(&own.deal, own.touches)
	for i, position := range own.positions {
		j.incremental.at[int(position)] = i
		j.incremental.cells = append(j.incremental.cells, effects.Cells[own.touches[i].Cell])
	}
	return nil
}

// explainIncremental is how incremental weighs the touch at position.
func (j DealJourney) explainIncremental(position int, own Credit) []string {
	r, t := j.incremental, j.Eligible[position-1]
	at, known := r.at[position]
	switch {
	case r.missing != "":
		return []string{fmt.Sprintf("Nothing could be learned: %s. Touch %d weighs 0.", r.missing, position)}
	case !known && t.Channel == "Direct":
		return []string{fmt.Sprintf("Direct is how the interest of an account shows, which is held equal; it causes nothing and touch %d weighs 0.", position)}
	case !known && j.CreatedAt.IsZero():
		return []string{fmt.Sprintf("When the deal was made is not known, so nothing is known to have caused it: touch %d weighs 0.", position)}
	case !known:
		return []string{fmt.Sprintf("At the last refresh no touch of %s could earn, so nothing was learned of its effect: touch %d weighs 0.", t.Channel, position)}
	}
	l, kind := r.Touches[at], t.kindOf(r.cells[at])
	made, moved := madeWords(l, kind), movedWords(l, kind)
	if own.WeightE12 == 0 {
		end := fmt.Sprintf("Touch %d weighs 0.", position)
		switch {
		case l.NotMade == l.NotMove && l.NotMade == incremental.NoEffect:
			return []string{fmt.Sprintf("No effect of %s stands out from chance, neither on deals being made nor on their moving on: it is taken as nothing. %s", kind, end)}
		case l.NotMade == l.NotMove && l.NotMade == incremental.AfterAnother:
			return []string{fmt.Sprintf("It followed another act of the account within %d days, and following takes all of the effect of %s. %s", incremental.FollowDays, kind, end)}
		}
		return []string{"Being made: " + made, "Moving on: " + moved, end}
	}
	return []string{
		"Being made: " + made,
		"Moving on: " + moved,
		fmt.Sprintf("Without this touch alone the chance of the deal is p_i/p = %s of what it was: it loses 1 − %s = %s. What it loses without each touch alone sums to %s over all touches.",
			productWords(l), digits(l.Kept), digits(1-l.Kept), digits(r.Losses)),
		fmt.Sprintf("Without any touch it is p0/p = %s of what it was: that part of the amount is unattributed. The touches share the other %s by what each alone loses: %s × %s / %s = %s.",
			digits(r.Rest), digits(1-r.Rest), digits(1-r.Rest), digits(1-l.Kept), digits(r.Losses), rounded(own.WeightE12)),
	}
}

// kindOf is which touches have one effect together, as words.
func (t JourneyTouch) kindOf(c incremental.Cell) string {
	switch c.Sub {
	case "":
		return c.Channel + " (what is too rare to be told apart)"
	case t.CampaignID:
		return c.Channel + " through " + cmp.Or(t.Campaign, t.CampaignID)
	}
	return fmt.Sprintf("%s (%s)", c.Channel, c.Sub)
}

// madeWords is what a touch did for its deal's being made.
func madeWords(l incremental.Loss, kind string) string {
	switch {
	case l.NotMade == incremental.Unknown:
		return "nothing, for no touch of its kind could be learned from."
	case l.NotMade == incremental.NotBefore && l.Days == 0:
		return "nothing, for it came on the day the deal was made: the buyer’s question and the deal that is entered for it are one event."
	case l.NotMade == incremental.NotBefore:
		return fmt.Sprintf("nothing, for it came %s after the deal was made.", plural(-l.Days, "day", "days"))
	case l.NotMade == incremental.TooOld:
		return fmt.Sprintf("nothing, for it came %d days before the deal was made: from %d days on a touch is forgotten.", l.Days, incremental.ReachDays)
	case l.NotMade == incremental.NoEffect:
		return fmt.Sprintf("nothing, for no effect of %s on deals being made stands out from chance.", kind)
	case l.NotMade == incremental.AfterAnother:
		return fmt.Sprintf("nothing, for it followed another act of the account within %d days, which takes all of the effect of %s.", incremental.FollowDays, kind)
	}
	return fmt.Sprintf("a fresh touch of %s adds %s to the log of the daily chance%s. It came %s before the deal was made: %s = %s is left. Without it that chance is e^−%s = %s of what it was.",
		kind, digits(l.Effect), together(l), plural(l.Days, "day", "days"), carriedWords(l.Effect, l.Days, l.Times), digits(l.Pull), digits(l.Pull), digits(l.Made))
}

// movedWords is what a touch did for its deal's moving on.
func movedWords(l incremental.Loss, kind string) string {
	switch l.NotMove {
	case incremental.Unknown:
		return "nothing, for no touch of its kind could be learned from."
	case incremental.NeverMoved:
		return "nothing, for no move of the deal is known."
	case incremental.NotBefore:
		return "nothing, for the deal left no stage after the day it came."
	case incremental.TooOld:
		return fmt.Sprintf("nothing, for the deal left no stage within %d days of it: from then on a touch is forgotten.", incremental.ReachDays)
	case incremental.BeforeMaking:
		return "nothing, for it came before the deal was made: what our reps did then does not move this deal."
	case incremental.NoEffect:
		return fmt.Sprintf("nothing, for no effect of %s on deals moving on stands out from chance.", kind)
	case incremental.AfterAnother:
		return fmt.Sprintf("nothing, for it followed another act of the account within %d days, which takes all of the effect of %s.", incremental.FollowDays, kind)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "a fresh touch of %s adds %s to the log odds of a move%s. With σ(x) = 1 / (1 + e^−x), of the log odds that all touches make:", kind, digits(l.Forward), together(l))
	for i, m := range l.Moves {
		if i > 0 {
			b.WriteByte(';')
		}
		fmt.Fprintf(&b, " move %d, %s later, %s = %s is left, σ(%s − %s) / σ(%s) = %s", m.Stage+1, plural(m.Days, "day", "days"),
			carriedWords(l.Forward, m.Days, l.Times), digits(m.Pull), digits(m.Odds), digits(m.Pull), digits(m.Odds), digits(m.Kept))
	}
	return b.String() + "."
}

// together says what made the effect of a touch another than that of its kind.
func together(l incremental.Loss) string {
	var notes []string
	if l.Follows {
		notes = append(notes, fmt.Sprintf("less for following another act of the account within %d days", incremental.FollowDays))
	}
	if l.Times > 1 {
		notes = append(notes, fmt.Sprintf("%d such touches of one day are one", l.Times))
	}
	if len(notes) == 0 {
		return ""
	}
	return " (" + strings.Join(notes, "; ") + ")"
}

// carriedWords is what is left of an effect after some days, as a product.
func carriedWords(effect float64, days, times int) string {
	words := fmt.Sprintf("%s × 2^(−%d / %d)", digits(effect), days, incremental.HalfLifeDays)
	if times > 1 {
		words += fmt.Sprintf(" / %d", times)
	}
	return words
}

// productWords is p_i/p from its parts.
func productWords(l incremental.Loss) string {
	var parts []string
	if l.NotMade == "" {
		parts = append(parts, digits(l.Made))
	}
	for _, m := range l.Moves {
		parts = append(parts, digits(m.Kept))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return strings.Join(parts, " × ") + " = " + digits(l.Kept)
}
