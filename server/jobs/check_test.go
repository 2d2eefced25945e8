package jobs

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"credence/server/metrics"
	"credence/warehouse"
)

// What the check of a night finds broken is in the server's log, with how often
// and without an example, in its metrics, and told by doctor.
func TestTheNightlyCheckTellsWhatIsBroken(t *testing.T) {
	t.Parallel()
	j := jobsInMemory(t, time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC))
	var log bytes.Buffer
	j.Log, j.Metrics = slog.New(slog.NewTextHandler(&log, nil)), metrics.New("v1")
	shown := func(want string) {
		t.Helper()
		answer := httptest.NewRecorder()
		j.Metrics.Handler().ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
		if !strings.Contains(answer.Body.String(), "\ncredence_broken_invariants "+want+"\n") {
			t.Errorf("/metrics says\n%s\nwant %s broken invariants", answer.Body, want)
		}
	}
	told := func(want string) {
		t.Helper()
		var words bytes.Buffer
		if exit := j.Do(t.Context(), Call{Verb: "inspect"}, Out{Stdout: &words, Stderr: &words}); exit != Done || !strings.Contains(words.String(), "\nnightly check  "+want+"\n") {
			t.Errorf("exit %d, doctor says\n%s\nwant of the nightly check: %s", exit, &words, want)
		}
	}
	shown("-1")
	told("none yet: a server checks every night; credence check does it now")
	night := j.Now
	j.Now = func() time.Time { return night().AddDate(0, 0, -1) }
	if err := j.CheckNight(t.Context()); err != nil || !strings.Contains(log.String(), "level=WARN msg=\"only records were checked") {
		t.Errorf("without figures: %v, the log says %q", err, &log)
	}
	shown("-1")
	told("2026-11-21 03:00 UTC, no broken invariant of records; there were no figures of this version to check")
	log.Reset()
	j.Now = night
	if _, err := j.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := j.CheckNight(t.Context()); err != nil || log.Len() > 0 {
		t.Errorf("a whole database: %v, the log says %q", err, &log)
	}
	shown("0")
	told("2026-11-22 03:00 UTC, no broken invariant")
	j.Now = func() time.Time { return time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC) }
	err := j.Warehouse.Write(t.Context(), func(tx *warehouse.Tx) error {
		for _, statement := range []string{
			"create table odd as select cast('nan' as double) as lindner union all select cast('-infinity' as double)",
			"insert into visible_rep (user_id, rep_id) values ('lindner', 'R1')",
		} {
			if _, err := tx.ExecContext(t.Context(), statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err = j.CheckNight(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`level=ERROR msg="an invariant is broken: run credence check" invariant="a number is infinite or none" count="2 times"`,
		`invariant="a user is named in the visibility list who may not sign in" count=once`,
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, &log)
		}
	}
	if strings.Contains(log.String(), "lindner") {
		t.Errorf("the log names an example:\n%s", &log)
	}
	shown("2")
	told("2026-11-23 03:00 UTC, 2 invariants are broken: run credence check")
}
