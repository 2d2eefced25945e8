package incremental

import (
	"fmt"
	"slices"
)

// Panel is what a company knows of some of its accounts: their acts by day and
// their deals. Days count from 0; all slices are sorted as their fields say.
type Panel struct {
	Days     int       // length of the window
	Cells    []Cell    // what acts are told apart by
	Accounts []Account // in any order, which decides the order of sums
}

// Cell is a kind of touch: a channel and, unless it stands for all that is rare,
// its campaign or kind of act. Sales cells are our own reps' acts.
type Cell struct {
	Channel, Sub string
	Sales        bool
}

// Account is one account with its acts by day and its deals by day of creation.
type Account struct {
	Traits []string // words such as "segment Enterprise": each is a control
	Size   float64  // of the account, log employees; 0 unknown
	Acts   []Act
	Deals  []Deal
}

// Act is something that happened between us and the account.
type Act struct {
	Day     int32
	Cell    int32 // -1: never earns, only shows interest
	Marker  bool  // shows interest that nobody caused: direct visits, opened newsletters
	Follows bool  // another act of the account itself came at most FollowDays before
}

// Deal is a deal with its moves by day; the last move of a closed deal closes it.
type Deal struct {
	Created int32
	Closed  int32 // -1 while open
	Owner   string
	Amount  float64 // in major units; 0 unknown
	Moves   []Move
}

// Move is a deal leaving a stage.
type Move struct {
	Day     int32
	Stage   int // how often it moved before
	Forward bool
}

// Touch is an eligible touch of a deal's journey.
type Touch struct {
	Day     int32
	Cell    int32
	Follows bool
}

// check names what no fit can work with.
func (p *Panel) check() error {
	for i := range p.Accounts {
		a := &p.Accounts[i]
		if !slices.IsSortedFunc(a.Acts, func(x, y Act) int { return int(x.Day) - int(y.Day) }) {
			return fmt.Errorf("acts of account %d are not in order of their days", i)
		}
		if !slices.IsSortedFunc(a.Deals, func(x, y Deal) int { return int(x.Created) - int(y.Created) }) {
			return fmt.Errorf("deals of account %d are not in order of their creation", i)
		}
		for _, x := range a.Acts {
			if int(x.Cell) >= len(p.Cells) || x.Day < 0 || int(x.Day) >= p.Days {
				return fmt.Errorf("an act of account %d is outside the panel: day %d, cell %d", i, x.Day, x.Cell)
			}
		}
	}
	return nil
}
