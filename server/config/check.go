package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"credence/attribution"
	"credence/connectors"
	"credence/warehouse/money"
)

// MinKeyBytes is the shortest signing key that is accepted.
const MinKeyBytes = 32

// minTokenBytes is the shortest metrics token that is accepted.
const minTokenBytes = 24

// merWays are the ways to say marketing efficiency.
var merWays = []string{attribution.MERNetContribution, attribution.MERBeforeMarketing}

// resolvePaths makes the paths of the file relative to the file.
func (c *Config) resolvePaths() {
	for _, p := range []*string{&c.Database, &c.Users, &c.TLS.Cert, &c.TLS.Key} {
		if *p != "" && !filepath.IsAbs(*p) {
			*p = filepath.Join(c.BaseDir(), *p)
		}
	}
}

// check refuses values that cannot work, each with a remedy, and fills in what
// follows from others.
func (c *Config) check() error {
	if c.Database == "" {
		return errors.New("the key \"database\" is empty; it is the path of the database file")
	}
	if c.SigningKey != "" && len(c.SigningKey) < MinKeyBytes {
		return fmt.Errorf("signing_key has %d bytes; it needs at least %d random ones (openssl rand -hex 32), or leave it out to have one made", len(c.SigningKey), MinKeyBytes)
	}
	if c.MetricsToken != "" && len(c.MetricsToken) < minTokenBytes {
		return fmt.Errorf("metrics_token has %d characters; it needs at least %d random ones (openssl rand -hex 16)", len(c.MetricsToken), minTokenBytes)
	}
	if err := c.checkCompany(); err != nil {
		return err
	}
	for _, choice := range c.Attribution.Choices() {
		if !slices.Contains(choice.Words, choice.Value) {
			return fmt.Errorf("%s is %q%s", choice.Key, choice.Value, connectors.Suggest(choice.Value, choice.Words))
		}
	}
	if err := c.Attribution.Validate(); err != nil {
		return err //nolint:wrapcheck // it names the key
	}
	if !slices.Contains(merWays, c.Efficiency.MER) {
		return fmt.Errorf("efficiency.mer is %q%s", c.Efficiency.MER, connectors.Suggest(c.Efficiency.MER, merWays))
	}
	switch {
	case !(c.Efficiency.Margin >= 0 && c.Efficiency.Margin <= 1):
		return fmt.Errorf("efficiency.margin is %v; write a share between 0 and 1, such as 0.6", c.Efficiency.Margin)
	case c.Privacy.StoreBodies:
		return errors.New("privacy.store_bodies is true, and Credence stores the words of no message; remove the key, or write false")
	case c.Privacy.RetentionDays.least() < 1:
		return fmt.Errorf("privacy.retention_days.%s; write at least 1", c.Privacy.RetentionDays.short())
	case (c.TLS.Cert == "") != (c.TLS.Key == ""):
		return errors.New("tls needs both cert and key")
	}
	if err := c.checkSignIn(); err != nil {
		return err
	}
	if err := c.checkNetworks(); err != nil {
		return err
	}
	return c.settleAddress()
}

func (c *Config) checkCompany() error {
	c.Company.Currency = strings.ToUpper(strings.TrimSpace(c.Company.Currency))
	if _, err := money.Exponent(c.Company.Currency); err != nil {
		return fmt.Errorf("company.currency: %w; write a code such as EUR", err)
	}
	loc, err := time.LoadLocation(c.Company.TimeZone)
	if err != nil {
		return fmt.Errorf("company.time_zone %q is not known; write a name such as Europe/Berlin", c.Company.TimeZone)
	}
	c.Company.location = loc
	if c.Company.FiscalYearStart < 1 || c.Company.FiscalYearStart > 12 {
		return fmt.Errorf("company.fiscal_year_start is %d; write the number of its first month, 1 to 12", c.Company.FiscalYearStart)
	}
	for i, d := range c.Company.Domains {
		c.Company.Domains[i] = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(d), "@"))
	}
	return nil
}

// settleAddress derives base_url from addr when it is not given and refuses
// addresses over which passwords would travel in the clear: what base_url says,
// and whom addr lets in. An https base_url is that of tls or of a proxy in front.
func (c *Config) settleAddress() error {
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil || strings.IndexFunc(host+port, func(r rune) bool {
		return !strings.ContainsRune(".:-_", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) >= 0 {
		return fmt.Errorf("addr %q is not HOST:PORT, such as 127.0.0.1:8080", c.Addr)
	}
	if c.BaseURL == "" {
		scheme := "http"
		if c.TLS.Cert != "" {
			scheme = "https"
		}
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			host = "127.0.0.1"
		}
		c.BaseURL = scheme + "://" + net.JoinHostPort(host, port)
	}
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("base_url %q is not an address such as https://credence.example.com", c.BaseURL)
	}
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.User != nil {
		return fmt.Errorf("base_url %q must be scheme and host only", c.BaseURL)
	}
	c.BaseURL = u.Scheme + "://" + strings.ToLower(u.Host)
	if c.InsecureHTTP || u.Scheme == "https" {
		return nil
	}
	const remedy = "give tls.cert and tls.key, or put an https proxy in front and write its https address as base_url, or set insecure_http: true to accept it"
	switch {
	case !isLoopback(u.Hostname()):
		return fmt.Errorf("base_url %s would send passwords unencrypted: %s", c.BaseURL, remedy)
	case c.Exposed():
		return fmt.Errorf("addr %s takes sign-ins from other machines, whose passwords would travel unencrypted: listen on 127.0.0.1, or %s", c.Addr, remedy)
	}
	return nil
}
