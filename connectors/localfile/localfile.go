// Package localfile is what the connectors that read exports from disk share:
// where a source's files are, which of them changed since the last run, how the
// bytes of a spreadsheet export become UTF-8 rows with line numbers, and the
// one wording of their errors.
//
// It knows no format of a vendor and no record.
package localfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// MaxFile is the largest export file that is read into memory.
const MaxFile = 200 << 20

// Resolve turns the configured path into a usable one: relative paths start at
// base. A path that does not exist is an error with the remedy.
func Resolve(base, path string) (string, fs.FileInfo, error) {
	full := path
	if !filepath.IsAbs(full) {
		full = filepath.Join(base, path)
	}
	info, err := os.Stat(full)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil, fmt.Errorf("%s does not exist: put the export there or correct the key \"path\"", full)
	case err != nil:
		return "", nil, fmt.Errorf("look at %s: %w", full, err)
	}
	return full, info, nil
}

// File is one file of a source.
type File struct {
	Path string // to open it
	Name string // relative to the source, with forward slashes: what users see
	Size int64
}

// List returns the regular files under path in the order of their names, or
// path itself when it is a file. Hidden files and links are left out.
func List(path string, info fs.FileInfo) ([]File, error) {
	if !info.IsDir() {
		return []File{{Path: path, Name: filepath.Base(path), Size: info.Size()}}, nil
	}
	var out []File
	err := filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := strings.HasPrefix(d.Name(), ".") && p != path
		if d.IsDir() {
			return nil
		}
		if hidden || !d.Type().IsRegular() {
			return nil
		}
		fi, err := d.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(path, p)
		if err != nil {
			return err
		}
		out = append(out, File{Path: p, Name: filepath.ToSlash(rel), Size: fi.Size()})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", path, err)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out, nil
}

// Read returns the content of a file that must fit in memory.
func Read(f File) ([]byte, error) {
	if f.Size > MaxFile {
		return nil, fmt.Errorf("%s has %d MiB, more than the %d MiB that are read at once: export a shorter range", f.Name, f.Size>>20, MaxFile>>20)
	}
	content, err := os.ReadFile(f.Path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.Name, err)
	}
	return content, nil
}
