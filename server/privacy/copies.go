package privacy

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"credence/warehouse"
)

// DropCopies deletes the copies that the program itself keeps beside a database
// (of before a schema changed or a backup was restored, what a killed restore left,
// and logs that could not be replayed), those last changed before limit, and says how many
// there were: they hold whoever was erased since. What somebody named elsewhere is theirs.
func DropCopies(database string, limit time.Time) (n int, err error) {
	for _, pattern := range []string{".before-restore-*", ".restoring*", ".set-aside-*", ".d/backup/before-schema-*"} {
		files, err := filepath.Glob(escape(database) + pattern)
		if err != nil {
			return n, fmt.Errorf("look for old copies: %w", err)
		}
		for _, f := range files {
			info, err := os.Lstat(f)
			if errors.Is(err, fs.ErrNotExist) { // another deletion was first
				continue
			}
			if err != nil {
				return n, fmt.Errorf("look for old copies: %w", err)
			}
			if !info.ModTime().Before(limit) {
				continue
			}
			if err := os.RemoveAll(f); err != nil {
				return n, fmt.Errorf("delete an old copy: %w", err)
			}
			n++
		}
	}
	return n, nil
}

// TouchCopy has the days of a copy that was just kept, a database with what lies beside
// it or a log that was set aside, counted from since on.
func TouchCopy(path string, since time.Time) (err error) {
	for _, ending := range []string{"", ".wal", ".wal.checkpoint", ".wal.recovery", ".users", ".audit", ".erasure-key"} {
		if terr := os.Chtimes(path+ending, since, since); terr != nil && !errors.Is(terr, fs.ErrNotExist) {
			err = errors.Join(err, fmt.Errorf("keep a copy from now on: %w", terr))
		}
	}
	return err
}

// CopyCounts is from when on the days of a copy of the database are counted that
// knows the stored marks of erased people and is kept from now on: from the last
// erasure when it may hold somebody whom the list beside the database knows.
func CopyCounts(database string, stored []warehouse.Tombstone, now time.Time) (since time.Time, err error) {
	listed, err := readList(ListFile(database))
	if err != nil {
		return time.Time{}, err
	}
	if missing := without(listed, stored); len(missing) > 0 {
		if last := warehouse.LastErased(missing); !last.IsZero() {
			return last, nil
		}
	}
	return now, nil
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
