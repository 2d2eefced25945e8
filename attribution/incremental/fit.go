package incremental

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Fit is what was learned from a panel.
type Fit struct {
	Reason   string // why nothing was learned; empty when something was
	Accounts int
	Days     int
	Created  int // deals whose creation was learned from
	Won      int // of the deals that were learned from
	Moves    int // of deals between stages

	Effects

	creation refit
	moves    refit
}

// Effects is what Explain needs of a fit. It can be kept and read again: the
// same numbers give the same shares, bit for bit. The zero Effects pay nothing.
type Effects struct {
	Cells  []Cell
	Create Side
	Move   Side
	Odds   []float64 // log odds of moving on without touches, by stage; the last is also of all stages after it
}

// Side is what touches do in one of the two regressions.
type Side struct {
	Effect  []float64 // of a fresh touch by cell, on the log scale, as credits use it; never below 0
	Follows float64   // what following adds to it; at most 0
}

// refit is the regression that intervals come from, in which channels are not
// shrunk.
type refit struct {
	*regression
	at    [][]int32 // columns by cell
	after int32     // column of following
}

// stages that have odds of their own.
const stages = 6

// Learn fits both regressions to a panel. With too little data the fit says so
// in its Reason and pays nothing.
func Learn(ctx context.Context, p *Panel) (*Fit, error) {
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("learn incremental effects: %w", err)
	}
	f := &Fit{Accounts: len(p.Accounts), Days: p.Days}
	for i := range p.Accounts {
		for _, d := range p.Accounts[i].Deals {
			f.Created++
			f.Moves += len(d.Moves)
			if n := len(d.Moves); n > 0 && d.Closed >= 0 && d.Moves[n-1].Forward {
				f.Won++
			}
		}
	}
	switch {
	case f.Created < leastCreated:
		f.Reason = fmt.Sprintf("%d deals were made in the days that touches are known of; %d are needed", f.Created, leastCreated)
	case f.Won < leastWon:
		f.Reason = fmt.Sprintf("%d deals were won; %d are needed", f.Won, leastWon)
	case f.Moves-f.Won < leastMoves:
		f.Reason = fmt.Sprintf("%d moves of deals between stages or to lost are known; %d are needed", f.Moves-f.Won, leastMoves)
	}
	if f.Reason != "" {
		return f, nil
	}
	histories := make([]history, len(p.Accounts))
	for i := range p.Accounts {
		histories[i] = p.Accounts[i].read()
	}
	var err error
	f.Cells = p.Cells
	if f.Create, f.creation, err = learnCreation(ctx, p, histories); err != nil {
		return nil, fmt.Errorf("learn what makes deals: %w", err)
	}
	if f.moves, err = f.learnMoves(ctx, p, histories); err != nil {
		return nil, fmt.Errorf("learn what moves deals: %w", err)
	}
	return f, nil
}

// columns are where touches stand in a regression.
type columns struct {
	at      [][]int32 // of a cell
	follows int32
}

// touchColumns adds the columns of touches: what marketing or sales does, what
// the channel adds, what its campaign or kind adds. Without shrinking, a channel
// is told from others as far as it can be.
func touchColumns(r *regression, p *Panel, shrunk bool, spread float64) columns {
	whole := r.prior(.3*.3, false)
	channel, sub := r.prior(spread, shrunk), r.prior(spread, shrunk)
	if !shrunk {
		r.variance[channel] = 1
	}
	c := columns{at: make([][]int32, len(p.Cells))}
	for i, cell := range p.Cells {
		name := "marketing"
		if cell.Sales {
			name = "sales"
		}
		c.at[i] = append(c.at[i], r.column(name, whole), r.column("channel "+cell.Channel, channel))
		switch {
		case cell.Sub == "":
		case shrunk:
			c.at[i] = append(c.at[i], r.column("sub "+cell.Channel+"\n"+cell.Sub, sub))
		case cell.Sales: // kinds of our own acts differ like channels do
			c.at[i] = append(c.at[i], r.column("sub "+cell.Channel+"\n"+cell.Sub, channel))
		}
	}
	c.follows = r.column("follows", r.prior(1, false))
	return c
}

// put adds a dose to the row being written.
func (c *columns) put(r *regression, d dose, x float64) {
	for _, k := range c.at[d.cell] {
		r.put(k, x)
	}
	if d.follows {
		r.put(c.follows, x)
	}
}

// put adds an account's traits to the row being written.
func (a *Account) put(r *regression, traits, size int32) {
	for _, t := range a.Traits {
		r.put(r.column(t, traits), 1)
	}
	if a.Size > 0 {
		r.put(size, a.Size-5)
	}
}

// rounds of fitting variances.
const rounds = 25

// learnCreation fits the daily hazard of an account without an open deal.
func learnCreation(ctx context.Context, p *Panel, histories []history) (Side, refit, error) {
	write := func(shrunk bool) (*regression, columns) {
		r := newRegression(false)
		one := r.column("1", r.prior(100, false))
		month, trait, control := r.prior(.05, true), r.prior(.05, true), r.prior(4, false)
		size, interest := r.column("size", trait), r.column("interest", control)
		c := touchColumns(r, p, shrunk, .05)
		look := func(i int, day int32, events, exposure float64) {
			a, h := &p.Accounts[i], &histories[i]
			r.put(one, 1)
			r.put(r.column(fmt.Sprint("month ", day*12/365), month), 1)
			a.put(r, trait, size)
			r.put(interest, h.interest(day))
			h.before(day, func(d dose, x float64) { c.put(r, d, x) })
			r.row(events, exposure)
		}
		for i := range p.Accounts {
			p.quiet(i, func(day int32, days int) { look(i, day, 0, float64(days)) })
			p.births(i, func(day int32) { look(i, day, 1, 0) })
		}
		return r, c
	}
	s, loose, _, _, err := fitTwice(ctx, p, write)
	return s, loose, err
}

// quiet hands the weeks in which account i had no open deal to yield: a day in
// the middle and how many days of the week were so.
func (p *Panel) quiet(i int, yield func(day int32, days int)) {
	deals := p.Accounts[i].Deals
	busy := func(day int32) bool {
		return slices.ContainsFunc(deals, func(d Deal) bool { return day > d.Created && (d.Closed < 0 || day <= d.Closed) })
	}
	for from := 0; from < p.Days; from += 7 {
		n, middle := 0, int32(0)
		for day := int32(from); day < int32(min(from+7, p.Days)); day++ { //nolint:gosec // days of a window
			if busy(day) {
				continue
			}
			if n++; n <= 4 {
				middle = day
			}
		}
		if n > 0 {
			yield(middle, n)
		}
	}
}

// births hands the days on which account i got a deal while it had none to yield.
func (p *Panel) births(i int, yield func(day int32)) {
	free := int32(-1) // first day without an open deal
	for _, d := range p.Accounts[i].Deals {
		if d.Created >= free && d.Created >= 0 && int(d.Created) < p.Days {
			yield(d.Created)
		}
		closed := d.Closed
		if closed < 0 {
			closed = math.MaxInt32 - 1
		}
		free = max(free, closed+1)
	}
}

// learnMoves fits the log odds of going forward, and averages what they are
// without touches by stage.
func (f *Fit) learnMoves(ctx context.Context, p *Panel, histories []history) (refit, error) {
	var at []int32 // stage by row
	write := func(shrunk bool) (*regression, columns) {
		r := newRegression(true)
		one := r.column("1", r.prior(100, false))
		trait, owner, control := r.prior(.05, true), r.prior(.05, true), r.prior(4, false)
		size, amount, age := r.column("size", trait), r.column("amount", control), r.column("age", control)
		interest := r.column("interest", control)
		c := touchColumns(r, p, shrunk, .02)
		at = at[:0]
		for i := range p.Accounts {
			a, h := &p.Accounts[i], &histories[i]
			for k := range a.Deals {
				d := &a.Deals[k]
				for _, m := range d.Moves {
					stage := min(m.Stage, stages-1)
					at = append(at, int32(stage)) //nolint:gosec // a handful
					r.put(one, 1)
					r.put(r.column(fmt.Sprint("stage ", stage), control), 1)
					a.put(r, trait, size)
					r.put(r.column("owner "+d.Owner, owner), 1)
					if d.Amount > 0 {
						r.put(amount, math.Log(d.Amount)-10)
					}
					r.put(age, math.Log1p(float64(m.Day-d.Created))-3)
					r.put(interest, h.interest(m.Day))
					h.before(m.Day, func(x dose, left float64) {
						if !p.Cells[x.cell].Sales || x.day >= d.Created { // what we did on other deals does not move this one
							c.put(r, x, left)
						}
					})
					y := 0.0
					if m.Forward {
						y = 1
					}
					r.row(y, 1)
				}
			}
		}
		return r, c
	}
	s, loose, r, c, err := fitTwice(ctx, p, write)
	if err != nil {
		return refit{}, err
	}
	f.Move, f.Odds = s, r.without(c, at)
	return loose, nil
}

// without is the mean of the linear predictor without touches by stage.
func (r *regression) without(c columns, stage []int32) []float64 {
	touch := make([]bool, len(r.group))
	touch[c.follows] = true
	for _, at := range c.at {
		for _, k := range at {
			touch[k] = true
		}
	}
	sum, n := make([]float64, stages), make([]float64, stages)
	all, count := 0.0, 0.0
	for i, s := range stage {
		eta := 0.0
		for k := r.start[i]; k < r.start[i+1]; k++ {
			if j := r.at[k]; !touch[j] {
				eta += r.value[k] * r.beta[j]
			}
		}
		sum[s], n[s], all, count = sum[s]+eta, n[s]+1, all+eta, count+1
	}
	for s := range sum {
		if n[s] > 0 {
			sum[s] /= n[s]
		} else {
			sum[s] = all / count
		}
	}
	return sum
}

// fitTwice fits a regression twice: shrunk for the credits, which it answers with
// its columns, and loosely for the intervals.
func fitTwice(ctx context.Context, p *Panel, write func(shrunk bool) (*regression, columns)) (Side, refit, *regression, columns, error) {
	loose, lc := write(false)
	if err := loose.fit(ctx, rounds); err != nil {
		return Side{}, refit{}, nil, columns{}, err
	}
	r, c := write(true)
	if err := r.fit(ctx, rounds); err != nil {
		return Side{}, refit{}, nil, columns{}, err
	}
	s := Side{Effect: make([]float64, len(p.Cells)), Follows: min(0, r.beta[c.follows])}
	mean, variance := r.mean(c, p)
	marketing := trust(mean, variance)
	for i, cell := range p.Cells {
		mean, variance := r.of(c.at[i])
		share := marketing
		if cell.Sales { // each kind of our own acts by itself: a meeting is not a mail
			share = trust(mean, variance)
		}
		s.Effect[i] = max(0, mean) * share
	}
	return s, refit{loose, lc.at, lc.follows}, r, c, nil
}

// mean is the effect of an average marketing touch and its variance, by what the
// rows carried over.
func (r *regression) mean(c columns, p *Panel) (mean, variance float64) {
	marketing, known := r.index["marketing"]
	if !known {
		return 0, 1
	}
	x, sales := make([]float64, len(r.group)), make([]bool, len(r.group))
	for i, cell := range p.Cells {
		for _, k := range c.at[i] {
			sales[k] = sales[k] || cell.Sales
		}
	}
	for i := range r.y {
		if r.logistic || r.y[i] > 0 {
			for k := r.start[i]; k < r.start[i+1]; k++ {
				x[r.at[k]] += r.value[k]
			}
		}
	}
	touches := x[marketing]
	if touches == 0 {
		return 0, 1
	}
	part := map[int32]bool{c.follows: true}
	for i, cell := range p.Cells {
		if !cell.Sales {
			for _, k := range c.at[i] {
				part[k] = true
			}
		}
	}
	var list []int32
	for k := range int32(len(x)) { //nolint:gosec // columns
		if part[k] {
			list = append(list, k)
		}
	}
	for _, j := range list {
		mean += x[j] / touches * r.beta[j]
		for _, k := range list {
			variance += x[j] / touches * x[k] / touches * r.covariance[j][k]
		}
	}
	return mean, variance
}

// trust is the share of an effect that is paid: 1 − (believed/z)², nothing when the
// effect does not stand out from its own error.
func trust(mean, variance float64) float64 {
	if mean <= 0 || variance <= 0 {
		return 0
	}
	return max(0, 1-believed*believed*variance/(mean*mean))
}
