package catalog

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/knadh/koanf/parsers/yaml"

	"credence/connectors"
	"credence/connectors/connectortest"
)

// FuzzSettings opens each kind of source with any settings: they are refused in one
// line that names one of its keys or a key that was given, or every key is known and
// none that must be there is missing.
func FuzzSettings(f *testing.F) {
	for nth, c := range All() {
		for _, s := range c.Settings {
			for _, value := range []string{"x", "", "[a, 1, null]", "{a: b, 1: 2}", "2026-01-31", "1e400", "yes", "[[a]]"} {
				f.Add(uint8(nth), "path: x\n"+s.Name+": "+value)
			}
		}
		for _, text := range []string{"", "pth: x", "path:", "path: [a]", "path: x\nown: [k.example, 'a@b.example', '@', ' ']", "path: x\ncolumns: {day: Tag, leads: 3}", "path: x\ncolumns: {dya: Tag}", "path: x\ntime_zone: Berlin", "path: x\nexported_on: 2025-04-31", "path: x\ndate_order: ymd", "path: x\ncurrency: eur\ndecimal: ','", `path: "a\nb"`, "\"a\\nb\": x", "path: &a [*a]", "streams: {deals: {file: x, columns: {deal_id: {column: x}}}}"} {
			f.Add(uint8(nth), text)
		}
	}
	keyed := regexp.MustCompile(`^(the key |unknown key |)"?(\w*)`)
	f.Fuzz(func(t *testing.T, nth uint8, text string) {
		raw, err := yaml.Parser().Unmarshal([]byte(text))
		if err != nil || len(text) > 4<<10 {
			return // what cannot stand in a configuration
		}
		c := All()[int(nth)%len(All())]
		_, err = c.Open(raw, connectors.Env{BaseDir: t.TempDir(), Currency: "EUR", Location: time.UTC, Now: connectortest.Now})
		known := func(key string) bool {
			return slices.ContainsFunc(c.Settings, func(s connectors.Setting) bool { return s.Name == key })
		}
		if err != nil {
			found := keyed.FindStringSubmatch(err.Error())
			if found == nil || found[1] != "unknown key " && !known(found[2]) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %q is refused with %q, want one line that names a key", c.Kind, text, err)
			}
			return
		}
		for key := range raw {
			if !known(key) {
				t.Errorf("%s: %q is taken with the key %q", c.Kind, text, key)
			}
		}
		for _, s := range c.Settings {
			if v := raw[s.Name]; s.Required && (v == nil || v == "") {
				t.Errorf("%s: %q is taken without %s", c.Kind, text, s.Name)
			}
		}
	})
}
