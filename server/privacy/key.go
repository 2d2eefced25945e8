package privacy

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// readKey reads the key at path. fresh says that nobody was erased yet: then it
// may be made.
func readKey(path string, fresh bool) ([]byte, error) {
	text, err := os.ReadFile(path) //nolint:gosec // beside the configured database
	switch {
	case err == nil:
		info, serr := os.Stat(path)
		if serr != nil {
			return nil, fmt.Errorf("look at the key of erasures: %w", serr)
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 {
			return nil, fmt.Errorf("the key of erasures %s can be read by others (mode %04o): chmod 600 it", path, mode)
		}
		return text, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("read the key of erasures: %w", err)
	case !fresh:
		return nil, fmt.Errorf("people were erased from this database and the key that recognises them, %s, is missing: put it back, or they may return", path)
	}
	raw := make([]byte, 32)
	if _, err = rand.Read(raw); err != nil {
		return nil, fmt.Errorf("make the key of erasures: %w", err)
	}
	key := []byte(hex.EncodeToString(raw))
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // beside the configured database
	if err != nil {
		return nil, fmt.Errorf("keep the key of erasures: %w", err)
	}
	_, err = f.Write(key)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("keep the key of erasures: %w", err)
	}
	return key, nil
}
