package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// results are the scores of measured worlds. They are kept under the digest of
// this program until the report is written, so that an interrupted run goes on
// and a changed program begins anew.
type results struct {
	dir    string
	scores map[world][]score
}

func openResults() (*results, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	digest, err := digestOf(program)
	if err != nil {
		return nil, err
	}
	r := &results{dir: filepath.Join(os.TempDir(), "credence-accuracy-"+digest), scores: map[world][]score{}}
	if err := os.MkdirAll(r.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of results: %w", err)
	}
	return r, nil
}

// load takes over the scores of w when they were measured before.
func (r *results) load(w world) bool {
	data, err := os.ReadFile(r.path(w))
	if err != nil {
		return false
	}
	var scores []score
	if json.Unmarshal(data, &scores) != nil {
		return false
	}
	r.scores[w] = scores
	return true
}

// save keeps the scores of w.
func (r *results) save(w world, scores []score) error {
	r.scores[w] = scores
	data, err := json.Marshal(scores)
	if err == nil {
		err = writeWhole(r.path(w), data)
	}
	if err != nil {
		return fmt.Errorf("keep the scores of %s: %w", w, err)
	}
	return nil
}

// forget removes the kept scores: the report has them now.
func (r *results) forget() error {
	for w := range r.scores {
		if err := os.Remove(r.path(w)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the kept scores: %w", err)
		}
	}
	if left, err := os.ReadDir(r.dir); err != nil || len(left) > 0 {
		return err
	}
	return os.Remove(r.dir)
}

func (r *results) path(w world) string { return filepath.Join(r.dir, w.String()+".json") }

// writeWhole writes a whole file or none.
func writeWhole(path string, data []byte) error {
	part := path + ".part"
	if err := os.WriteFile(part, data, 0o644); err != nil { //nolint:gosec // a report for everyone to read
		return err
	}
	return os.Rename(part, path)
}

// The folders of the source tree that decide what a world's database holds
// before its deals are credited, without those that only derive from it.
var (
	readBy    = []string{"sample-data", "connectors", "warehouse"}
	derivedBy = []string{"warehouse/resolve", "warehouse/views", "warehouse/quality", "warehouse/check"}
)

// keptFolder is the folder below keep for worlds that this tree wrote and read;
// other trees have others. It needs the working directory to be the tree's root.
func keptFolder(keep string) (string, error) {
	var paths []string
	for _, dir := range readBy {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && slices.Contains(derivedBy, filepath.ToSlash(path)) {
				return filepath.SkipDir
			}
			if err == nil && !d.IsDir() && !strings.HasSuffix(path, "_test.go") && !strings.Contains(path, "testdata") {
				paths = append(paths, path)
			}
			return err
		})
		if err != nil {
			return "", fmt.Errorf("-keep works at the root of the source tree: %w", err)
		}
	}
	digest, err := digestOf(paths...)
	return filepath.Join(keep, digest), err
}

// digestOf is a digest of the contents of files.
func digestOf(paths ...string) (string, error) {
	h := sha256.New()
	for _, path := range paths {
		f, err := os.Open(path) //nolint:gosec // this program and its sources
		if err != nil {
			return "", fmt.Errorf("digest %s: %w", path, err)
		}
		_, err = io.Copy(h, f)
		if err = errors.Join(err, f.Close()); err != nil {
			return "", fmt.Errorf("digest %s: %w", path, err)
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:12], nil
}
