// Package catalog lists every kind of source. A new connector is one folder and
// one line in All; a test names a folder whose line is missing.
package catalog

import (
	"errors"
	"fmt"

	"credence/connectors"
	"credence/connectors/adsexport"
	"credence/connectors/csvfile"
	"credence/connectors/mailbox"
	"credence/connectors/slackexport"
	"credence/connectors/socialexport"
)

// All lists the connectors in the order in which people see them.
func All() []connectors.Connector {
	return []connectors.Connector{
		csvfile.Connector(),
		mailbox.Connector(),
		slackexport.Connector(),
		socialexport.Connector(),
		adsexport.Connector(),
	}
}

// ErrKind reports a kind of source that no connector reads.
var ErrKind = errors.New("unknown kind of source")

// Get returns the connector of a kind, or an error that suggests the nearest.
func Get(kind string) (connectors.Connector, error) {
	all := All()
	kinds := make([]string, len(all))
	for i, c := range all {
		if kinds[i] = c.Kind; c.Kind == kind {
			return c, nil
		}
	}
	return connectors.Connector{}, fmt.Errorf("%w %q%s", ErrKind, kind, connectors.Suggest(kind, kinds))
}

// Check refuses a list in which two connectors have one kind, or one has no
// kind, title, description or settings.
func Check(list []connectors.Connector) error {
	seen := map[string]string{}
	for _, c := range list {
		if first, twice := seen[c.Kind]; twice {
			return fmt.Errorf("the kind %q is listed twice: %s and %s", c.Kind, first, c.Title)
		}
		seen[c.Kind] = c.Title
		if c.Kind == "" || c.Title == "" || c.Doc == "" || len(c.Settings) == 0 || len(c.Streams) == 0 {
			return fmt.Errorf("the connector %q needs kind, title, doc, settings and streams", c.Kind)
		}
		for _, s := range c.Settings {
			if s.Name == "" || s.Doc == "" {
				return fmt.Errorf("the setting %q of %s needs a name and a doc", s.Name, c.Kind)
			}
		}
	}
	return nil
}
