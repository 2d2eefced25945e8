package web

import (
	"testing"

	"credence/attribution"
)

func TestATouchIsANounInASentence(t *testing.T) {
	t.Parallel()
	tests := []struct {
		touch       attribution.JourneyTouch
		words, many string
	}{
		{attribution.JourneyTouch{Kind: "registration", Campaign: "Autumn Webinar"}, "a registration through Autumn Webinar", "registrations"},
		{attribution.JourneyTouch{Kind: "form", Campaign: "Demo"}, "an answered form through Demo", "answered forms"},
		{attribution.JourneyTouch{Kind: "meeting", DurationS: 1800}, "a meeting", "meetings"},
		{attribution.JourneyTouch{Kind: "email", Direction: "outbound"}, "a sent e-mail", "sent e-mails"},
		{attribution.JourneyTouch{Kind: "email", Direction: "inbound"}, "a reply", "replies"},
		{attribution.JourneyTouch{Kind: "open"}, "an opened e-mail", "opened e-mails"},
		{attribution.JourneyTouch{Kind: "click", PostID: "p"}, "a post click", "post clicks"},
		{attribution.JourneyTouch{Kind: "visit", PostID: "p", RepID: "r", Rep: "Ada"}, "a click on a post by Ada", "post clicks"},
		{attribution.JourneyTouch{}, "a touch", "touches"},
	}
	d := &dealPage{names: namer{seesAll: true}}
	for _, tt := range tests {
		if words, many := d.touchWords(tt.touch), pluralKind(touchNoun(tt.touch)); words != tt.words || many != tt.many {
			t.Errorf("got %q and %q, want %q and %q", words, many, tt.words, tt.many)
		}
	}
}
