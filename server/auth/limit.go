package auth

import (
	"strings"
	"sync"
	"time"
)

// Failed sign-ins are counted per account and per address.
const (
	MaxFailures   = 10
	FailureWindow = 15 * time.Minute
	maxLimitKeys  = 20_000
)

// Limiter counts failed sign-ins. The zero value is not usable; see NewLimiter.
type Limiter struct {
	mu    sync.Mutex
	fails map[string][]time.Time
}

// NewLimiter is an empty limiter.
func NewLimiter() *Limiter { return &Limiter{fails: map[string][]time.Time{}} }

// Try reports whether another attempt from address on account may be made, and
// counts it as failed until Succeed takes it back: of many attempts at once, too,
// only MaxFailures are made.
func (l *Limiter) Try(account, address string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	keys := []string{accountKey(account), addressKey(address)}
	for _, key := range keys {
		if len(l.recent(key, now)) >= MaxFailures {
			return false
		}
	}
	if len(l.fails) > maxLimitKeys { // a flood of invented accounts must not fill memory
		for key := range l.fails {
			if len(l.recent(key, now)) == 0 {
				delete(l.fails, key)
			}
		}
	}
	for _, key := range keys {
		if _, ok := l.fails[key]; ok || len(l.fails) <= 2*maxLimitKeys {
			l.fails[key] = append(l.recent(key, now), now)
		}
	}
	return true
}

// Succeed forgets the failures of account, and at the address the attempt that
// did not fail.
func (l *Limiter) Succeed(account, address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.fails, accountKey(account))
	if all := l.fails[addressKey(address)]; len(all) > 0 {
		l.fails[addressKey(address)] = all[:len(all)-1]
	}
}

func (l *Limiter) recent(key string, now time.Time) []time.Time {
	all := l.fails[key]
	for len(all) > 0 && now.Sub(all[0]) >= FailureWindow {
		all = all[1:]
	}
	return all
}

func accountKey(account string) string {
	account = strings.ToLower(strings.TrimSpace(account))
	if len(account) > 254 {
		account = account[:254]
	}
	return "account " + account
}

func addressKey(address string) string { return "address " + address }
