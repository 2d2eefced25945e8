package csvfile

import (
	"encoding/json"
	"fmt"
	"hash/maphash"

	"credence/connectors"
	"credence/warehouse"
)

// Settings configures a source of kind csvfile; the package documentation has
// every key with examples.
type Settings struct {
	Path   string `yaml:"path" required:"true" doc:"the folder, file or pattern to read, relative to the configuration file"`
	Format `yaml:",squash"`
	Files  []File   `yaml:"files" doc:"how files that are not canonical are read and what their rows become"`
	Ignore []string `yaml:"ignore" doc:"names or patterns of files to leave alone"`
}

// Connector reads canonical CSV and Parquet files, and others by mapping.
func Connector() connectors.Connector {
	return connectors.Define("csvfile", "CSV and Parquet files",
		"Reads a folder of CSV or Parquet files with the canonical names and columns, and any other table through a mapping in the configuration.",
		streamNames(), open)
}

func streamNames() []string {
	names := make([]string, len(warehouse.Streams))
	for i := range warehouse.Streams {
		names[i] = warehouse.Streams[i].Name
	}
	return names
}

// source is an opened source of kind csvfile.
type source struct {
	settings Settings
	env      connectors.Env
	entries  []*entry
	plain    *entry // how canonical files are read
	shape    string // what else than the files shapes the records
	root     string // folder that file names are relative to
	seed     maphash.Seed
}

// open checks the configuration without touching a file.
func open(settings Settings, env connectors.Env) (connectors.Source, error) {
	s := &source{settings: settings, env: env, seed: maphash.MakeSeed()}
	s.plain = &entry{format: settings.Format}
	if err := s.plain.checkFormat(); err != nil {
		return nil, err
	}
	for i, f := range settings.Files {
		e, err := newEntry(fmt.Sprintf("files[%d]", i), f, settings.Format)
		if err != nil {
			return nil, err
		}
		s.entries = append(s.entries, e)
	}
	for i, p := range settings.Ignore {
		if !validPattern(p) {
			return nil, fmt.Errorf("ignore[%d]: %q is no file name and no pattern with * and ?", i, p)
		}
	}
	shape, err := json.Marshal(settings)
	if err != nil {
		return nil, fmt.Errorf("describe settings: %w", err)
	}
	s.shape = string(shape)
	return s, nil
}
