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

// Allow reports whether another attempt from address on account may be made.
func (l *Limiter) Allow(account, address string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.recent(accountKey(account), now)) < MaxFailures && len(l.recent(addressKey(address), now)) < MaxFailures
}

// Fail counts a failed attempt.
func (l *Limiter) Fail(account, address string, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.fails) > maxLimitKeys { // a flood of invented accounts must not fill memory
		for key := range l.fails {
			if len(l.recent(key, now)) == 0 {
				delete(l.fails, key)
			}
		}
	}
	for _, key := range []string{accountKey(account), addressKey(address)} {
		if _, ok := l.fails[key]; ok || len(l.fails) <= 2*maxLimitKeys {
			l.fails[key] = append(l.recent(key, now), now)
		}
	}
}

// Succeed forgets the failures of account.
func (l *Limiter) Succeed(account string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.fails, accountKey(account))
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
