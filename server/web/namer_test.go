package web

import (
	"testing"

	"credence/server/auth"
)

func TestRepsAreCalledByTheReadersRight(t *testing.T) {
	t.Parallel()
	who := func(roles ...auth.Role) Reader { return Reader{User: auth.User{Roles: roles}, RepID: "me"} }
	tests := []struct {
		name  string
		namer namer
		id    string
		full  string
		want  string
	}{
		{"oneself by name", namer{reader: who(auth.Rep)}, "me", "Lena Hofmann", "Lena Hofmann"},
		{"a rep calls colleagues by first name", namer{reader: who(auth.Rep)}, "r2", "Katrin Vogel", "Katrin"},
		{"a manager names the own team", namer{reader: who(auth.Manager), own: map[string]bool{"r2": true}}, "r2", "Katrin Vogel", "Katrin Vogel"},
		{"a manager calls other teams' reps by first name", namer{reader: who(auth.Manager)}, "r2", "Katrin Vogel", "Katrin"},
		{"a cmo names nobody", namer{reader: Reader{User: auth.User{Roles: []auth.Role{auth.CMO}}}}, "r2", "Katrin Vogel", "a rep"},
		{"a cmo names all when privacy allows", namer{reader: who(auth.CMO), seesAll: true}, "r2", "Katrin Vogel", "Katrin Vogel"},
		{"no rep has no name", namer{reader: who(auth.Rep)}, "", "", ""},
		{"an empty id is not the rep a reader is not", namer{reader: Reader{User: auth.User{Roles: []auth.Role{auth.CMO}}}}, "x", "", "a rep"},
	}
	for _, test := range tests {
		if got := test.namer.call(test.id, test.full); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestWeightsAreShortFractions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		weight, total int64
		want          string
	}{
		{142857142857, 999999999999, "1/7 = 0.142857"}, {1, 1, "1"}, {0, 1, "0"}, {400000000000, 1000000000000, "2/5 = 0.400000"}, {123456789, 1000000007, "0.123457"},
	} {
		if got := fraction(test.weight, test.total); got != test.want {
			t.Errorf("fraction(%d, %d) = %q, want %q", test.weight, test.total, got, test.want)
		}
	}
}
