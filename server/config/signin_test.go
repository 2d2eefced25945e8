package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSignInByADirectory(t *testing.T) {
	t.Parallel()
	path := write(t, "sign_in: {oidc: {issuer: https://login.example.com/x, client_id: credence, client_secret_file: secret.txt}}\n")
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "secret.txt"), []byte("s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Read(path, []string{"CREDENCE_SIGN_IN_OIDC_DEFAULT_ROLE=rep"})
	if err != nil {
		t.Fatal(err)
	}
	want := OIDC{Issuer: "https://login.example.com/x", ClientID: "credence", ClientSecret: "s3cret", ClientSecretFile: "secret.txt", Name: "login.example.com", DefaultRole: "rep"}
	if c.SignIn.OIDC != want {
		t.Errorf("read %+v, want %+v", c.SignIn.OIDC, want)
	}
	for _, k := range c.Keys() {
		if strings.Contains(k.Value, "s3cret") {
			t.Errorf("the settings page shows the secret at %s", k.Name)
		}
	}
	tests := []struct{ name, oidc, want string }{
		{"no issuer", "client_id: credence", "has no issuer"},
		{"http", "issuer: http://login.example.com, client_id: credence", "is not an https address"},
		{"no address", "issuer: example, client_id: credence", "is not an https address"},
		{"no client", "issuer: https://login.example.com", "client_id is missing"},
		{"two secrets", "issuer: https://login.example.com, client_id: c, client_secret: x, client_secret_file: y", "give one of them"},
		{"a file that is not there", "issuer: https://login.example.com, client_id: c, client_secret_file: nowhere", "read sign_in.oidc.client_secret_file"},
		{"administrators by themselves", "issuer: https://login.example.com, client_id: c, default_role: admin", "write rep, manager or cmo"},
		{"an unknown key", "issuer: https://login.example.com, client: c", `unknown key "sign_in.oidc.client"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := Read(write(t, "sign_in: {oidc: {"+tt.oidc+"}}\n"), nil); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("says %v, want %q", err, tt.want)
			}
		})
	}
	if c, err := Read(write(t, "sign_in: {oidc: {issuer: 'http://127.0.0.1:9000', client_id: c}}\n"), nil); err != nil || c.SignIn.OIDC.Name != "127.0.0.1" {
		t.Errorf("a provider on this machine: %v", err)
	}
}
