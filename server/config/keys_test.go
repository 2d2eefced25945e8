package config

import (
	"strings"
	"testing"
)

func TestKeysTellEverythingButSecrets(t *testing.T) {
	t.Parallel()
	c := Default()
	c.SigningKey, c.MetricsToken = strings.Repeat("s3cret", 8), strings.Repeat("s3cret", 5)
	c.Company.Domains = []string{"halden.example", "halden.test"}
	c.Sources = []Source{{Name: "crm", Kind: "csvfile", Settings: map[string]any{"token": "s3cret"}}}
	c.Privacy.CMOSeesReps = true
	got := map[string]string{}
	for _, k := range c.Keys() {
		got[k.Name] = k.Value
		if strings.Contains(k.Value, "s3cret") {
			t.Errorf("%s tells a secret: %s", k.Name, k.Value)
		}
		if strings.HasPrefix(k.Name, "attribution") {
			t.Errorf("%s is listed: the page says it elsewhere", k.Name)
		}
	}
	for key, want := range map[string]string{
		"signing_key": "given", "metrics_token": "given", "company.domains": "halden.example, halden.test", "sources": "crm (csvfile)", "privacy.cmo_sees_reps": "yes",
		"efficiency.margin": "0.6", "tls.cert": "not given", "threads": "half of the machine's for a question", "privacy.retention_days.activities": "730",
	} {
		if got[key] != want {
			t.Errorf("%s is %q, want %q", key, got[key], want)
		}
	}
}
