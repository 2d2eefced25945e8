package config

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// SignIn says how users sign in, besides by password.
type SignIn struct {
	OIDC OIDC `yaml:"oidc"`
}

// OIDC is the company's directory, an OpenID Connect provider. Without an issuer
// there is none.
type OIDC struct {
	Issuer           string `yaml:"issuer"` // https://login.example.com, as its discovery document says
	ClientID         string `yaml:"client_id"`
	ClientSecret     string `yaml:"client_secret"`      // empty: a public client, which PKCE protects
	ClientSecretFile string `yaml:"client_secret_file"` // a file that holds it
	Name             string `yaml:"name"`               // on the button: Sign in with NAME
	DefaultRole      string `yaml:"default_role"`       // empty: only users who were added before may sign in
}

// oidcRoles may be given to somebody who was not added; an administrator is
// always made by another.
var oidcRoles = []string{"rep", "manager", "cmo"}

// checkSignIn refuses a provider that cannot work and reads the secret's file.
func (c *Config) checkSignIn() error {
	o := &c.SignIn.OIDC
	if o.Issuer == "" {
		if o.ClientID != "" || o.ClientSecret != "" || o.ClientSecretFile != "" || o.DefaultRole != "" {
			return errors.New("sign_in.oidc has no issuer; write the address of your provider")
		}
		return nil
	}
	u, err := url.Parse(o.Issuer)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		return fmt.Errorf("sign_in.oidc.issuer %q is not an https address such as https://login.example.com", o.Issuer)
	case o.ClientID == "":
		return errors.New("sign_in.oidc.client_id is missing; your provider gave it for this application")
	case o.ClientSecret != "" && o.ClientSecretFile != "":
		return errors.New("sign_in.oidc has client_secret and client_secret_file; give one of them")
	case o.DefaultRole != "" && !slices.Contains(oidcRoles, o.DefaultRole):
		return fmt.Errorf("sign_in.oidc.default_role is %q; write rep, manager or cmo, or leave it out", o.DefaultRole)
	}
	if o.Name == "" {
		o.Name = u.Hostname()
	}
	if o.ClientSecretFile == "" {
		return nil
	}
	path := o.ClientSecretFile
	if !filepath.IsAbs(path) {
		path = filepath.Join(c.BaseDir(), path)
	}
	text, err := os.ReadFile(path) //nolint:gosec // the operator names the file
	if err != nil {
		return fmt.Errorf("read sign_in.oidc.client_secret_file: %w", err)
	}
	if o.ClientSecret = strings.TrimSpace(string(text)); o.ClientSecret == "" {
		return fmt.Errorf("sign_in.oidc.client_secret_file %s is empty", o.ClientSecretFile)
	}
	return nil
}
