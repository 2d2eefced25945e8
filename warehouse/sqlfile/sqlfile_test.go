package sqlfile

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, bound string
		params            []string
	}{
		{"a parameter", "select $a", "select ?", []string{"a"}},
		{"a parameter used twice", "select $a + $b_2 + $a", "select ? + ? + ?", []string{"a", "b_2"}},
		{"a dollar in a string", "select '$a', $b", "select '$a', ?", []string{"b"}},
		{"a quote in a string", "select 'it''s $a', $b", "select 'it''s $a', ?", []string{"b"}},
		{"a dollar in a quoted name", `select "$a", $b`, `select "$a", ?`, []string{"b"}},
		{"a comment", "select $a -- not $b\nfrom t", "select ? \nfrom t", []string{"a"}},
		{"a comment at the end", "select 1 -- $b", "select 1 ", nil},
		{"a dollar alone", "select '1' || $ || 2", "select '1' || $ || 2", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			st := Parse("x", tt.text)
			if st.Bound() != tt.bound || !slices.Equal(st.Params(), tt.params) {
				t.Errorf("Parse(%q) = %q %v, want %q %v", tt.text, st.Bound(), st.Params(), tt.bound, tt.params)
			}
		})
	}
}

func TestBindWantsEveryParameterAndNoOther(t *testing.T) {
	t.Parallel()
	st := Parse("ask_it", "select $a, $b")
	tests := []struct {
		name string
		args []sql.NamedArg
		want string
	}{
		{"one is missing", []sql.NamedArg{sql.Named("a", 1)}, "ask ask_it: parameter $b is not given"},
		{"one is unknown", []sql.NamedArg{sql.Named("a", 1), sql.Named("b", 2), sql.Named("c", 3)}, "ask ask_it: it has no parameter $c"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if err := st.Exec(context.Background(), nil, tt.args...); err == nil || err.Error() != tt.want {
				t.Errorf("error = %v, want %s", err, tt.want)
			}
		})
	}
}

func TestMustLoadReadsTheFolder(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"sql/b.sql": {Data: []byte("select 2")}, "sql/a.sql": {Data: []byte("select 1")}, "sql/readme.md": {Data: []byte("no")}}
	set := MustLoad(files, "sql")
	if got := strings.Join(set.Names(), " "); got != "a b" {
		t.Errorf("names = %s", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("a missing statement did not panic")
		}
	}()
	set.Get("c")
}
