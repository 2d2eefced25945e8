package ui

import "credence/ui/charts"

// Overview is the leader's first page: where we stand, what changed and what
// explains it.
type Overview struct {
	Empty     *State // instead of everything else, before there are deals
	Notice    *Notice
	Won       Section
	Chart     charts.Chart
	Teams     Board
	Tiles     []Tile
	Change    *Steps // nil when nothing is compared
	ByTeam    *Steps
	Reps      *Board // nil when the reader sees no names
	Funnel    *Funnel
	Rates     *Rates
	Campaigns *Earned
	Posts     *Earned
}
