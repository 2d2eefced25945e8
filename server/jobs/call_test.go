package jobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExitCodes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  error
		exit int
		said string
	}{
		{"done says nothing", nil, Done, ""},
		{"a stage that failed", fmt.Errorf("refresh: %w", errors.New("no space")), Failed, "credence: refresh: no space\n"},
		{"a part that was told already", ErrPart, Failed, ""},
		{"arguments", Misuse(errors.New("no such model")), Misused, "credence: no such model\n"},
		{"wrapped arguments", fmt.Errorf("credits: %w", Misuse(errors.New("no such model"))), Misused, "credence: credits: no such model\n"},
		{
			"a database that was given up", errors.New("FATAL Error: database has been invalidated because of a previous fatal error"), CannotGo,
			"credence: FATAL Error: database has been invalidated because of a previous fatal error\n",
		},
		{
			"what made it give up", errors.New(`refresh: checkpoint: FATAL Error: Failed to create checkpoint because of error: Could not write file "c.db": No space left on device`), CannotGo,
			"credence: refresh: checkpoint: FATAL Error: Failed to create checkpoint because of error: Could not write file \"c.db\": No space left on device\n",
		},
		{"many lines are one sentence", errors.New("first\n  second"), Failed, "credence: first; second\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var said bytes.Buffer
			if exit := Exit(tt.err, &said); exit != tt.exit || said.String() != tt.said {
				t.Errorf("exit %d, said %q; want %d, %q", exit, said.String(), tt.exit, tt.said)
			}
		})
	}
}

func TestAnUnknownVerbIsMisuse(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	if exit := (&Jobs{}).Do(context.Background(), Call{Verb: "erase everything"}, Out{Stderr: &said}); exit != Misused {
		t.Errorf("exit %d, said %q; want 2", exit, said.String())
	}
}

func TestUsersFile(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text, want string
	}{
		{"a byte order mark and quotes", "\ufeffemail,password,role,name\nann@tiny.example,\"long, password\",manager;cmo,Ann\n", ""},
		{"without names", "role,email,password\nrep,ann@tiny.example,long password\n", ""},
		{"an unknown column", "email,passwort,role\n", `did you mean "password"?`},
		{"a missing column", "email,role\n", `"password" is missing`},
		{"an unknown role", "email,password,role\na@b.example,long password,boss\n", "line 2"},
		{"an empty file", "", "no head line"},
		{"a short row", "email,password,role\na@b.example\n", "wrong number of fields"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "users.csv")
			if err := os.WriteFile(path, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			users, err := ReadUsers(path)
			switch {
			case tt.want == "" && (err != nil || len(users) != 1 || users[0].Email != "ann@tiny.example"):
				t.Errorf("read %+v, %v; want ann", users, err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestAnswersOfAQuery(t *testing.T) {
	t.Parallel()
	rows := [][]any{{"=x", int64(7), 1.5, true, nil}, {"tab\there", int64(-1), 0.1, false, "z"}}
	for format, want := range map[string]string{
		"csv":   "a,b,c,d,e\n'=x,7,1.5,true,\ntab\there,-1,0.1,false,z\n",
		"json":  "[\n{\"a\":\"=x\",\"b\":7,\"c\":1.5,\"d\":true,\"e\":null},\n{\"a\":\"tab\\there\",\"b\":-1,\"c\":0.1,\"d\":false,\"e\":\"z\"}\n]\n",
		"table": "a         b   c    d      e\n=x        7   1.5  true   \ntab here  -1  0.1  false  z\n",
	} {
		var got bytes.Buffer
		w := tableWriters[format](&got)
		err := w.head([]string{"a", "b", "c", "d", "e"})
		for _, row := range rows {
			err = errors.Join(err, w.row(row))
		}
		if err = errors.Join(err, w.close()); err != nil {
			t.Fatal(err)
		}
		if got.String() != want {
			t.Errorf("%s wrote\n%q\nwant\n%q", format, got.String(), want)
		}
	}
}
