// Package slackexport reads a Slack workspace export, zipped or unpacked: who
// wrote in which channel, when, in which thread, and which outside guests were
// addressed.
//
// It refuses to keep what was written: the text of a message is measured,
// searched for the people it mentions, and dropped. Files, reactions and
// profiles are not read.
//
// Joins, leaves, changes of topic and the other notes that Slack itself writes
// into a channel are not messages and are not counted as rows.
package slackexport

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"credence/connectors"
	"credence/connectors/localfile"
	"credence/connectors/own"
)

// settings is the configuration of a Slack export.
type settings struct {
	Path string   `yaml:"path" doc:"the export's zip, the folder it was unpacked into, or a folder of several zips" required:"true"`
	Own  []string `yaml:"own" doc:"further addresses or domains of our own people, beside company.domains"`
}

// Connector is the kind "slackexport".
func Connector() connectors.Connector {
	return connectors.Define("slackexport", "Slack export",
		"Reads the zip that Slack writes under Settings → Import/Export Data → Export, or the folder it was unpacked into: users.json, "+
			"channels.json (groups, dms and mpims too) and the day files. A message of our own people in a channel with outside members is outbound to them, "+
			"a message of an outside member is inbound, the rest is internal. Message texts are never stored.",
		[]string{"activities", "activity_people"}, open)
}

type source struct {
	settings settings
	env      connectors.Env
	own      own.People
}

func open(s settings, env connectors.Env) (connectors.Source, error) {
	people, err := own.New(append(slices.Clone(env.Domains), s.Own...)...)
	if err != nil {
		return nil, fmt.Errorf("the key \"own\": %w", err)
	}
	return &source{settings: s, env: env, own: people}, nil
}

// Read implements connectors.Source. An export is a snapshot: one that did not
// change since the last run is skipped whole.
func (s *source) Read(ctx context.Context, cursor string, out connectors.Sink) (string, error) {
	marks, err := localfile.ParseCursor(cursor, append([]string{"slackexport 1"}, s.own.List()...)...)
	if err != nil {
		return "", err
	}
	root, info, err := localfile.Resolve(s.env.BaseDir, s.settings.Path)
	if err != nil {
		return "", err
	}
	exports, err := find(root, info)
	if err != nil {
		return "", err
	}
	names := map[string]bool{}
	for _, e := range exports {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		names[e.Name] = true
		if err := s.export(ctx, e, marks, out, len(exports) > 1); err != nil {
			return "", err
		}
	}
	marks.Keep(names)
	return marks.String(), nil
}

// found is a zip, or the folder of an unpacked export.
type found struct {
	localfile.File
	folder bool
}

// find lists the exports at root: itself, or the zips in it.
func find(root string, info fs.FileInfo) ([]found, error) {
	file := localfile.File{Path: root, Name: filepath.Base(root), Size: info.Size()}
	if !info.IsDir() {
		return []found{{File: file}}, nil
	}
	files, err := localfile.List(root, info)
	if err != nil {
		return nil, err
	}
	var zips []found
	for _, f := range files {
		if path.Base(f.Name) == "users.json" {
			return []found{{File: file, folder: true}}, nil
		}
		if strings.EqualFold(path.Ext(f.Name), ".zip") {
			zips = append(zips, found{File: f})
		}
	}
	if len(zips) == 0 {
		return nil, fmt.Errorf("%s holds neither users.json nor a zip: it is not a Slack export; unpack the whole export there or name its zip", file.Name)
	}
	return zips, nil
}

// export reads one export unless it is known.
func (s *source) export(ctx context.Context, e found, marks localfile.Cursor, out connectors.Sink, several bool) (err error) {
	a, err := openArchive(ctx, e)
	if err != nil {
		return err
	}
	defer a.close()
	mark, err := a.mark()
	if err != nil {
		return err
	}
	if marks.Seen(e.Name, mark) {
		return nil
	}
	dir, err := readDirectory(a, s.own)
	if err != nil {
		return err
	}
	m := &mapper{out: out, now: s.env.Now, dir: dir}
	for _, c := range dir.channels(a) {
		name := clean(c.folder)
		if several {
			name = e.Name + ": " + name
		}
		out.File(name)
		for _, day := range a.days[c.folder] {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := m.day(a, c, day); err != nil {
				return err
			}
		}
	}
	return nil
}
