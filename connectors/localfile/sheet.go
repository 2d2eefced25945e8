package localfile

import (
	"context"
	"path"
	"strings"
)

// Sheet is a downloaded table that was not parsed yet.
type Sheet struct {
	Name    string
	Content []byte
	Foreign bool // its type cannot be read; it has no content
}

// Sheets loads the tables at path: itself, or every .csv, .tsv and .txt of the
// folder. Files of another type are returned as foreign, so that the user is
// told of them.
func Sheets(ctx context.Context, base, at string) ([]Sheet, error) {
	root, info, err := Resolve(base, at)
	if err != nil {
		return nil, err
	}
	files, err := List(root, info)
	if err != nil {
		return nil, err
	}
	out := make([]Sheet, 0, len(files))
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		switch strings.ToLower(path.Ext(f.Name)) {
		case ".csv", ".tsv", ".txt":
		default:
			if info.IsDir() {
				out = append(out, Sheet{Name: f.Name, Foreign: true})
				continue
			}
		}
		content, err := Read(f)
		if err != nil {
			return nil, err
		}
		out = append(out, Sheet{Name: f.Name, Content: content})
	}
	return out, nil
}

// MarkSheets is the fingerprint of all of them: exports overlap, so that one
// new file can change what another one means.
func MarkSheets(sheets []Sheet) string {
	var list strings.Builder
	for _, s := range sheets {
		list.WriteString(s.Name + " " + Mark(s.Content) + "\n")
	}
	return Mark([]byte(list.String()))
}
