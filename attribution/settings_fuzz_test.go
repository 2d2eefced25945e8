package attribution

import "testing"

// FuzzParseSettings reads any text as saved settings: it is refused, or they can
// be worked with and come back the same.
func FuzzParseSettings(f *testing.F) {
	f.Add(Default().String())
	for _, text := range []string{"", "{}", "null", "[]", `{"lookback_days":1e309}`, `{"half_life_days":-1}`, `{"lookback_by_channel":{"Event":9,"event":1}}`, `{"exclude":["channel=Event","x"]}`, `{"model":"x"}`, `{"custom":{"first":0.1}}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSettings(text)
		if err != nil {
			return
		}
		again, err := ParseSettings(s.String())
		if err != nil || !again.Equal(s) {
			t.Errorf("%q is %s, which comes back as %s, %v", text, s, again, err)
		}
		if s.Validate() == nil && s.Line() == "" {
			t.Errorf("%q says nothing", text)
		}
	})
}

// FuzzParseExclusion reads any rule: it is refused, or leaves something out.
func FuzzParseExclusion(f *testing.F) {
	for _, rule := range []string{"channel=Display", "campaign=c-17 & kind=click", "rep=", "=x", "campaign=a&campaign=b", "post==&", "source='; drop", "channel=display", "&"} {
		f.Add(rule)
	}
	f.Fuzz(func(t *testing.T, rule string) {
		e, err := ParseExclusion(rule)
		if err == nil && e == (Exclusion{}) {
			t.Errorf("%q leaves out everything or nothing", rule)
		}
	})
}
