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
	size, err := sizeOf(database)
	if err != nil {
		return err
	}
	free, err := FreeSpace(filepath.Dir(database))
	if err != nil {
		return err
	}
	if need := max(leastSpace, 2*size); free < need {
		return fmt.Errorf("%d MiB are free beside the database and %d MiB are needed: make room, then sync again", free>>20, need>>20)
	}
	return nil
}

// checkRoom wants room for need bytes in dir.
func checkRoom(dir string, need int64) error {
	free, err := FreeSpace(dir)
	if err != nil {
		return err
	}
	if free < need {
		return fmt.Errorf("%d MiB are free in %s and %d MiB are needed: make room, or name another folder", free>>20, dir, need>>20+1)
	}
	return nil
}

// sizeOf is the bytes of the database with its log; 0 when there is none.
func sizeOf(database string) (size int64, err error) {
	for _, name := range []string{database, database + ".wal"} {
		info, err := os.Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("look at the database: %w", err)
		}
		size += info.Size()
	}
	return size, nil
}

// FreeSpace is how many bytes can be written in dir, or in the nearest folder
// above it that is there.
func FreeSpace(dir string) (int64, error) {
	for {
		var fsys syscall.Statfs_t
		err := syscall.Statfs(dir, &fsys)
		if errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
			dir = filepath.Dir(dir)
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("ask for free space: %w", err)
		}
		return int64(fsys.Bavail) * fsys.Bsize, nil //nolint:gosec,unconvert // no disk has 2^63 bytes; the type differs between systems
	}
}
