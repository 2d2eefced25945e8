package door

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"credence/server/config"
	"credence/server/jobs"
)

// FuzzCall sends anything to the socket, and what comes of it is followed.
func FuzzCall(f *testing.F) {
	for _, body := range []string{`{"call":{"verb":"sync","sources":["a"]},"dir":"/","environ":["CREDENCE_COMPANY_NAME=x"]}`, `{}`, `null`, `[]`, `{"call":1}`, `{"environ":["CREDENCE_X=1"]}`, strings.Repeat(`{"call":`, 20_000), `{"call":{"verb":"\u0000"}} {}`} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var asked request
		if json.Unmarshal([]byte(body), &asked) == nil && asked.Config != "" {
			return // any file of this machine
		}
		w := httptest.NewRecorder()
		answer(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/call", strings.NewReader(body)), func(_ context.Context, _ config.Config, _ jobs.Call, out jobs.Out) int {
			out.Say("done")
			return jobs.Done
		})
		res := w.Result()
		defer res.Body.Close() //nolint:errcheck // a buffer
		if res.StatusCode != http.StatusOK {
			return
		}
		var said bytes.Buffer
		if _, err := follow(res, jobs.Out{Stdout: &said, Stderr: &said}); err != nil {
			t.Errorf("%q is answered by frames that end with %v", body, err)
		}
	})
}

// FuzzFollow reads the answer of any server.
func FuzzFollow(f *testing.F) {
	for _, text := range []string{`{"out":"aGk="}` + "\n" + `{"exit":0}`, `{"exit":null}`, `{"out":1}`, ``, `{"progress":{"done":-1,"total":0}}{"err":""}{"exit":75}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		res := &http.Response{Body: http.NoBody}
		res.Body = readCloser{strings.NewReader(text)}
		var said bytes.Buffer
		if _, err := follow(res, jobs.Out{Stdout: &said, Stderr: &said, Progress: func(jobs.Progress) {}}); err == nil && text == "" {
			t.Errorf("%q ended without an exit code", text)
		}
	})
}

type readCloser struct{ *strings.Reader }

// Close implements io.Closer.
func (readCloser) Close() error { return nil }
