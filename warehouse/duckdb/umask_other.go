//go:build !unix

package duckdb

// restrictNewFiles does nothing where files have no modes.
func restrictNewFiles() {}
