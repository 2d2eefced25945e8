package ui

import (
	"html/template"
	"strings"
)

// funcs are what templates may call, bound to one reader's format.
func funcs(f Format) template.FuncMap {
	return template.FuncMap{
		"asset":   Asset,
		"icon":    icon,
		"channel": ChannelClass,
		"hatched": IsHatched,
		"grade":   GradeWord,
		"lower":   strings.ToLower,
		"inc":     func(i int) int { return i + 1 },

		"railItem": func(item NavItem, l Layout) railItem { return railItem{item, l.IsCurrent(item.Href)} },

		"csrfForm":     func(csrf string, f UserForm) csrfForm { return csrfForm{csrf, f} },
		"csrfSessions": func(csrf string, s SessionList) csrfSessions { return csrfSessions{csrf, s} },
		"csrfTokens":   func(csrf string, t TokenList) csrfTokens { return csrfTokens{csrf, t} },

		"money":     f.Money,
		"whole":     f.Whole,
		"short":     f.Short,
		"thousands": f.Thousands,
		"number":    f.Number,
		"count":     f.Count,
		"compact":   f.Compact,
		"percent":   f.Percent,
		"signed":    f.Signed,
		"plural":    f.Plural,
		"date":      f.Date,
		"day":       f.Day,
		"clock":     f.Clock,
		"stamp":     f.Stamp,
	}
}

// railItem is a rail item that knows whether the reader is there.
type railItem struct {
	NavItem
	Current bool
}

// icon is a reference into the sprite; names come from templates and Go
// constants, never from data, and are escaped all the same.
func icon(name string) template.HTML {
	sprite := Asset("icons.svg")
	if sprite == "" {
		return ""
	}
	ref := template.HTMLEscapeString(sprite + "#" + name)
	return template.HTML(`<svg class="i" aria-hidden="true" focusable="false"><use href="` + ref + `"></use></svg>`) //nolint:gosec // escaped above
}
