package privacy

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"credence/warehouse"
)

// accessFile is the shape of the file that answers an access request.
type accessFile struct {
	MadeAt   time.Time     `json:"made_at"`
	Company  string        `json:"company"`
	Name     string        `json:"name"`
	Emails   []string      `json:"emails"`
	Phones   []string      `json:"phones"`
	Handles  []string      `json:"handles"`
	OptedOut bool          `json:"opted_out"`
	Tables   []accessTable `json:"tables"`
}

type accessTable struct {
	Table string           `json:"table"`
	About string           `json:"about"`
	Rows  []map[string]any `json:"rows"`
}

// WriteAccess writes a zip with everything that is held on a person: held.json,
// a list of tables with their rows, and a line that says what it is. What is
// empty is left out of a row.
func WriteAccess(w io.Writer, s warehouse.Subject, company string, now time.Time) error {
	out := accessFile{
		MadeAt: now.UTC().Truncate(time.Second), Company: company, Name: s.Name,
		Emails: s.Emails, Phones: s.Phones, Handles: s.Handles, OptedOut: s.OptedOut,
	}
	for _, t := range s.Tables {
		table := accessTable{Table: t.Table, About: t.Why}
		for _, row := range t.Rows {
			cells := map[string]any{}
			for i, v := range row {
				if v != nil && v != "" {
					cells[t.Columns[i]] = v
				}
			}
			table.Rows = append(table.Rows, cells)
		}
		out.Tables = append(out.Tables, table)
	}
	text, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return fmt.Errorf("write what is held: %w", err)
	}
	z := zip.NewWriter(w)
	for _, f := range []struct{ name, text string }{
		{"held.json", string(text)},
		{"README.txt", fmt.Sprintf("Everything that Credence of %s holds on this person, made %s.\nOne table after the other; times are UTC. The words of messages are not among it: they are never stored.\n", company, now.UTC().Format("2006-01-02 15:04 UTC"))},
	} {
		part, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: now.UTC()})
		if err != nil {
			return fmt.Errorf("write what is held: %w", err)
		}
		if _, err := io.WriteString(part, f.text); err != nil {
			return fmt.Errorf("write what is held: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write what is held: %w", err)
	}
	return nil
}
