package auth

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// KeyFile is where the signing key of a database lies when none is configured.
func KeyFile(database string) string { return database + ".key" }

// Key returns the configured signing key, else that of the key file beside the
// database, which is made at the first start.
func Key(configured, database string) ([]byte, error) {
	if configured != "" {
		return []byte(configured), nil
	}
	path := KeyFile(database)
	text, err := os.ReadFile(path) //nolint:gosec // beside the configured database
	if err == nil {
		return text, checkMode(path)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read signing key: %w", err)
	}
	raw := make([]byte, 32)
	if _, err = rand.Read(raw); err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	key := []byte(hex.EncodeToString(raw))
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // beside the configured database
	if err != nil {
		return nil, fmt.Errorf("keep signing key: %w", err)
	}
	_, err = f.Write(key)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("keep signing key: %w", err)
	}
	return key, nil
}

func checkMode(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("look at signing key: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return fmt.Errorf("the signing key %s can be read by others (mode %04o): chmod 600 it, or delete it to sign everybody out and have a new one made", path, mode)
	}
	return nil
}
