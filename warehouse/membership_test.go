package warehouse_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"credence/warehouse"
)

// A rep who moves leaves what was closed to the team it was closed in; what is open
// goes along.
func TestDealsStayWithTheTeamThatClosedThem(t *testing.T) {
	t.Parallel()
	hours := []int{0, 5, 5, 6, 3, 8} // of the syncs
	tests := []struct {
		name  string
		teams string // of the rep by sync: - in none, . not told
		deals string
		stays int // in teams
	}{
		{"who never moved was always there", "A..A", "early A, late A, open A", 1},
		{"who moved left what was closed before", "AB.B", "early A, late B, open B", 2},
		{"there and back within an hour", "AB.A", "early A, late A, open A", 3},
		{"three teams in one second", "ABC", "early A, late C, open C", 2},
		{"there and back in one second", "ABA", "early A, late A, open A", 2},
		{"a clock that went back", "AB..C", "early A, late C, open C", 2},
		{"the first team is no move", "-B", "early B, late B, open B", 1},
		{"who is in no team any more", "A-", "early A, late , open ", 2},
		{"a team that is gone leaves its deals to the next", "XB", "early B, late B, open B", 1},
		{"a database made anew knows today's team", ".....B", "early B, late B, open B", 1},
	}
	w := open(t)
	for n, hour := range hours {
		records := []any{warehouse.Team{TeamID: "A"}, warehouse.Team{TeamID: "B"}, warehouse.Team{TeamID: "C"}}
		for i, tt := range tests {
			if n >= len(tt.teams) || tt.teams[n] == '.' {
				continue
			}
			records = append(records, warehouse.Rep{RepID: fmt.Sprint("R", i), TeamID: strings.Trim(tt.teams[n:n+1], "-")})
		}
		load(t, w, "crm", syncTime.Add(time.Duration(hour)*time.Hour), records...)
	}
	var deals []any
	for i := range tests {
		for name, hour := range map[string]int{"early": 1, "late": 7, "open": 0} {
			d := warehouse.Deal{DealID: fmt.Sprint(i, name), Name: name, OwnerRepID: fmt.Sprint("R", i), Status: "open"}
			if hour > 0 {
				d.Status, d.ClosedAt = "won", syncTime.Add(time.Duration(hour)*time.Hour)
			}
			deals = append(deals, d)
		}
	}
	load(t, w, "crm", syncTime.Add(9*time.Hour), deals...)
	for range 2 { // a second refresh tells the same
		refresh(t, w)
		for i, tt := range tests {
			rep := fmt.Sprintf("'R%d'", i)
			if got := ask(t, w, "select string_agg(name || ' ' || team_id, ', ' order by name) from deal where owner_rep_id = "+rep); got != tt.deals {
				t.Errorf("%s: %s, want %s", tt.name, got, tt.deals)
			}
			if got := ask(t, w, "select count(*) from membership where rep_id = "+rep); got != strconv.Itoa(tt.stays) {
				t.Errorf("%s: %s stays, want %d:\n%s", tt.name, got, tt.stays, ask(t, w, "select team_id, from_at, until_at from membership where rep_id = "+rep+" order by from_at"))
			}
		}
	}
	if broken := check(t, w).Broken; len(broken) > 0 {
		t.Errorf("broken: %q", broken)
	}
}
