package incremental_test

import (
	"math"
	"testing"

	"credence/attribution/incremental"
)

// known is what was learned of four kinds of touches: fairs help deals to be
// made, meetings to move on, mail helps both, and less so after another act;
// retargeting does nothing.
func known() incremental.Effects {
	return incremental.Effects{
		Cells:  cells,
		Create: incremental.Side{Effect: []float64{.5, .2, 0, 0}, Follows: -.3},
		Move:   incremental.Side{Effect: []float64{0, .1, 0, .4}, Follows: -.05},
		Odds:   []float64{.8, -.2},
	}
}

func TestALossSaysWhyItIsNone(t *testing.T) {
	t.Parallel()
	d := incremental.Deal{Created: 1000, Moves: []incremental.Move{{Day: 1020, Stage: 0, Forward: true}, {Day: 1060, Stage: 1, Forward: true}}}
	const both = ""
	tests := []struct {
		name  string
		touch incremental.Touch
		made  incremental.Nothing
		moved incremental.Nothing
	}{
		{"a fair before", incremental.Touch{Day: 990, Cell: fair}, both, incremental.NoEffect},
		{"a fair on the day", incremental.Touch{Day: 1000, Cell: fair}, incremental.NotBefore, incremental.NoEffect},
		{"a fair long before", incremental.Touch{Day: 1000 - incremental.ReachDays, Cell: fair}, incremental.TooOld, incremental.NoEffect},
		{"a fair just within reach", incremental.Touch{Day: 1001 - incremental.ReachDays, Cell: fair}, both, incremental.NoEffect},
		{"a mail before", incremental.Touch{Day: 990, Cell: mail}, both, both},
		{"a mail that followed", incremental.Touch{Day: 990, Cell: mail, Follows: true}, incremental.AfterAnother, both},
		{"a mail at the last move", incremental.Touch{Day: 1060, Cell: mail}, incremental.NotBefore, incremental.NotBefore},
		{"a mail too old for any", incremental.Touch{Day: 700, Cell: mail}, incremental.TooOld, incremental.TooOld},
		{"a meeting on the deal", incremental.Touch{Day: 1030, Cell: sales}, incremental.NoEffect, both},
		{"a meeting before the deal", incremental.Touch{Day: 990, Cell: sales}, incremental.NoEffect, incremental.BeforeMaking},
		{"retargeting", incremental.Touch{Day: 990, Cell: retargeting}, incremental.NoEffect, incremental.NoEffect},
		{"of no kind", incremental.Touch{Day: 990, Cell: -1}, incremental.Unknown, incremental.Unknown},
		{"of a kind nobody learned", incremental.Touch{Day: 990, Cell: 7}, incremental.Unknown, incremental.Unknown},
	}
	e := known()
	touches := make([]incremental.Touch, len(tests))
	for i, tt := range tests {
		touches[i] = tt.touch
		l := e.Reckon(&d, []incremental.Touch{tt.touch}).Touches[0]
		if l.NotMade != tt.made || l.NotMove != tt.moved {
			t.Errorf("%s: made %q, moved %q, want %q and %q", tt.name, l.NotMade, l.NotMove, tt.made, tt.moved)
		}
		if nothing := l.Kept == 1; nothing != (tt.made != "" && tt.moved != "") {
			t.Errorf("%s: %v of the chance is kept", tt.name, l.Kept)
		}
	}
	if l := e.Reckon(&incremental.Deal{Created: 1000}, touches[4:5]).Touches[0]; l.NotMove != incremental.NeverMoved {
		t.Errorf("a deal that never moved: %q", l.NotMove)
	}

	// All of them on one deal: shares worked again from the numbers, each kept
	// chance from its parts.
	share, r := e.Explain(&d, touches), e.Reckon(&d, touches)
	near := func(what string, got, want float64) {
		if math.Abs(got-want) > 1e-11 {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	near("what would have come anyway", r.Rest, float64(share.Base)/incremental.Scale)
	sigma := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	losses := 0.0
	for i, l := range r.Touches {
		kept := math.Exp(-l.Pull)
		if l.NotMade == "" {
			near("pull of "+tests[i].name, l.Pull, l.Effect*math.Exp2(-float64(l.Days)/incremental.HalfLifeDays)/float64(l.Times))
		}
		for _, m := range l.Moves {
			near("pull on a move of "+tests[i].name, m.Pull, l.Forward*math.Exp2(-float64(m.Days)/incremental.HalfLifeDays)/float64(l.Times))
			near("a move without "+tests[i].name, m.Kept, sigma(m.Odds-m.Pull)/sigma(m.Odds))
			kept *= m.Kept
		}
		near("the chance without "+tests[i].name, l.Kept, kept)
		near("the share of "+tests[i].name, float64(share.Touches[i])/incremental.Scale, (1-r.Rest)*(1-l.Kept)/r.Losses)
		losses += 1 - l.Kept
	}
	near("the sum of losses", r.Losses, losses)
}

func TestWithoutEffectsAllComesAnyway(t *testing.T) {
	t.Parallel()
	var none incremental.Effects
	d, touches := incremental.Deal{Created: 9, Moves: []incremental.Move{{Day: 12}}}, []incremental.Touch{{Day: 3}}
	if s := none.Explain(&d, touches); s.Base != incremental.Scale || s.Touches[0] != 0 {
		t.Errorf("shares are %+v", s)
	}
	if r := none.Reckon(&d, touches); r.Rest != 1 || r.Losses != 0 || r.Touches[0].NotMade != incremental.Unknown {
		t.Errorf("reckoned %+v", r)
	}
}
