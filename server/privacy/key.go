package privacy

import (
	"errors"
	"fmt"
	"io/fs"

	"credence/server/keyfile"
)

// KeepKeyFor copies the key of a database for another one in which the same people
// were erased, unless that has one.
func KeepKeyFor(other, database string) error {
	_, err := keyfile.ReadOrMake(KeyFile(other), what, func() ([]byte, error) { return keyfile.Read(KeyFile(database), what) })
	if errors.Is(err, fs.ErrNotExist) { // there was none
		return nil
	}
	return err
}

// what the key is called in errors.
const what = "key of erasures"

// readKey reads the key at path. fresh says that nobody was erased yet: then it
// may be made.
func readKey(path string, fresh bool) ([]byte, error) {
	if fresh {
		return keyfile.ReadOrMake(path, what, keyfile.Random)
	}
	text, err := keyfile.Read(path, what)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("people were erased from this database and the key that recognises them, %s, is missing: put it back, or they may return", path)
	}
	return text, err
}
