package markov

import "context"

const (
	mostSweeps   = 100_000
	sweepsAtOnce = 8 // between two measurements
)

// sweep solves b by Gauss-Seidel: every state in turn takes the mean of those
// before it. From below the means only rise, so it converges always, the
// faster the shorter journeys are.
func (c *chain) sweep(ctx context.Context, b *block) error {
	for done := 0; done < mostSweeps && b.worst() > wanted; done += sweepsAtOnce {
		if err := ctx.Err(); err != nil {
			return err
		}
		before := b.worst()
		for range sweepsAtOnce {
			for t := range b.u {
				b.u[t] = c.mean(b, t)
			}
		}
		c.measure(b, nil)
		if now := b.worst(); now <= accepted && now >= before/2 {
			break // rounding is all that is left
		}
	}
	return nil
}
