package web

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"credence/server/auth"
	"credence/warehouse"
)

// personalColumns name reps, who are shown only to those who may see them.
var personalColumns = []string{"owner_rep_id", "rep_id"}

// told is what of the rows behind a check a reader may see. An admin sees them
// whole. Nobody else sees the text of a rejected row or the cell values its
// reason quotes, and e-mail addresses are masked; reps are told only to who may
// see them, and so are the names of mailbox files, which are reps' own.
func (s *Server) told(r Reader, rows warehouse.QualityRows) warehouse.QualityRows {
	if r.Has(auth.Admin) {
		return rows
	}
	names := s.SeesReps(r)
	source := slices.Index(rows.Columns, "source")
	var keep []int
	var out warehouse.QualityRows
	for i, column := range rows.Columns {
		if column == "row_text" || !names && slices.Contains(personalColumns, column) {
			continue
		}
		keep = append(keep, i)
		out.Columns = append(out.Columns, column)
	}
	for _, row := range rows.Rows {
		cells := make([]string, 0, len(keep))
		for _, i := range keep {
			cell := row[i]
			switch rows.Columns[i] {
			case "reason":
				cell = unquoted(cell)
			case "file":
				if !names && source >= 0 && s.isMailbox(row[source]) {
					cell = "…" + path.Ext(cell)
				}
			}
			cells = append(cells, maskMail(cell))
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

// isMailbox is whether a source reads mailboxes. One that is configured no more
// may have been one.
func (s *Server) isMailbox(source string) bool {
	for _, c := range s.Config.Sources {
		if c.Name == source {
			return c.Kind == "mailbox"
		}
	}
	return true
}

var (
	quoted      = regexp.MustCompile(`"(?:[^"\\]|\\.)*(?:"|$)`)
	mailAddress = regexp.MustCompile(`(?i)([^\s@<>()\[\]",;:]+)(@|%40)([\pL\pN-]+)`)
)

// unquoted is a reason without the values it quotes.
func unquoted(reason string) string { return quoted.ReplaceAllString(reason, `"…"`) }

// maskMail leaves of every e-mail address its first letter and its domain.
func maskMail(text string) string {
	if !strings.Contains(text, "@") && !strings.Contains(text, "%40") {
		return text
	}
	return mailAddress.ReplaceAllStringFunc(text, func(address string) string {
		m := mailAddress.FindStringSubmatch(address)
		return string([]rune(m[1])[:1]) + "…" + m[2] + m[3]
	})
}
