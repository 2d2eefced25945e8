package slackexport

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"

	"credence/connectors/localfile"
)

// Caps against archives that unpack to more than they say. Sizes are counted
// while reading, for the headers of a zip can lie.
const (
	maxZip     = 200 << 20 // the file itself
	maxEntries = 20_000
	maxEntry   = 100 << 20 // one file, unpacked
	maxTotal   = 2 << 30   // all files, unpacked
	maxRatio   = 200       // unpacked to packed
	maxBad     = 100       // unreadable day files before the export is given up
)

var (
	errTooLarge = errors.New("is larger than any Slack export: 100 MiB a file, 2 GiB in all, 200 times its packed size")
	dayFile     = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}\.json$`)
)

// archive is an export with its files by name, relative to users.json.
type archive struct {
	name  string // for errors
	files map[string]entry
	days  map[string][]string // folder → day files, in order
	total int64
	bad   int
	close func()
	mark  func() (string, error)
}

type entry struct {
	open   func() (io.ReadCloser, error)
	packed int64 // 0 for files of a folder
}

// openArchive lists the files of a zip or folder. Names are labels: nothing is
// ever unpacked to disk, and a zip within the zip stays shut.
func openArchive(ctx context.Context, e found) (*archive, error) {
	a := &archive{name: e.Name, files: map[string]entry{}, days: map[string][]string{}, close: func() {}}
	all := map[string]entry{}
	if e.folder {
		if err := a.fromFolder(ctx, e, all); err != nil {
			return nil, err
		}
	} else if err := a.fromZip(e, all); err != nil {
		return nil, err
	}

	// The export may lie one folder down, as when a folder was zipped by hand.
	root, ok := "", false
	for name := range all {
		dir, base := path.Split(name)
		if base == "users.json" && (!ok || len(dir) < len(root)) {
			root, ok = dir, true
		}
	}
	if !ok {
		a.close()
		return nil, fmt.Errorf("%s has no users.json: it is not a Slack export; download the export again", e.Name)
	}
	for full, f := range all {
		name, in := strings.CutPrefix(full, root)
		if !in {
			continue
		}
		a.files[name] = f
		folder, base := path.Split(name)
		folder = strings.TrimSuffix(folder, "/")
		if folder != "" && !strings.Contains(folder, "/") && dayFile.MatchString(base) {
			a.days[folder] = append(a.days[folder], base)
		}
	}
	for _, days := range a.days {
		sort.Strings(days)
	}
	return a, nil
}

func (a *archive) fromFolder(ctx context.Context, e found, all map[string]entry) error {
	info, err := os.Stat(e.Path)
	if err != nil {
		return fmt.Errorf("look at %s: %w", e.Name, err)
	}
	files, err := localfile.List(e.Path, info)
	if err != nil {
		return err
	}
	for _, f := range files {
		all[f.Name] = entry{open: func() (io.ReadCloser, error) { return os.Open(f.Path) }}
	}
	a.mark = func() (string, error) {
		var list strings.Builder
		for _, f := range files {
			if err := ctx.Err(); err != nil {
				return "", err
			}
			if path.Ext(f.Name) != ".json" {
				continue
			}
			mark, err := localfile.MarkFile(f)
			if err != nil {
				return "", err
			}
			list.WriteString(f.Name + " " + mark + "\n")
		}
		return localfile.Mark([]byte(list.String())), nil
	}
	return nil
}

func (a *archive) fromZip(e found, all map[string]entry) error {
	if e.Size > maxZip {
		return fmt.Errorf("%s has %d MiB, more than the %d MiB of a zip that is read: export a shorter range, or unpack it and name the folder", e.Name, e.Size>>20, maxZip>>20)
	}
	z, err := zip.OpenReader(e.Path)
	if err != nil {
		return fmt.Errorf("%s is damaged or cut short (%w): download the export again", e.Name, err)
	}
	if len(z.File) > maxEntries {
		z.Close() //nolint:errcheck,gosec // read only: nothing is lost
		return fmt.Errorf("%s has %d files, more than %d: export a shorter range, or unpack it and name the folder", e.Name, len(z.File), maxEntries)
	}
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		if _, twice := all[f.Name]; !twice {
			all[f.Name] = entry{open: f.Open, packed: int64(min(max(f.CompressedSize64, 1), maxZip))}
		}
	}
	a.close = func() { z.Close() } //nolint:errcheck,gosec // read only: nothing is lost
	a.mark = func() (string, error) { return localfile.MarkFile(e.File) }
	return nil
}

// badFileError says that one file of the export cannot be read.
type badFileError struct{ error }

// read returns the content of a file within the caps.
func (a *archive) read(name string) ([]byte, error) {
	e, ok := a.files[name]
	if !ok {
		return nil, fmt.Errorf("%s has no %s", a.name, name)
	}
	in, err := e.open()
	if err != nil {
		return nil, &badFileError{fmt.Errorf("open %s of %s: %w", name, a.name, err)}
	}
	defer in.Close() //nolint:errcheck // read only: nothing is lost
	limit := int64(maxEntry)
	if e.packed > 0 {
		limit = min(limit, max(e.packed*maxRatio, 1<<20))
	}
	content, err := io.ReadAll(io.LimitReader(in, limit+1))
	a.total += int64(len(content))
	if int64(len(content)) > limit || a.total > maxTotal {
		return nil, fmt.Errorf("%s of %s %w: do not trust this file", name, a.name, errTooLarge)
	}
	if err != nil {
		return nil, &badFileError{fmt.Errorf("%s of %s is damaged: %w", name, a.name, err)}
	}
	return content, nil
}

// folders lists the channels' folders in order.
func (a *archive) folders() []string {
	out := make([]string, 0, len(a.days))
	for f := range a.days {
		out = append(out, f)
	}
	slices.Sort(out)
	return out
}
