package duckdb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"credence/warehouse/step"
)

// AsideLog is a write-ahead log that could not be replayed and was set aside.
// What it held and no checkpoint had written is not in the database.
type AsideLog struct {
	File  string // full path under which it is kept
	Bytes int64
	Why   error // what the engine said
}

// ErrBadLog says that the write-ahead log cannot be replayed, and that looking
// does not set it aside.
var ErrBadLog = errors.New("its log is damaged")

// SetAside tells of the log that Open had to set aside; nil when it was whole,
// which is the rule.
func (e *Engine) SetAside() *AsideLog { return e.aside }

// logNames are the endings of the files in which the engine keeps what is not
// in the database file yet: the log, and two more while it is folded in.
var logNames = []string{".wal", ".wal.checkpoint", ".wal.recovery"}

// openOrSetAside opens the database at path. When its log cannot be replayed
// the log is renamed, never deleted, and the database opened without it; when
// that fails too the log was not to blame and gets its name back. A child that
// dies has to live without the log and to die of it once more.
func openOrSetAside(path string, o Options, settings []string) (*Engine, error) {
	e, err := openRehearsed(path, "", o, settings)
	if errors.Is(err, errDied) {
		if alone := rehearseAlone(path, o.Replay); errors.Is(alone, errDied) {
			return nil, damaged(err)
		} else if alone != nil {
			return nil, alone
		}
		e, err = openRehearsed(path, "", o, settings)
	}
	if err == nil || !unreplayable(err) {
		return e, err
	}
	to, err2 := FreeName(path+".set-aside-", logNames)
	if err2 != nil {
		return nil, errors.Join(err, err2)
	}
	size, err2 := moveLog(path, to)
	if err2 != nil {
		return nil, errors.Join(err, err2)
	}
	if e, err2 = open(path, o, settings); err2 != nil {
		_, back := moveLog(to, path)
		return nil, errors.Join(damaged(err), back)
	}
	e.aside = &AsideLog{File: to + ".wal", Bytes: size, Why: err}
	return e, nil
}

func damaged(err error) error {
	return fmt.Errorf("the database file itself is damaged: restore a backup: %w", err)
}

// unreplayable says whether err is of a damaged log.
func unreplayable(err error) bool {
	text := err.Error()
	return (errors.Is(err, errDied) || strings.Contains(text, "replaying WAL") || strings.Contains(text, "Corrupt WAL")) && !lacked(text)
}

// FreeName is prefix with the first number under which no file with one of the
// endings is; an error when ten thousand are taken.
func FreeName(prefix string, endings []string) (string, error) {
	for n := 1; n < 10000; n++ {
		name, free := prefix+strconv.Itoa(n), true
		for _, ending := range endings {
			if _, err := os.Lstat(name + ending); !errors.Is(err, fs.ErrNotExist) {
				free = false
			}
		}
		if free {
			return name, nil
		}
	}
	return "", fmt.Errorf("there are ten thousand files %s…: look at them and take them away", prefix)
}

// moveLog gives every log file of the database at from the name it would have
// for a database at to. It returns the bytes of the log proper.
func moveLog(from, to string) (size int64, err error) {
	for _, ending := range logNames {
		info, err := os.Stat(from + ending)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return size, fmt.Errorf("set the log aside: %w", err)
		}
		if err := os.Rename(from+ending, to+ending); err != nil {
			return size, fmt.Errorf("set the log aside: %w", err)
		}
		size += info.Size()
		step.At("log renamed")
	}
	return size, SyncDir(filepath.Dir(from))
}

// SyncDir makes renames in dir outlast a loss of power.
func SyncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // the folder of a file the caller named
	if err != nil {
		return fmt.Errorf("open %s: %w", dir, err)
	}
	return errors.Join(d.Sync(), d.Close())
}
