package privacy

import (
	"fmt"
	"os"
	"path/filepath"
)

// DropCopies deletes the copies that the program itself keeps beside a database
// (of before a schema changed or a backup was restored, and logs that could not
// be replayed) and says how many there were: they hold whoever was erased since.
func DropCopies(database string) (n int, err error) {
	for _, pattern := range []string{".before-restore-*", ".set-aside-*", ".d/backup/before-schema-*"} {
		files, err := filepath.Glob(escape(database) + pattern)
		if err != nil {
			return n, fmt.Errorf("look for old copies: %w", err)
		}
		for _, f := range files {
			if err := os.Remove(f); err != nil {
				return n, fmt.Errorf("delete an old copy: %w", err)
			}
			n++
		}
	}
	return n, nil
}

// escape makes a path match itself.
func escape(path string) string {
	var out []rune
	for _, r := range path {
		if r == '*' || r == '?' || r == '[' || r == '\\' {
			out = append(out, '\\')
		}
		out = append(out, r)
	}
	return string(out)
}
