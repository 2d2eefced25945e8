package config

import (
	"fmt"
	"net/netip"
	"net/url"

	"credence/connectors/outgoing"
)

// Outgoing says which machines may be asked.
type Outgoing struct {
	Allow []string `yaml:"allow"` // private networks, such as 10.1.0.0/16, that a configured address may lead to
}

// loopback is this machine.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// checkNetworks refuses lists of machines that are none.
func (c *Config) checkNetworks() error {
	if _, err := outgoing.ParseNetworks(c.Outgoing.Allow); err != nil {
		return fmt.Errorf("outgoing.allow: %w", err)
	}
	if _, err := outgoing.ParseNetworks(c.TrustedProxies); err != nil {
		return fmt.Errorf("trusted_proxies: %w", err)
	}
	return nil
}

// DirectoryNetworks are the private networks in which the company's directory may
// be: those allowed, and this machine when its address says so.
func (c *Config) DirectoryNetworks() []netip.Prefix {
	allow, err := outgoing.ParseNetworks(c.Outgoing.Allow)
	if err != nil {
		allow = nil // refused at the start
	}
	if u, err := url.Parse(c.SignIn.OIDC.Issuer); err == nil && isLoopback(u.Hostname()) {
		allow = append(allow, loopback...)
	}
	return allow
}
