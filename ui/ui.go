// Package ui turns typed view structs into Credence's pages: layout, templates,
// components, styles and the assets they need.
//
// It knows no other package of the program: whoever asks a question fills a view
// struct and calls Render. A template that names a field its view lacks is an
// error, never a blank. Pages hold no script and no style of their own, so that
// the content policy can forbid both; geometry is SVG attributes, colour is a
// class. README.md says how to add a page.
package ui

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:embed templates
var templateFiles embed.FS

// ErrPage reports a page or fragment that has no template.
var ErrPage = errors.New("no such page template")

// Frame is what a page template gets: .L the layout, .V the page's own view.
type Frame struct {
	L Layout
	V any
}

// Render writes a whole page: templates/<page>.html, which defines "content",
// inside the layout. Nothing is written when the template fails.
func Render(w io.Writer, page string, layout Layout, view any) error {
	return execute(w, page, "layout", layout, Frame{L: layout, V: view})
}

// RenderPart writes one named template of a page without the layout: what an
// htmx request swaps in.
func RenderPart(w io.Writer, page, part string, layout Layout, view any) error {
	return execute(w, page, part, layout, Frame{L: layout, V: view})
}

func execute(w io.Writer, page, name string, layout Layout, data Frame) error {
	set, err := pageSet(page, NewFormat(layout.Lang, layout.Zone))
	if err != nil {
		return fmt.Errorf("render %s: %w", page, err)
	}
	var buf bytes.Buffer
	if err := set.ExecuteTemplate(&buf, name, data); err != nil {
		return fmt.Errorf("render %s: %w", page, err)
	}
	if _, err := w.Write(buf.Bytes()); err != nil {
		return fmt.Errorf("write %s: %w", page, err)
	}
	return nil
}

// sets holds the parsed templates by page and reader's format. Both are few:
// languages are matched to a short list and a company has one time zone.
var sets sync.Map // setKey -> *template.Template

type setKey struct {
	page   string
	format Format
}

func pageSet(page string, f Format) (*template.Template, error) {
	key := setKey{page, f}
	if known, ok := sets.Load(key); ok {
		if set, ok := known.(*template.Template); ok {
			return set, nil
		}
	}
	if strings.ContainsAny(page, "/\\.") {
		return nil, fmt.Errorf("%w: %q", ErrPage, page)
	}
	file := path.Join("templates", page+".html")
	if _, err := fs.Stat(templateFiles, file); err != nil {
		return nil, fmt.Errorf("%w: %q", ErrPage, page)
	}
	set, err := template.New(page).Funcs(funcs(f)).Option("missingkey=error").
		ParseFS(templateFiles, "templates/layout.html", "templates/parts/*.html", file)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", file, err)
	}
	sets.Store(key, set)
	return set, nil
}

// Pages lists every page that has a template, for the test that opens each.
func Pages() []string {
	entries, err := fs.ReadDir(templateFiles, "templates")
	if err != nil {
		return nil
	}
	var pages []string
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".html")
		if ok && name != "layout" {
			pages = append(pages, name)
		}
	}
	return pages
}
