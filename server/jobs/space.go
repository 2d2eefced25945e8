package jobs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// leastSpace is the free space below which nothing is read in: a full disk
// ends the database's process.
const leastSpace = 1 << 30

// CheckSpace wants room for twice the database, and for 1 GiB.
func CheckSpace(database string) error {
	need := uint64(leastSpace)
	info, err := os.Stat(database)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look at the database: %w", err)
	}
	if err == nil {
		need = max(need, 2*uint64(info.Size())) //nolint:gosec // a file's size is not negative
	}
	dir := filepath.Dir(database)
	for { // the folder may not be there before the first start
		var fsys syscall.Statfs_t
		err := syscall.Statfs(dir, &fsys)
		if errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
			dir = filepath.Dir(dir)
			continue
		}
		if err != nil {
			return fmt.Errorf("ask for free space: %w", err)
		}
		if free := fsys.Bavail * uint64(fsys.Bsize); free < need { //nolint:gosec // a block size is not negative
			return fmt.Errorf("%d MiB are free beside the database and %d MiB are needed: make room, then sync again", free>>20, need>>20)
		}
		return nil
	}
}
