package ui

import "strings"

// Channels in the order of the palette; Unattributed is no channel.
var Channels = []string{
	"Rep Social", "Sales", "E-mail", "Event", "Paid Search", "Organic Search", "Paid Social",
	"Organic Social", "Display", "Video", "Referral", "Direct", "Other",
}

// Unattributed is the name of the part of a won deal that no touch earned. It
// is drawn hatched wherever it stands.
const Unattributed = "Unattributed"

// ChannelClass is the class that carries a channel's colour: "ch-rep-social".
// An unknown channel has the colour of Other; no channel is hatched.
func ChannelClass(name string) string {
	if name == "" || strings.EqualFold(name, Unattributed) {
		return "ch-none"
	}
	for _, c := range Channels {
		if strings.EqualFold(c, name) {
			return "ch-" + strings.ReplaceAll(strings.ToLower(c), " ", "-")
		}
	}
	return "ch-other"
}

// IsHatched reports whether a name is drawn with the hatch.
func IsHatched(name string) bool { return name == "" || strings.EqualFold(name, Unattributed) }
