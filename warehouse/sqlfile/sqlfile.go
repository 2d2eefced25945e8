// Package sqlfile loads the .sql files that stand beside the packages that own
// their questions, one question a file, and binds their $name parameters.
//
// A file is named after the Go method that asks it. Values are always bound,
// never spliced. sqlfile refuses a file with an unused or unknown parameter at
// the moment it is asked, and MustLoad panics on an unreadable file, because a
// missing embedded file is a programmer's mistake.
package sqlfile

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Querier is what a question is asked of: a read snapshot or a write transaction.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Statement is one question: its name, its text as written and the text with
// the engine's positional parameters.
type Statement struct {
	Name   string
	Source string

	bound  string
	params []string // in order of appearance; a name may appear twice
}

// Set is the questions of one package by name (file name without .sql).
type Set map[string]*Statement

// MustLoad reads every .sql file in dir of files. It panics when dir cannot be
// read: the files are embedded at build time.
func MustLoad(files fs.FS, dir string) Set {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		panic(fmt.Sprintf("sqlfile: read %s: %v", dir, err))
	}
	set := Set{}
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".sql")
		if !ok {
			continue
		}
		text, err := fs.ReadFile(files, strings.TrimPrefix(dir+"/"+e.Name(), "./"))
		if err != nil {
			panic(fmt.Sprintf("sqlfile: read %s: %v", e.Name(), err))
		}
		set[name] = Parse(name, string(text))
	}
	return set
}

// Get returns the statement called name. It panics when there is none: names
// are constants of the calling package.
func (s Set) Get(name string) *Statement {
	st, ok := s[name]
	if !ok {
		panic("sqlfile: no statement " + name)
	}
	return st
}

// Names lists the statements in alphabetical order.
func (s Set) Names() []string {
	names := make([]string, 0, len(s))
	for n := range s {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// Parse compiles $name parameters outside strings and comments to ?.
func Parse(name, text string) *Statement {
	st := &Statement{Name: name, Source: text}
	var out strings.Builder
	for i := 0; i < len(text); {
		switch {
		case strings.HasPrefix(text[i:], "--"):
			j := strings.IndexByte(text[i:], '\n')
			if j < 0 {
				j = len(text) - i
			}
			i += j
		case text[i] == '\'' || text[i] == '"':
			j := i + 1
			for j < len(text) && text[j] != text[i] {
				j++
			}
			j = min(j+1, len(text))
			out.WriteString(text[i:j])
			i = j
		case text[i] == '$' && i+1 < len(text) && isNameByte(text[i+1]):
			j := i + 1
			for j < len(text) && isNameByte(text[j]) {
				j++
			}
			st.params = append(st.params, text[i+1:j])
			out.WriteByte('?')
			i = j
		default:
			out.WriteByte(text[i])
			i++
		}
	}
	st.bound = out.String()
	return st
}

func isNameByte(b byte) bool {
	return b == '_' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9'
}

// Params lists the distinct parameter names in order of first appearance.
func (st *Statement) Params() []string {
	var names []string
	for _, p := range st.params {
		if !slices.Contains(names, p) {
			names = append(names, p)
		}
	}
	return names
}

// Bound is the statement's text with comments removed and parameters as ?.
func (st *Statement) Bound() string { return st.bound }

// Query asks the statement and returns its rows. Every parameter of the file
// must be given exactly once in args, and no other.
func (st *Statement) Query(ctx context.Context, q Querier, args ...sql.NamedArg) (*sql.Rows, error) {
	values, err := st.bind(args)
	if err != nil {
		return nil, err
	}
	rows, err := q.QueryContext(ctx, st.bound, values...)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", st.Name, err)
	}
	return rows, nil
}

// Exec runs the statement, which may hold several commands separated by ;
// only when it has no parameters.
func (st *Statement) Exec(ctx context.Context, q Querier, args ...sql.NamedArg) error {
	values, err := st.bind(args)
	if err != nil {
		return err
	}
	if _, err := q.ExecContext(ctx, st.bound, values...); err != nil {
		return fmt.Errorf("run %s: %w", st.Name, err)
	}
	return nil
}

// One scans the single row of the statement's answer into dest; sql.ErrNoRows
// when there is none.
func (st *Statement) One(ctx context.Context, q Querier, args []sql.NamedArg, dest ...any) error {
	values, err := st.bind(args)
	if err != nil {
		return err
	}
	if err := q.QueryRowContext(ctx, st.bound, values...).Scan(dest...); err != nil {
		return fmt.Errorf("ask %s: %w", st.Name, err)
	}
	return nil
}

// All asks st and collects its rows with scan, which must read one row.
func All[T any](ctx context.Context, q Querier, st *Statement, scan func(scan func(dest ...any) error) (T, error), args ...sql.NamedArg) (out []T, err error) {
	rows, err := st.Query(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer func() {
		if cerr := rows.Close(); err == nil && cerr != nil {
			err = cerr
		}
	}()
	for rows.Next() {
		v, err := scan(rows.Scan)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", st.Name, err)
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", st.Name, err)
	}
	return out, nil
}

func (st *Statement) bind(args []sql.NamedArg) ([]any, error) {
	byName := make(map[string]any, len(args))
	for _, a := range args {
		if !slices.Contains(st.params, a.Name) {
			return nil, fmt.Errorf("ask %s: it has no parameter $%s", st.Name, a.Name)
		}
		byName[a.Name] = a.Value
	}
	values := make([]any, len(st.params))
	for i, p := range st.params {
		v, ok := byName[p]
		if !ok {
			return nil, fmt.Errorf("ask %s: parameter $%s is not given", st.Name, p)
		}
		values[i] = v
	}
	return values, nil
}
