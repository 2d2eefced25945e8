// Package keyfile keeps the secret keys of a database: each in a file of its own
// beside it, made once, whole or not at all, and readable by its owner only.
//
// It knows nothing of what a key is for.
package keyfile

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"credence/warehouse/duckdb"
)

// Read returns the text of the key file at path as it stands there; what names
// the key in errors, such as "signing key". A file that others may read is
// refused. One that is not there is fs.ErrNotExist.
func Read(path, what string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the %s: %w", what, err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, fmt.Errorf("the %s %s can be read by others (mode %04o): chmod 600 it", what, path, mode)
	}
	text, err := os.ReadFile(path) //nolint:gosec // beside the configured database
	if err != nil {
		return nil, fmt.Errorf("read the %s: %w", what, err)
	}
	return text, nil
}

// ReadOrMake is Read; where there is no file it makes one of fresh.
func ReadOrMake(path, what string, fresh func() ([]byte, error)) ([]byte, error) {
	text, err := Read(path, what)
	if !errors.Is(err, fs.ErrNotExist) {
		return text, err
	}
	if text, err = fresh(); err != nil {
		return nil, fmt.Errorf("make the %s: %w", what, err)
	}
	if err = Keep(path, what, text); errors.Is(err, fs.ErrExist) { // another process was first
		return Read(path, what)
	}
	return text, err
}

// Keep makes the key file at path, which nobody has made before. What was begun
// when the power went leaves no half of a key.
func Keep(path, what string, text []byte) error {
	if err := keep(path, text); err != nil {
		return fmt.Errorf("keep the %s: %w", what, err)
	}
	return nil
}

func keep(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Link(f.Name(), path) // refuses a name that is taken
	}
	if err = errors.Join(err, os.Remove(f.Name())); err != nil {
		return err
	}
	return duckdb.SyncDir(filepath.Dir(path))
}

// Random is a key of 32 random bytes in hexadecimal.
func Random() ([]byte, error) {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return nil, err
	}
	return []byte(hex.EncodeToString(raw)), nil
}
