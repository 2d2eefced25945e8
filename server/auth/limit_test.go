package auth

import (
	"fmt"
	"testing"
	"time"
)

func TestTenFailuresCloseTheDoorForFifteenMinutes(t *testing.T) {
	t.Parallel()
	l := NewLimiter(MaxFailures)
	for i := range MaxFailures {
		if !l.Try("Ann ", "10.0.0.1", start.Add(time.Duration(i)*time.Second)) {
			t.Fatalf("attempt %d is refused, want ten", i+1)
		}
	}
	late := start.Add(time.Minute)
	if l.Try("ann", "10.0.0.2", late) {
		t.Error("the account is open to another address, want it closed")
	}
	if l.Try("bob", "10.0.0.1", late) {
		t.Error("the address may try another account, want it closed")
	}
	if !l.Try("bob", "10.0.0.2", late) {
		t.Error("an unrelated account and address is closed")
	}
	if !l.Try("ann", "10.0.0.1", start.Add(FailureWindow+time.Second)) {
		t.Error("still closed after fifteen minutes")
	}
}

func TestASuccessIsNoFailure(t *testing.T) {
	t.Parallel()
	l := NewLimiter(MaxFailures)
	for range 3 * MaxFailures { // colleagues behind one address
		if !l.Try("ann", "10.0.0.1", start) {
			t.Fatal("a successful sign-in closed the door")
		}
		l.Succeed("ann", "10.0.0.1")
	}
	for range MaxFailures - 1 {
		l.Try("bob", "10.0.0.1", start)
	}
	l.Try("ann", "10.0.0.1", start)
	l.Succeed("ann", "10.0.0.1")
	if !l.Try("bob", "10.0.0.1", start) || l.Try("bob", "10.0.0.1", start) {
		t.Error("a success of one forgives the address the failures of another")
	}
}

// A machine has a whole /64 of IPv6 to ask from.
func TestAnIPv6NetworkIsOneAddress(t *testing.T) {
	t.Parallel()
	l := NewLimiter(MaxFailures)
	for i := range MaxFailures {
		if !l.Try(fmt.Sprintf("user %d", i), fmt.Sprintf("2001:db8:1:2:%x::%x", i, i), start) {
			t.Fatalf("attempt %d is refused", i+1)
		}
	}
	for _, tt := range []struct {
		address string
		want    bool
	}{{"2001:db8:1:2:ffff::1", false}, {"2001:db8:1:3::1", true}, {"::ffff:10.0.0.1", true}} {
		if got := l.Try("ann "+tt.address, tt.address, start); got != tt.want {
			t.Errorf("%s may try: %v, want %v", tt.address, got, tt.want)
		}
	}
	for range MaxFailures - 1 {
		l.Try("", "10.0.0.1", start)
	}
	if l.Try("", "10.0.0.1", start) {
		t.Error("an IPv4 address written as IPv6 is another")
	}
}

// A flood of addresses and accounts fills no memory and opens no door.
func TestAFloodOpensNoDoor(t *testing.T) {
	t.Parallel()
	l := NewLimiter(MaxFailures)
	flood := func(account string) {
		for i := range maxLimitKeys + 100 {
			l.Try(account, fmt.Sprintf("2001:db8:%x:%x::1", i>>16+1, i&0xffff), start)
		}
	}
	flood("") // as invitations are tried
	if len(l.addresses.of) != maxLimitKeys || l.addresses.order.Len() != maxLimitKeys || len(l.accounts.of) != 0 {
		t.Errorf("%d addresses and %d accounts are kept", len(l.addresses.of), len(l.accounts.of))
	}
	passed := 0
	for range 1000 {
		if l.Try("ann", "10.0.0.1", start.Add(time.Second)) {
			passed++
		}
	}
	if passed != MaxFailures {
		t.Errorf("%d of 1,000 attempts on one account pass after a flood, want %d", passed, MaxFailures)
	}
	flood("")
	if l.Try("ann", "10.0.0.9", start.Add(2*time.Second)) {
		t.Error("a flood of addresses opens the account again")
	}
	l.Try("", "10.0.0.9", start.Add(FailureWindow+3*time.Second))
	if len(l.addresses.of) != 1 || len(l.accounts.of) != 0 {
		t.Errorf("after the window %d addresses and %d accounts are kept", len(l.addresses.of), len(l.accounts.of))
	}
}
