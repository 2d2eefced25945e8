package incremental

import (
	"math"
	"slices"
)

// carried is what is left of a touch after n days.
var carried = func() (c [ReachDays]float64) {
	for n := range c {
		c[n] = math.Exp2(-float64(n) / HalfLifeDays)
	}
	return c
}()

// dose is the acts of one day and cell: however many, they are one touch.
type dose struct {
	day, cell int32
	follows   bool
}

// history is an account's acts as the regressions read them.
type history struct {
	doses   []dose
	markers []int32 // days
}

// read merges the acts of a day and cell.
func (a *Account) read() history {
	var h history
	for _, x := range a.Acts {
		if x.Marker {
			h.markers = append(h.markers, x.Day)
		}
		if x.Cell < 0 {
			continue
		}
		d := dose{day: x.Day, cell: x.Cell, follows: x.Follows}
		if !slices.Contains(h.doses[sameDay(h.doses, x.Day):], d) {
			h.doses = append(h.doses, d)
		}
	}
	return h
}

// sameDay is where the doses of day begin at the end of doses.
func sameDay(doses []dose, day int32) int {
	k := len(doses)
	for k > 0 && doses[k-1].day == day {
		k--
	}
	return k
}

// before hands the doses that act on day to yield with what is carried over.
func (h *history) before(day int32, yield func(d dose, carried float64)) {
	for _, d := range slices.Backward(h.doses) {
		n := day - d.day
		if n >= ReachDays {
			return
		}
		if n >= 1 {
			yield(d, carried[n])
		}
	}
}

// interest is the markers around a day, before and after it alike.
func (h *history) interest(day int32) float64 {
	sum := 0.0
	from, _ := slices.BinarySearch(h.markers, day-ReachDays+1)
	for _, m := range h.markers[from:] {
		n := max(m-day, day-m)
		if m > day && n >= ReachDays {
			break
		}
		if n >= 1 {
			sum += carried[n]
		}
	}
	return sum
}
