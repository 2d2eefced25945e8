package lines_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"credence/server/lines"
)

type value struct{ Name string }

func read(t *testing.T, path string) []value {
	t.Helper()
	values, err := lines.Read[value](path)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

func appendTo(t *testing.T, path, name string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err = lines.Append(f, value{name}); err != nil {
		t.Fatal(err)
	}
	if err = f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsAppendedIsRead(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, left string
		want       []value
	}{
		{"after nothing", "", []value{{"new\nline"}}},
		{"after a whole line", `{"name":"old"}` + "\n", []value{{"old"}, {"new\nline"}}},
		{"after a line that lacks its end only", `{"name":"old"}`, []value{{"old"}, {"new\nline"}}},
		{"after half a line", `{"name":"old"}` + "\n" + `{"na`, []value{{"old"}, {"new\nline"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "lines")
			if got := read(t, path); got != nil {
				t.Errorf("no file holds %v", got)
			}
			if err := os.WriteFile(path, []byte(tt.left), 0o600); err != nil {
				t.Fatal(err)
			}
			appendTo(t, path, "new\nline")
			if got := read(t, path); !slices.Equal(got, tt.want) {
				t.Errorf("read %v, want %v", got, tt.want)
			}
		})
	}
}

// FuzzAppend appends to any file: what was readable stays so, and the new value
// is the last.
func FuzzAppend(f *testing.F) {
	for _, text := range []string{"", "{}\n", `{"name":"a"}` + "\n{", "\x00\n\xff", `{"name":"a"}`, "\r", "null"} {
		f.Add(text, "b")
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		path := filepath.Join(t.TempDir(), "lines")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		before := read(t, path)
		appendTo(t, path, name)
		if after := read(t, path); len(after) != len(before)+1 || !slices.Equal(after[:len(before)], before) {
			t.Errorf("%q holds %v, and %v after %q", text, before, after, name)
		}
	})
}
