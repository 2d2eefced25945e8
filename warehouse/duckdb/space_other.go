//go:build !unix

package duckdb

// spillLimit leaves the engine's own limit where free space is asked otherwise.
func spillLimit(string) string { return "" }

// freeSpace is not asked for here.
func freeSpace(string) (uint64, bool) { return 0, false }
