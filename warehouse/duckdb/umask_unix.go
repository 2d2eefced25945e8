//go:build unix

package duckdb

import "syscall"

// restrictNewFiles makes every file this process creates private to its user:
// the engine creates its own with 0644.
func restrictNewFiles() { syscall.Umask(0o077) }
