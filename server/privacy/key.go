package privacy

import (
	"errors"
	"fmt"
	"io/fs"

	"credence/server/keyfile"
)

// readKey reads the key at path. fresh says that nobody was erased yet: then it
// may be made.
func readKey(path string, fresh bool) ([]byte, error) {
	const what = "key of erasures"
	if fresh {
		return keyfile.ReadOrMake(path, what, keyfile.Random)
	}
	text, err := keyfile.Read(path, what)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("people were erased from this database and the key that recognises them, %s, is missing: put it back, or they may return", path)
	}
	return text, err
}
