package csvfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"credence/connectors"
	"credence/connectors/localfile"
	"credence/warehouse"
)

// file is one file of the source.
type file struct {
	localfile.File
	facts facts
	entry *entry // how it is read; nil: it is only joined
	rank  int    // place of its entry
}

// list finds the files of the source and the entry that reads each.
func (s *source) list() ([]file, error) {
	found, err := s.find()
	if err != nil {
		return nil, err
	}
	var out []file
	used := make([]bool, len(s.entries))
	for _, f := range found {
		if s.ignored(f.Name) {
			continue
		}
		e, rank, err := s.entryOf(f.Name)
		if err != nil {
			return nil, err
		}
		if e == nil {
			continue
		}
		if rank < len(used) {
			used[rank] = true
		}
		out = append(out, file{File: f, entry: e, rank: rank})
	}
	for i, e := range s.entries {
		if !used[i] {
			return nil, fmt.Errorf("%s: no file in %s is called %s; correct the name, or put the file there", e.key("match"), s.root, e.Match)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s holds no file to read; put files with canonical names there (deals.csv, contacts.csv, …), or name others under files", s.root)
	}
	for _, e := range s.entries {
		for i, j := range e.Join {
			if slices.ContainsFunc(out, func(f file) bool { return f.Name == j.File }) {
				continue
			}
			f, err := s.beside(j.File)
			if err != nil {
				return nil, fmt.Errorf("%s.join[%d].file: %w", e.at, i, err)
			}
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b file) int {
		if a.rank != b.rank {
			return a.rank - b.rank
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out, nil
}

// find lists the regular files at the configured path: of a folder (and what
// patterns with a slash reach below it), one file, or what a pattern matches.
func (s *source) find() ([]localfile.File, error) {
	full := s.settings.Path
	if !filepath.IsAbs(full) {
		full = filepath.Join(s.env.BaseDir, full)
	}
	s.root = full
	info, err := os.Stat(full)
	if errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(filepath.Base(full), "*?[") {
		s.root = filepath.Dir(full)
		paths, globErr := filepath.Glob(full)
		if globErr != nil || len(paths) == 0 {
			return nil, fmt.Errorf("no file matches path %s; correct the pattern, or put the files there", full)
		}
		return s.regular(paths)
	}
	if err != nil {
		_, _, err = localfile.Resolve(s.env.BaseDir, s.settings.Path)
		return nil, err
	}
	if !info.IsDir() {
		s.root = filepath.Dir(full)
		return s.regular([]string{full})
	}
	entries, err := os.ReadDir(full)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", full, err)
	}
	var paths []string
	for _, e := range entries {
		paths = append(paths, filepath.Join(full, e.Name()))
	}
	for _, e := range s.entries {
		if strings.Contains(e.Match, "/") {
			below, err := filepath.Glob(filepath.Join(full, filepath.FromSlash(e.Match)))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", e.key("match"), err)
			}
			paths = append(paths, below...)
		}
	}
	return s.regular(paths)
}

func (s *source) regular(paths []string) ([]localfile.File, error) {
	var out []localfile.File
	for _, p := range slices.Compact(slices.Sorted(slices.Values(paths))) {
		base := filepath.Base(p)
		if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "~$") {
			continue
		}
		info, err := os.Stat(p)
		if err != nil {
			return nil, fmt.Errorf("look at %s: %w", p, err)
		}
		if !info.Mode().IsRegular() {
			continue
		}
		name, err := filepath.Rel(s.root, p)
		if err != nil {
			return nil, fmt.Errorf("look at %s: %w", p, err)
		}
		out = append(out, localfile.File{Path: p, Name: filepath.ToSlash(name), Size: info.Size()})
	}
	return out, nil
}

// beside is a file that only a join names.
func (s *source) beside(name string) (file, error) {
	full := filepath.Join(s.root, filepath.FromSlash(name))
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return file{}, fmt.Errorf("%s lies outside path; put it beside the other files", name)
	}
	info, err := os.Stat(full)
	if err != nil || !info.Mode().IsRegular() {
		return file{}, fmt.Errorf("there is no file %s in %s; correct the name, or put the file there", name, s.root)
	}
	return file{File: localfile.File{Path: full, Name: name, Size: info.Size()}, entry: s.plain}, nil
}

func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	if err == nil && !ok && !strings.Contains(pattern, "/") {
		ok, err = path.Match(pattern, path.Base(name))
	}
	return err == nil && ok
}

func (s *source) ignored(name string) bool {
	return slices.ContainsFunc(s.settings.Ignore, func(p string) bool { return matches(p, name) })
}

// entryOf finds how the named file is read: by the first entry that matches it,
// or by its canonical name. nil leaves it alone.
func (s *source) entryOf(name string) (*entry, int, error) {
	for i, e := range s.entries {
		if matches(e.Match, name) {
			return e, i, nil
		}
	}
	ext := strings.ToLower(path.Ext(name))
	stem := strings.TrimSuffix(path.Base(name), path.Ext(name))
	data := ext == ".csv" || ext == ".tsv" || ext == ".parquet"
	if i := slices.IndexFunc(warehouse.Streams, func(st warehouse.Stream) bool { return st.Name == stem }); i >= 0 && (data || ext == ".txt") {
		e := *s.plain
		e.Stream = stem
		return &e, len(s.entries) + i, nil
	}
	switch {
	case len(s.entries) > 0:
		return nil, 0, nil
	case data:
		return nil, 0, fmt.Errorf("%s has no canonical name%s Rename it, say under files what it holds, or leave it out with ignore: [%s]", name, sentence(connectors.Suggest(stem, streamNames())), name)
	case strings.HasPrefix(ext, ".xls"):
		return nil, 0, fmt.Errorf("%s is a workbook, which is not read; save its sheets as CSV, or leave it out with ignore: [%s]", name, name)
	}
	return nil, 0, nil
}

// sentence ends a suggestion, so that another sentence may follow.
func sentence(s string) string {
	if strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}
