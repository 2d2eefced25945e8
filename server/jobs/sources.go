package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"credence/connectors"
	"credence/connectors/catalog"
	"credence/warehouse"
)

// sourceLine is one configured source with its last run.
type sourceLine struct {
	Source     string     `json:"source"`
	Kind       string     `json:"kind"`
	Status     string     `json:"status"` // done, failed or never
	FinishedAt *time.Time `json:"finished_at"`
	Read       int64      `json:"rows_read"`
	Kept       int64      `json:"rows_kept"`
	Rejected   int64      `json:"rows_rejected"`
	Changed    int64      `json:"records_changed"`
	Message    string     `json:"message,omitempty"`
}

// sources lists the configured sources with their last run.
func (j *Jobs) sources(ctx context.Context, call Call, out Out) error {
	lines := make([]sourceLine, 0, len(j.Config.Sources))
	err := j.Warehouse.Read(ctx, func(s *warehouse.Snapshot) error {
		runs, err := LastRuns(ctx, s)
		if err != nil {
			return err
		}
		for _, src := range j.Config.Sources {
			line := sourceLine{Source: src.Name, Kind: src.Kind, Status: "never"}
			for _, r := range runs {
				if r.Source == src.Name {
					line.Status, line.Message = r.Status, r.Message
					line.FinishedAt = &r.FinishedAt
					line.Read, line.Kept, line.Rejected, line.Changed = r.Read, r.Kept, r.Rejected, r.Changed
				}
			}
			lines = append(lines, line)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("list sources: %w", err)
	}
	switch call.Format {
	case "json":
		return writeJSON(out.Stdout, lines)
	case "", "table":
	default:
		return Misuse(fmt.Errorf("%q is no format; formats are table, json", call.Format))
	}
	w := tabwriter.NewWriter(out.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "source\tkind\tlast run\tstate\tread\tkept\trejected\tchanged\t") //nolint:errcheck // Flush tells
	for _, l := range lines {
		at := "–"
		if l.FinishedAt != nil {
			at = l.FinishedAt.In(j.Config.Company.Location()).Format("2006-01-02 15:04")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t%s\n", l.Source, l.Kind, at, l.Status, l.Read, l.Kept, l.Rejected, l.Changed, l.Message) //nolint:errcheck // Flush tells
	}
	return w.Flush()
}

// kind is a connector as the catalog tells it.
type kind struct {
	Kind     string               `json:"kind"`
	Title    string               `json:"title"`
	Doc      string               `json:"doc"`
	Streams  []string             `json:"streams"`
	Settings []connectors.Setting `json:"settings"`
}

// WriteKinds lists the kinds of source there are: a table, or as JSON with
// their settings and streams. It needs no database.
func WriteKinds(out io.Writer, format string) error {
	all := catalog.All()
	kinds := make([]kind, 0, len(all))
	for _, c := range all {
		kinds = append(kinds, kind{c.Kind, c.Title, c.Doc, c.Streams, c.Settings})
	}
	switch format {
	case "json":
		return writeJSON(out, kinds)
	case "", "table":
	default:
		return Misuse(fmt.Errorf("%q is no format; formats are table, json", format))
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "kind\treads\tsettings") //nolint:errcheck // Flush tells
	for _, k := range kinds {
		names := make([]string, len(k.Settings))
		for i, s := range k.Settings {
			names[i] = s.Name
			if s.Required {
				names[i] += "*"
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", k.Kind, k.Title, strings.Join(names, ", ")) //nolint:errcheck // Flush tells
	}
	return w.Flush()
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
