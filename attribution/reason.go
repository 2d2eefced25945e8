package attribution

import (
	"fmt"
	"strings"
	"time"
)

// repeated is the position of the touch that t repeats under the path rule, 0
// for none. The eligible touches are known.
func (j DealJourney) repeated(t JourneyTouch) int {
	alike := func(x JourneyTouch) bool {
		return x.Channel == t.Channel && x.CampaignID == t.CampaignID && x.PostID == t.PostID && x.RepID == t.RepID
	}
	at := 0
	for _, x := range j.Eligible {
		if x.no < t.no && alike(x) && (t.Reason == repeatsAny && at == 0 || t.Reason == repeatsLast) {
			at = x.Position
		}
	}
	return at
}

const (
	repeatsLast = "repeats the touch before"
	repeatsAny  = "repeats an earlier touch"
)

// reasons are why a touch earns nothing, where no figure belongs to it.
var reasons = map[string]string{
	"opened only":               "merely opened: machines open mail too (setting opened_mail)",
	"suspected":                 "timing only: grade D is listed and never paid",
	"bot":                       "a machine: scanner or crawler",
	"auto reply":                "a machine wrote it, or it went to many at once",
	"bounce":                    "it bounced: nobody received it",
	"internal":                  "among ourselves: nobody of the account took part",
	"no show":                   "the meeting was not held: nobody came",
	"voicemail":                 "the call reached a voicemail",
	"not known to be held":      "no source says that the meeting was held",
	"not known to be completed": "no source says that the call was completed",
	"in the future":             "dated in the future",
	"opted out":                 "the person opted out: paid to nobody",
	"marketing does not count":  "a marketing touch: the setting touches lets only those of sales earn",
	"sales does not count":      "a touch of sales: the setting touches lets only those of marketing earn",
	"not the primary contact":   "the primary contact took no part: the setting people counts nobody else",
	"no role on the deal":       "nobody with a role on the deal took part: the setting people counts nobody else",
	"another account":           "of another account",
	"direct":                    "Direct counts only when every touch is Direct (setting path)",
}

// Explain is why an ineligible touch earns nothing, in plain words with the
// figures it rests on; empty for an eligible one.
func (j DealJourney) Explain(t JourneyTouch) string {
	switch {
	case t.Reason == "":
		return ""
	case t.Reason == "before the window":
		days, from := j.lookback(t.Channel)
		of := ""
		if days != j.Settings.LookbackDays {
			of = " of " + t.Channel
		}
		return fmt.Sprintf("%s too early: the window%s opens %d days before %s, on %s", apart(from.Sub(t.OccurredAt)), of, days, map[string]string{
			AnchorCreation: "the deal's creation", AnchorClose: "the close",
		}[j.Settings.Anchor], j.stamp(from))
	case t.Reason == "after close":
		return fmt.Sprintf("%s after the close on %s", apart(t.OccurredAt.Sub(j.WindowTo)), j.stamp(j.WindowTo))
	case t.Reason == "sent only" && j.Settings.SentMail:
		return "sent, but not by a rep of ours to a person we know"
	case t.Reason == "sent only":
		return "merely sent: no reply, no click (setting sent_mail)"
	case t.Reason == "suspected" && t.Kind == "post":
		return "timing only: the post appeared at most 7 days before a touch of the account; grade D is listed and never paid"
	case strings.HasPrefix(t.Reason, "excluded by rule "):
		return "left out by the rule " + strings.TrimPrefix(t.Reason, "excluded by rule ")
	case t.Reason == repeatsLast && t.Repeats > 0:
		return fmt.Sprintf("same channel, campaign, post and rep as touch %d just before it (setting path: exposure)", t.Repeats)
	case t.Reason == repeatsAny && t.Repeats > 0:
		return fmt.Sprintf("same channel, campaign, post and rep as touch %d: only the first counts (setting path: first)", t.Repeats)
	}
	if words, ok := reasons[t.Reason]; ok {
		return words
	}
	return t.Reason
}

// lookback is how many days the window of channel has and when it opens.
func (j DealJourney) lookback(channel string) (days int, from time.Time) {
	days, own := j.Settings.LookbackByChannel[channel]
	if !own {
		return j.Settings.LookbackDays, j.WindowFrom
	}
	return days, j.WindowFrom.AddDate(0, 0, j.Settings.LookbackDays-days)
}

// apart is a distance in time in its largest whole unit.
func apart(d time.Duration) string {
	switch {
	case d >= 24*time.Hour:
		return plural(int(d/(24*time.Hour)), "day", "days")
	case d >= time.Hour:
		return plural(int(d/time.Hour), "hour", "hours")
	case d >= time.Minute:
		return plural(int(d/time.Minute), "minute", "minutes")
	}
	return plural(int(d/time.Second), "second", "seconds")
}

// SameAct is by what the merged rows of t are known to be one act.
func (t JourneyTouch) SameAct() string {
	switch {
	case strings.HasPrefix(t.TouchID, "uid:"):
		return "by its message or calendar id"
	case strings.HasPrefix(t.TouchID, "click:"):
		return "by its click id"
	}
	return "by person, kind and time within five minutes"
}
