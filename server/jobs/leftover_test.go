package jobs

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
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
