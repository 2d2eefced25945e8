package exact

// Credit is conversions and their value.
type Credit struct{ Conversions, Value Number }

// Add is c + o.
func (c Credit) Add(o Credit) Credit {
	return Credit{c.Conversions.Add(o.Conversions), c.Value.Add(o.Value)}
}

// Times is c·m of m ≥ 0.
func (c Credit) Times(m uint64) Credit { return Credit{c.Conversions.Times(m), c.Value.Times(m)} }

// Over is c ÷ m to the nearest 10⁻¹⁸, of m > 0.
func (c Credit) Over(m uint64) Credit { return Credit{c.Conversions.Over(m), c.Value.Over(m)} }
