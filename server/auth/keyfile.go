package auth

import (
	"credence/server/keyfile"
)

// KeyFile is where the signing keys of a database lie when none are configured.
func KeyFile(database string) string { return database + ".key" }

// Key returns the configured signing keys, else those of the key file beside the
// database, which is made at the first start.
func Key(configured, database string) ([]byte, error) {
	if configured != "" {
		return []byte(configured), nil
	}
	return keyfile.ReadOrMake(KeyFile(database), "signing key", keyfile.Random)
}
