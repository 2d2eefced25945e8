//go:build unix

package duckdb

import (
	"fmt"
	"syscall"
)

// spillLimit is how much large sorts may write into dir: half of what is free
// there, so that a question cannot fill the disk under the database.
func spillLimit(dir string) string {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return ""
	}
	return fmt.Sprintf("%dMiB", max(fs.Bavail*uint64(fs.Bsize)/2>>20, 16)) //nolint:gosec // a block size is not negative
}
