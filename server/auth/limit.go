package auth

import (
	"container/list"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Failed sign-ins are counted per account and per address.
const (
	MaxFailures   = 10
	FailureWindow = 15 * time.Minute
	maxLimitKeys  = 20_000 // of accounts, and of addresses
)

// Limiter counts failures by account and by address, an IPv6 address by its /64,
// which one machine has whole. What is guessed apart (passwords, invitations) has
// limiters apart, so that a flood of one forgets nothing of the other. The zero
// value is not usable; see NewLimiter.
type Limiter struct {
	mu        sync.Mutex
	max       int
	accounts  failures
	addresses failures
}

// NewLimiter is an empty limiter of at most max failures in FailureWindow.
func NewLimiter(most int) *Limiter {
	return &Limiter{max: most, accounts: newFailures(), addresses: newFailures()}
}

// Try reports whether another attempt from address on account may be made, and
// counts it as failed until Succeed takes it back: of many attempts at once, too,
// only so many are made. An empty account counts the address alone.
func (l *Limiter) Try(account, address string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	account, address = accountKey(account), addressKey(address)
	if l.accounts.count(account, now) >= l.max || l.addresses.count(address, now) >= l.max {
		return false
	}
	l.accounts.add(account, now)
	l.addresses.add(address, now)
	return true
}

// Succeed forgets the failures of account, and at the address the attempt that
// did not fail.
func (l *Limiter) Succeed(account, address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.accounts.forget(accountKey(account))
	l.addresses.takeBack(addressKey(address))
}

// failures are moments by key. When there are too many keys, the one that has not
// failed for longest is forgotten: the newest always count.
type failures struct {
	of    map[string]*list.Element // of *failed
	order *list.List               // by the last failure
}

type failed struct {
	key string
	at  []time.Time
}

func newFailures() failures { return failures{map[string]*list.Element{}, list.New()} }

// count is how many failures of key are young; old ones of anybody are forgotten.
func (f *failures) count(key string, now time.Time) int {
	for e := f.order.Front(); e != nil && now.Sub(last(e)) >= FailureWindow; e = f.order.Front() {
		f.remove(e)
	}
	e, ok := f.of[key]
	if !ok {
		return 0
	}
	have := failedIn(e)
	for len(have.at) > 0 && now.Sub(have.at[0]) >= FailureWindow {
		have.at = have.at[1:]
	}
	return len(have.at)
}

func (f *failures) add(key string, now time.Time) {
	if key == "" {
		return
	}
	e, ok := f.of[key]
	if !ok {
		if len(f.of) >= maxLimitKeys {
			f.remove(f.order.Front())
		}
		e = f.order.PushBack(&failed{key: key})
		f.of[key] = e
	}
	have := failedIn(e)
	have.at = append(have.at, now)
	f.order.MoveToBack(e)
}

func (f *failures) takeBack(key string) {
	e, ok := f.of[key]
	if !ok {
		return
	}
	have := failedIn(e)
	if len(have.at) <= 1 {
		f.remove(e)
		return
	}
	have.at = have.at[:len(have.at)-1]
}

func (f *failures) forget(key string) {
	if e, ok := f.of[key]; ok {
		f.remove(e)
	}
}

func (f *failures) remove(e *list.Element) {
	f.order.Remove(e)
	delete(f.of, failedIn(e).key)
}

func failedIn(e *list.Element) *failed {
	f, ok := e.Value.(*failed)
	if !ok { // nothing else is put in
		return &failed{}
	}
	return f
}

func last(e *list.Element) time.Time {
	at := failedIn(e).at
	if len(at) == 0 { // all of it is old
		return time.Time{}
	}
	return at[len(at)-1]
}

func accountKey(account string) string {
	account = strings.ToLower(strings.TrimSpace(account))
	return account[:min(len(account), 254)]
}

func addressKey(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if ip = ip.Unmap().WithZone(""); ip.Is6() {
		if network, err := ip.Prefix(64); err == nil {
			return network.String()
		}
	}
	return ip.String()
}
