package jobs

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"credence/server/config"
)

// A long log is told once, and once that it is short again.
func TestALongLogIsTold(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "credence.db")
	sizes := []int64{longLog, longLog + 1, longLog + 2, 7, 0}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	after := func(time.Duration) <-chan time.Time {
		if len(sizes) == 0 {
			stop()
			return nil
		}
		if err := os.WriteFile(database+".wal", nil, 0o600); err != nil {
			t.Error(err)
		}
		if err := os.Truncate(database+".wal", sizes[0]); err != nil {
			t.Error(err)
		}
		sizes = sizes[1:]
		passed := make(chan time.Time, 1)
		passed <- time.Time{}
		return passed
	}
	var log bytes.Buffer
	WatchLog(ctx, Clock{Now: time.Now, After: after}, database, slog.New(slog.NewTextHandler(&log, nil)))
	if got := log.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, "is long") || !strings.Contains(got, "short again") {
		t.Errorf("the log says %q, want one line of the long log and one of the short", got)
	}
}

// Of what a restore kept the database is told, not its keys and what waits for it.
func TestWhatIsLeftBehindIsTold(t *testing.T) {
	t.Parallel()
	cfg := config.Default()
	cfg.Database = filepath.Join(t.TempDir(), "credence.db")
	for _, ending := range []string{"", ".users", ".before-restore-1", ".before-restore-1.users", ".before-restore-1.erasure-key", ".before-restore-12", ".set-aside-1.wal", ".restoring", ".backup-key", ".backup-key.new-17"} {
		if err := os.WriteFile(cfg.Database+ending, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, line := range LeftBehind(cfg, time.Now()) {
		name, _, _ := strings.Cut(line[1], ",")
		got = append(got, name)
	}
	want := []string{"credence.db.set-aside-1.wal", "credence.db.before-restore-1", "credence.db.before-restore-12", "credence.db.restoring", "credence.db.backup-key.new-17"}
	if !slices.Equal(got, want) {
		t.Errorf("told are %q, want %q", got, want)
	}
}
