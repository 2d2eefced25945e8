//go:build unix

package duckdb

import (
	"fmt"
	"syscall"
)

// spillLimit is how much large sorts may write into dir: half of what is free
// there, so that a question cannot fill the disk under the database.
func spillLimit(dir string) string {
	free, ok := freeSpace(dir)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%dMiB", max(free/2>>20, 16))
}

// freeSpace is how many bytes can be written into dir; not ok when nobody knows.
func freeSpace(dir string) (bytes uint64, ok bool) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return 0, false
	}
	return fs.Bavail * uint64(fs.Bsize), true //nolint:gosec // a block size is not negative
}
