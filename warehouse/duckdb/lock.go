package duckdb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/gofrs/flock"
)

// ErrInUse says that another process has the database open.
var ErrInUse = errors.New("the database is in use")

// fileLock is an exclusive lock on the inode of a database file, with the
// number of the process that holds it in a file beside it for people to read.
// The engine's own lock misses a hard link inside one process.
type fileLock struct {
	path   string // links resolved
	flock  *flock.Flock
	shared bool // with other readers: no pid file of our own
}

func lockFile(path string) (*fileLock, error) {
	abs, err := resolve(path)
	if err != nil {
		return nil, err
	}
	l := &fileLock{path: abs, flock: flock.New(abs, flock.SetPermissions(0o600), flock.SetFlag(os.O_CREATE|os.O_RDWR))}
	got, err := l.flock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock database %s: %w", path, err)
	}
	if !got {
		return nil, fmt.Errorf("open database %s: %w%s", path, ErrInUse, l.holder())
	}
	if err := l.stillThere(); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), l.flock.Unlock())
	}
	if err := os.Chmod(abs, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("protect database %s: %w", path, err), l.flock.Unlock())
	}
	// On a full disk the number is not written: the database can still be read.
	if err := os.WriteFile(l.pidFile(), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil && !errors.Is(err, syscall.ENOSPC) {
		return nil, errors.Join(fmt.Errorf("write %s: %w", l.pidFile(), err), l.flock.Unlock())
	}
	return l, nil
}

// lockShared locks the file at path for reading: nobody can open it for writing
// meanwhile, and who has, has not let go of it yet.
func lockShared(path string) (*fileLock, error) {
	abs, err := resolve(path)
	if err != nil {
		return nil, err
	}
	l := &fileLock{path: abs, flock: flock.New(abs, flock.SetFlag(os.O_RDONLY)), shared: true}
	got, err := l.flock.TryRLock()
	if err != nil {
		return nil, fmt.Errorf("lock database %s: %w", path, err)
	}
	if !got {
		return nil, fmt.Errorf("open database %s: %w%s", path, ErrInUse, l.holder())
	}
	return l, nil
}

// resolve is path without links. What is there must be a file.
func resolve(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find database %s: %w", path, err)
	}
	if target, lerr := filepath.EvalSymlinks(abs); lerr == nil {
		abs = target
	} else if dir, derr := filepath.EvalSymlinks(filepath.Dir(abs)); derr == nil && errors.Is(lerr, fs.ErrNotExist) {
		abs = filepath.Join(dir, filepath.Base(abs))
	}
	if info, err := os.Stat(abs); err == nil && !info.Mode().IsRegular() {
		return "", fmt.Errorf("open database %s: it is no regular file; name another with --db", path)
	}
	return abs, nil
}

// stillThere makes sure that the locked file is the one that has the name:
// another may have been put in its place between opening and locking it.
func (l *fileLock) stillThere() error {
	locked, err := l.flock.Stat()
	if err != nil {
		return err
	}
	named, err := os.Stat(l.path)
	if err != nil {
		return err
	}
	if !os.SameFile(locked, named) {
		return errors.New("another file was put in its place just now; try again")
	}
	return nil
}

func (l *fileLock) pidFile() string { return l.path + ".pid" }

// holder is " by process N; …", from the pid file.
func (l *fileLock) holder() string {
	text, err := os.ReadFile(l.pidFile())
	if pid := strings.TrimSpace(string(text)); err == nil && pid != "" {
		return fmt.Sprintf(" by process %s; stop it, or let it do the work", pid)
	}
	return " by another process, perhaps through another name of the same file; stop it first"
}

func (l *fileLock) release() error {
	if l.shared {
		return l.flock.Unlock()
	}
	// The pid file goes first: once the lock is free it may be another's.
	err := os.Remove(l.pidFile())
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, l.flock.Unlock())
}

// lockFresh locks a file that is about to get the name of a locked one.
func lockFresh(path string) (*flock.Flock, error) {
	l := flock.New(path, flock.SetFlag(os.O_RDWR))
	got, err := l.TryLock()
	if err != nil || !got {
		return nil, errors.Join(fmt.Errorf("lock %s: somebody has it open", path), err)
	}
	return l, nil
}
