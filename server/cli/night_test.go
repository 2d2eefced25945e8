package cli

import (
	"testing"
	"time"
)

func TestTheNightComesOnceADay(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, now, want string
		zone            *time.Location
	}{
		{"before it", "2026-07-20T00:59:59Z", "2026-07-20T01:00:00Z", berlin},
		{"at it, the next", "2026-07-20T01:00:00Z", "2026-07-21T01:00:00Z", berlin},
		{"after it, the next", "2026-07-20T23:30:00Z", "2026-07-21T03:00:00Z", time.UTC},
		{"across the change to winter time", "2026-10-24T12:00:00Z", "2026-10-25T02:00:00Z", berlin},
		{"across the change to summer time", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z", berlin},
		{"at the end of a year", "2026-12-31T12:00:00Z", "2027-01-01T03:00:00Z", time.UTC},
	} {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := nextNight(now, tt.zone).UTC().Format(time.RFC3339); got != tt.want {
			t.Errorf("%s: the next night after %s is %s, want %s", tt.name, tt.now, got, tt.want)
		}
	}
}
