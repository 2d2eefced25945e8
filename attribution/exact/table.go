package exact

// near is how many channels have their cells in a slice; those of the others,
// of which most rows have few, are in a map.
const near = 1024

// Table sums credits by row, a small number such as the length of a journey,
// and by channel. Its zero value is empty.
type Table struct {
	near [][]Credit // by row, by channel below near
	far  map[cell]Credit
}

type cell struct {
	row     uint32
	channel int32
}

// Add adds c to the cell of row ≥ 0 and channel ≥ 0.
func (t *Table) Add(row int, channel int32, c Credit) {
	if channel >= near {
		t.addFar(cell{uint32(row), channel}, c) //nolint:gosec // a small number
		return
	}
	if row >= len(t.near) || int(channel) >= len(t.near[row]) {
		t.grow(row, int(channel))
	}
	at := &t.near[row][channel]
	*at = at.Add(c)
}

func (t *Table) addFar(at cell, c Credit) {
	if t.far == nil {
		t.far = map[cell]Credit{}
	}
	t.far[at] = t.far[at].Add(c)
}

func (t *Table) grow(row, channel int) {
	if missing := row + 1 - len(t.near); missing > 0 {
		t.near = append(t.near, make([][]Credit, missing)...)
	}
	cells := t.near[row]
	t.near[row] = append(cells, make([]Credit, channel+1-len(cells))...)
}

// Merge adds what o has, whose channel i is called number[i] here.
func (t *Table) Merge(o *Table, number []int32) {
	for row, cells := range o.near {
		for channel, c := range cells {
			if c != (Credit{}) {
				t.Add(row, number[channel], c)
			}
		}
	}
	for at, c := range o.far {
		t.Add(int(at.row), number[at.channel], c)
	}
}

// Sums is, by channel, the sum over all rows of the part of the cell that share
// says, part ÷ of. Its
// length is 1 + the greatest channel that was added.
func (t *Table) Sums(share func(row uint64) (part, of uint64)) []Credit {
	var sums []Credit
	add := func(row uint64, channel int32, c Credit) {
		if missing := int(channel) + 1 - len(sums); missing > 0 {
			sums = append(sums, make([]Credit, missing)...)
		}
		part, of := share(row)
		sums[channel] = sums[channel].Add(c.Times(part).Over(of))
	}
	for row, cells := range t.near {
		for channel, c := range cells {
			add(uint64(row), int32(channel), c)
		}
	}
	for at, c := range t.far { // in any order: sums are exact
		add(uint64(at.row), at.channel, c)
	}
	return sums
}
