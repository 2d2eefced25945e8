package config

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// FuzzEnvironment sets any one variable: it is refused in one line that names it and
// tells no secret, or taken, the same each time, and no secret is among the keys.
func FuzzEnvironment(f *testing.F) {
	dir := f.TempDir()
	file := "sign_in: {oidc: {issuer: 'https://login.example', client_id: x}}\nsources: [{name: crm-eu, kind: csvfile, path: c}]\n"
	for name, text := range map[string]string{FileName: file, "held": "a secret of many letters\r\n", "empty": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			f.Fatal(err)
		}
	}
	leaves(reflect.TypeFor[Config](), nil, func(path []string) {
		name := strings.ToUpper(strings.Join(path, "_"))
		for _, value := range []string{"", "60", "maybe", "[::1]:80", "a,b", "Event=9"} {
			f.Add(name, value)
		}
		f.Add(name+"_FILE", "held")
		f.Add(name+"_FILE", "none")
	})
	for _, v := range [][2]string{{"SOURCES_CRM_EU_TOKEN", "t0"}, {"SOURCES_CRM_EU_TOKEN_FILE", "held"}, {"SOURCES_CRM_EU_TOKEN_FILE", "no-such-file"}, {"SOURCES_CRM_EU_", "x"}, {"SOURCES_ERP_TOKEN", "swordfish"}, {"SOURCES", "x"}, {"SIGNING_KEY", "short secret"}, {"SIGNING_KEY", strings.Repeat("ab12", 10)}, {"METRICS_TOKEN", "swordfish"}, {"", "x"}, {"_FILE", "held"}, {"DATABSE", "x"}, {"COMPANY", "x"}, {"CONFIG", "x"}, {"DATABASE_FILE_FILE", "held"}, {"company_name", "x"}, {"COMPANY_NAME", "\xff"}, {"HALF_LIFE_DAYS", "NaN"}, {"EFFICIENCY_MARGIN", "0x1p-2"}, {"EFFICIENCY_MARGIN", "NaN"}, {"TRUSTED_PROXIES", "10.0.0.0/8,,x"}, {"BASE_URL", "https://a\nb"}, {"ADDR", "@\xffB:8#"}, {"ADDR", "a/b:8"}} {
		f.Add(v[0], v[1])
	}
	secrets := []string{"SIGNING_KEY", "METRICS_TOKEN", "SIGN_IN_OIDC_CLIENT_SECRET"}
	f.Fuzz(func(t *testing.T, name, value string) {
		if strings.ContainsAny(name, "=\x00\r\n") || strings.Contains(value, "\x00") || strings.HasSuffix(name, "_FILE") && (strings.HasPrefix(value, "/") || strings.Contains(value, "\n")) {
			return // no variable, a file of the machine, or one of two lines
		}
		variable := envPrefix + name
		c, err := ReadIn(dir, "", []string{variable + "=" + value})
		if err != nil {
			said := strings.ToUpper(strings.ReplaceAll(err.Error(), ".", "_"))
			key := strings.ToUpper(strings.TrimSuffix(name, "_FILE"))
			for _, group := range []string{"TLS", "SIGN_IN_OIDC", "ATTRIBUTION_CUSTOM"} { // of keys that go together
				if strings.HasPrefix(key, group+"_") {
					key = group
				}
			}
			if strings.Contains(err.Error(), "\n") || !strings.Contains(said, key) && !strings.Contains(err.Error(), name) {
				t.Errorf("%s=%q is refused with %q, want one line that names it", variable, value, err)
			}
			secret := slices.Contains(secrets, name) || strings.HasPrefix(name, "SOURCES_") && !strings.HasSuffix(name, "_FILE") // which names a file
			if len(value) > 8 && secret && strings.Contains(strings.ReplaceAll(err.Error(), name, ""), value) {
				t.Errorf("%s=%q is told: %v", variable, value, err)
			}
			return
		}
		if again, err := ReadIn(dir, "", []string{variable + "=" + value}); err != nil || !reflect.DeepEqual(again, c) {
			t.Errorf("%s=%q is %+v, and then %+v: %v", variable, value, c, again, err)
		}
		keys := fmt.Sprint(c.Keys())
		if len(value) > 8 && slices.Contains(secrets, name) && strings.Contains(keys, value) {
			t.Errorf("%s=%q is among the keys: %s", variable, value, keys)
		}
		if len(c.Sources) != 1 || c.BaseURL == "" || c.Company.Currency == "" || c.Efficiency.Margin != c.Efficiency.Margin || c.Attribution.Validate() != nil {
			t.Errorf("%s=%q makes %+v", variable, value, c)
		}
	})
}
