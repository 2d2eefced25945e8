package config

import "fmt"

// keys are the limits by their key.
func (r Retention) keys() []struct {
	key  string
	days int
} {
	return []struct {
		key  string
		days int
	}{{"activities", r.Activities}, {"exports", r.Exports}, {"sessions", r.Sessions}, {"audit", r.Audit}, {"backups", r.Backups}}
}

func (r Retention) least() int {
	least := r.Activities
	for _, k := range r.keys() {
		least = min(least, k.days)
	}
	return least
}

// short names the first limit that is too short.
func (r Retention) short() string {
	for _, k := range r.keys() {
		if k.days < 1 {
			return fmt.Sprintf("%s is %d", k.key, k.days)
		}
	}
	return ""
}
