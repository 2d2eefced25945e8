package privacy_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"credence/server/privacy"
	"credence/warehouse"
)

// P8: copies that the program keeps beside a database go a second after the
// limit, not before; what somebody named stays.
func TestOldCopiesAreDropped(t *testing.T) {
	t.Parallel()
	const limit = 35 * 24 * time.Hour
	database := filepath.Join(t.TempDir(), "credence[1].db")
	made := time.Date(2026, 10, 1, 3, 0, 0, 0, time.UTC)
	own := []string{".before-restore-1", ".restoring", ".restoring.wal", ".restoring.d/inbox", ".set-aside-1.wal", ".d/backup/before-schema-0012.db"}
	named := []string{"", ".key", ".backup-key", ".erased", ".d/backup/mine.age", "-2026-10-01.age"}
	for _, ending := range slices.Concat(own, named) {
		if err := os.MkdirAll(filepath.Dir(database+ending), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(database+ending, []byte("rows"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(database+ending, made, made); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(database+".restoring.d", made, made); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		now  time.Time
		want int
	}{
		{"at the limit", made.Add(limit), 0},
		{"a second after it", made.Add(limit + time.Second), len(own)},
		{"again", made.Add(2 * limit), 0},
	} {
		if got, err := privacy.DropCopies(database, tt.now.Add(-limit)); got != tt.want || err != nil {
			t.Errorf("%s: %d copies are dropped, %v; want %d", tt.name, got, err, tt.want)
		}
	}
	if err := os.Symlink("nowhere", database+".before-restore-2"); err != nil {
		t.Fatal(err)
	}
	if got, err := privacy.DropCopies(database, time.Now().Add(time.Hour)); got != 1 || err != nil {
		t.Errorf("of a link that leads nowhere: %d copies are dropped, %v; want 1", got, err)
	}
	for _, ending := range named {
		if _, err := os.Stat(database + ending); err != nil {
			t.Errorf("%q is gone: %v", ending, err)
		}
	}
}

// P8: the days of a kept copy that may hold somebody who was erased are counted from
// the erasure, so that whatever deletes copies of before it deletes this one.
func TestACopyOfBeforeAnErasureCountsFromThat(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "credence.db")
	first, last, now := time.Date(2026, 10, 1, 3, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 3, 0, 0, 0, time.UTC), time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC)
	ann, bob := warehouse.Tombstone{Kind: "email", Mark: "a", Stub: "~a", ErasedAt: first}, warehouse.Tombstone{Kind: "email", Mark: "b", Stub: "~b", ErasedAt: last}
	past := warehouse.Tombstone{Kind: "past", Mark: "p", Stub: "~p", ErasedAt: last}
	var list []byte
	for _, stone := range []warehouse.Tombstone{ann, bob, past} {
		line, err := json.Marshal(stone)
		if err != nil {
			t.Fatal(err)
		}
		list = append(append(list, line...), '\n')
	}
	for _, tt := range []struct {
		name   string
		list   []byte
		stored []warehouse.Tombstone
		want   time.Time
	}{
		{"nobody was erased", nil, nil, now},
		{"it knows everybody", list, []warehouse.Tombstone{bob, ann}, now},
		{"it does not know the last", list, []warehouse.Tombstone{ann}, last},
		{"it does not know the first", list, []warehouse.Tombstone{bob}, first},
		{"it does not open", list, nil, last},
	} {
		if err := os.WriteFile(privacy.ListFile(database), tt.list, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := privacy.CopyCounts(database, tt.stored, now); err != nil || !got.Equal(tt.want) {
			t.Errorf("%s: counted from %s, %v; want %s", tt.name, got, err, tt.want)
		}
	}
}
