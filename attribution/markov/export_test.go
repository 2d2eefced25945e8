package markov

// Limit sets up to how many states an inverse is made, and how many cycles of
// sweeps are tried beyond.
func (b *Builder) Limit(direct, cycles int) { b.limits = limits{direct, direct, cycles} }
