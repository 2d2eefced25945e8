package slackexport

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"

	"credence/connectors/connectortest"
	"credence/connectors/localfile"
	"credence/connectors/own"
)

func fixture() found {
	return found{File: localfile.File{Path: filepath.Join("testdata", "chat"), Name: "chat"}, folder: true}
}

func inMemory(content []byte) entry {
	return entry{open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }}
}

// FuzzZip opens any bytes as an export.
func FuzzZip(f *testing.F) {
	packed := pack(f, filepath.Join("testdata", "chat"), func(_ string, c []byte) []byte { return c })
	f.Add(packed)
	f.Add(packed[:len(packed)/2])
	f.Add([]byte("PK\x05\x06" + string(make([]byte, 18))))
	path := filepath.Join(f.TempDir(), "export.zip")
	f.Fuzz(func(t *testing.T, content []byte) {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		src, err := Connector().Open(map[string]any{"path": path}, env())
		if err != nil {
			t.Fatal(err)
		}
		rec, _, _ := connectortest.Read(context.Background(), src, "") // an error is an answer
		if len(rec.Faults) > 0 {
			t.Fatal(rec.Faults)
		}
	})
}

// FuzzDay reads any bytes as a day file of a channel shared with customers.
func FuzzDay(f *testing.F) {
	for _, name := range []string{"2025-03-03.json", "2025-03-04.json"} {
		content, err := os.ReadFile(filepath.Join("testdata", "chat", "acme-and-us", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Add([]byte(`[{"type":"message","user":"U1","text":"<@U2><@U2|x>\ud800","ts":"1741000100.000200","thread_ts":"x"},3,null,{}]`))
	people, err := own.New("halden.example")
	if err != nil {
		f.Fatal(err)
	}
	a, err := openArchive(context.Background(), fixture())
	if err != nil {
		f.Fatal(err)
	}
	dir, err := readDirectory(a, people)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		rec := &connectortest.Recorder{}
		rec.File("x")
		m := &mapper{out: rec, now: connectortest.Now, dir: dir}
		line := 0
		_ = eachMessage(content, func(raw json.RawMessage) error { // an error is an answer
			line++
			return m.message(dir.named["acme-and-us"], "2025-03-03.json", line, raw)
		})
		if len(rec.Faults) > 0 {
			t.Fatal(rec.Faults)
		}
	})
}

// FuzzUsers reads any bytes as users.json.
func FuzzUsers(f *testing.F) {
	content, err := os.ReadFile(filepath.Join("testdata", "chat", "users.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	people, err := own.New("halden.example")
	if err != nil {
		f.Fatal(err)
	}
	day, err := os.ReadFile(filepath.Join("testdata", "chat", "acme-and-us", "2025-03-03.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, users []byte) {
		files := map[string]entry{"users.json": inMemory(users), "channels.json": inMemory([]byte(`[{"id":"C1","name":"c","members":["U1","U2","U3","U4","U5"]}]`))}
		dir, err := readDirectory(&archive{name: "x", files: files}, people)
		if err != nil {
			return
		}
		rec := &connectortest.Recorder{}
		rec.File("x")
		m := &mapper{out: rec, now: connectortest.Now, dir: dir}
		line := 0
		if err := eachMessage(day, func(raw json.RawMessage) error {
			line++
			return m.message(dir.named["c"], "day", line, raw)
		}); err != nil {
			t.Fatal(err)
		}
		if len(rec.Faults) > 0 {
			t.Fatal(rec.Faults)
		}
	})
}
