// Package config reads credence.yaml and the environment into typed settings.
//
// Every key of the file can also be given as CREDENCE_… in the environment
// (company.time_zone is CREDENCE_COMPANY_TIME_ZONE), and any of them as
// CREDENCE_…_FILE, which names a file that holds the value: that is how secrets
// stay out of the file and of the process list. The package refuses a key it
// does not know, because a misspelt setting that is silently ignored changes
// figures without anybody noticing.
package config

import (
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"credence/attribution"
	"credence/warehouse/calendar"
)

// Config is the whole configuration with defaults filled in and its own paths
// made absolute.
type Config struct {
	Database       string               `yaml:"database"`
	Addr           string               `yaml:"addr"`
	BaseURL        string               `yaml:"base_url"`
	InsecureHTTP   bool                 `yaml:"insecure_http"`
	TLS            TLS                  `yaml:"tls"`
	TrustedProxies []string             `yaml:"trusted_proxies"`
	SigningKey     string               `yaml:"signing_key"`
	MetricsToken   string               `yaml:"metrics_token"`
	Users          string               `yaml:"users"`
	SignIn         SignIn               `yaml:"sign_in"`
	Outgoing       Outgoing             `yaml:"outgoing"`
	MemoryLimit    string               `yaml:"memory_limit"`
	Threads        int                  `yaml:"threads"`
	Company        Company              `yaml:"company"`
	Attribution    attribution.Settings `yaml:"attribution"`
	Efficiency     Efficiency           `yaml:"efficiency"`
	Privacy        Privacy              `yaml:"privacy"`
	Sources        []Source             `yaml:"sources"`

	// File is where the configuration was read from; empty when there is none.
	File string `yaml:"-"`

	baseURLGiven bool
	dir          string // the working directory
}

// TLS names the certificate and key with which serve speaks https itself.
type TLS struct {
	Cert string `yaml:"cert"`
	Key  string `yaml:"key"`
}

// Company is who we are: it decides the reporting currency, where days and
// quarters begin and whose addresses are our own people's.
type Company struct {
	Name            string   `yaml:"name"`
	Currency        string   `yaml:"currency"`
	TimeZone        string   `yaml:"time_zone"`
	FiscalYearStart int      `yaml:"fiscal_year_start"`
	Domains         []string `yaml:"domains"`

	location *time.Location
}

// Efficiency says how marketing efficiency is computed.
type Efficiency struct {
	MER      string  `yaml:"mer"`
	Margin   float64 `yaml:"margin"`
	Salaries bool    `yaml:"salaries"`
}

// Privacy says what is kept about people and who sees names of reps.
type Privacy struct {
	StoreBodies   bool      `yaml:"store_bodies"` // false: no connector stores the words of messages
	CMOSeesReps   bool      `yaml:"cmo_sees_reps"`
	RetentionDays Retention `yaml:"retention_days"`
}

// Retention is how many days each kind of record keeps its person.
type Retention struct {
	Activities int `yaml:"activities"` // who took part; the touch stays
	Exports    int `yaml:"exports"`    // files left beside the database
	Sessions   int `yaml:"sessions"`   // API tokens that are over; a session itself is forgotten when it ends
	Audit      int `yaml:"audit"`      // the log of who did what
	Backups    int `yaml:"backups"`    // copies of the database that lie beside it
}

// Source is one configured source; Settings are those of its kind.
type Source struct {
	Name      string
	Kind      string
	AlsoDeals bool // also_deals: its deals are wanted beside those of the system of record
	Settings  map[string]any
}

// Default is the configuration of an empty file.
func Default() Config {
	return Config{
		Database:    "credence.db",
		Addr:        "127.0.0.1:8080",
		Company:     Company{Currency: "EUR", TimeZone: "UTC", FiscalYearStart: 1},
		Attribution: attribution.Default(),
		Efficiency:  Efficiency{MER: "net_contribution", Margin: 0.6},
		Privacy:     Privacy{RetentionDays: Retention{Activities: 730, Exports: 1, Sessions: 30, Audit: 365, Backups: 35}},
	}
}

// BaseDir is where relative paths of the configuration start.
func (c *Config) BaseDir() string {
	if c.File == "" {
		return c.dir
	}
	return filepath.Dir(c.File)
}

// Calendar is the company's calendar.
func (c *Config) Calendar() calendar.Company {
	return calendar.Company{Location: c.Company.Location(), FiscalYearStart: time.Month(c.Company.FiscalYearStart)}
}

// Location is the company's time zone.
func (c *Company) Location() *time.Location {
	if c.location == nil {
		return time.UTC
	}
	return c.location
}

// SetAddr changes the listening address (serve --addr) and, unless a base_url
// was configured, the address that links and cookies are made for.
func (c *Config) SetAddr(addr string) error {
	c.Addr = addr
	if !c.baseURLGiven {
		c.BaseURL = ""
	}
	return c.settleAddress()
}

// Secure reports whether readers reach the server by https, so that its
// cookies may carry Secure and the __Host- prefix.
func (c *Config) Secure() bool { return strings.HasPrefix(c.BaseURL, "https://") }

// Loopback reports whether base_url can only be reached from this machine.
func (c *Config) Loopback() bool { return LoopbackOrigin(c.BaseURL) }

// LoopbackOrigin reports whether an address such as http://127.0.0.1:8080 is of
// this machine alone.
func LoopbackOrigin(address string) bool {
	u, err := url.Parse(address)
	return err == nil && isLoopback(u.Hostname())
}

// Exposed reports whether addr lets other machines in.
func (c *Config) Exposed() bool {
	host, _, err := net.SplitHostPort(c.Addr)
	return err != nil || !isLoopback(host)
}

// Clear reports whether passwords of other machines travel unencrypted, which
// insecure_http accepts.
func (c *Config) Clear() bool { return !c.Secure() && (c.Exposed() || !c.Loopback()) }

func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
