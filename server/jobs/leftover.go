package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"credence/server/config"
	"credence/warehouse"
)

// longLog is the size of a write-ahead log that says checkpoints do not come
// through.
const longLog = 64 << 20

// WatchLog tells, once each time, that the write-ahead log grew beyond what
// checkpoints leave of it, and that it is below again, until ctx is over.
func WatchLog(ctx context.Context, clock Clock, database string, log *slog.Logger) {
	long := false
	for {
		var size int64
		if info, err := os.Stat(database + ".wal"); err == nil {
			size = info.Size()
		}
		switch was := long; {
		case size > longLog && !was:
			log.WarnContext(ctx, "the write-ahead log of the database is long: is a query or an export running all the time?", slog.Int64("mib", size>>20))
		case size <= longLog && was:
			log.InfoContext(ctx, "the write-ahead log of the database is short again")
		}
		long = size > longLog
		select {
		case <-ctx.Done():
			return
		case <-clock.After(time.Minute):
		}
	}
}

// LeftBehind tells of the files beside the database that a fault, a restore or a
// migration left, each as what it is and a sentence. It opens none of them.
func LeftBehind(cfg config.Config, now time.Time) (lines [][2]string) {
	database := cfg.Database
	if info, err := os.Stat(database + ".wal"); err == nil && info.Size() > longLog {
		lines = append(lines, [2]string{"log", fmt.Sprintf("%d MiB wait to be folded in: is a query or an export running all the time?", info.Size()>>20)})
	}
	kinds := []struct{ pattern, what, advice string }{
		{database + ".set-aside-*", "set aside", "a log that could not be replayed; delete it once every source was synced again"},
		{database + ".before-restore-*", "before restore", "the database that a restore replaced; delete it when you are sure"},
		{database + ".restoring", "half restored", "of a restore that was cut short; the next one deletes it"},
		{database + ".*key.new-*", "half kept key", "a key as it was when keeping it was cut short, which may be the one in use: delete it"},
		{filepath.Join(database+".d", "backup", warehouse.BeforeSchema+"*"), "old schema", "the database as it was before its schema changed; delete it when you are sure"},
	}
	for _, k := range kinds {
		names, err := filepath.Glob(escapeGlob(k.pattern))
		if err != nil {
			continue
		}
		for _, name := range names {
			info, err := os.Stat(name)
			if err != nil || info.IsDir() {
				continue
			}
			if rest, of := strings.CutPrefix(name, database+".before-restore-"); of && strings.Contains(rest, ".") { // its keys and the like
				continue
			}
			line := fmt.Sprintf("%s, %.1f MiB of %s: %s", filepath.Base(name), float64(info.Size())/(1<<20), info.ModTime().UTC().Format("2006-01-02"), k.advice)
			if now.Sub(info.ModTime()) > days(cfg.Privacy.RetentionDays.Backups) {
				line += " (it is old: it may hold people who were erased since)"
			}
			lines = append(lines, [2]string{k.what, line})
		}
	}
	return lines
}

// escapeGlob keeps a path with brackets from being read as a pattern; the star
// at its end stays one.
func escapeGlob(pattern string) string {
	return strings.NewReplacer("[", `\[`, "?", `\?`).Replace(pattern)
}

// networkSystems are the file systems on which locks and flushes do not mean
// what a database needs them to mean.
var networkSystems = map[int64]string{0x6969: "NFS", 0x517b: "SMB", 0xff534d42: "CIFS", 0xfe534d42: "SMB2", 0x65735546: "FUSE"}

// CheckFileSystem wants the database on a disk of this machine.
func CheckFileSystem(database string) error {
	var fsys syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(database), &fsys); err != nil {
		return nil //nolint:nilerr // a folder that is not there is told by others
	}
	if name, ok := networkSystems[int64(uint32(fsys.Type))]; ok { //nolint:gosec // the kernel's 32 bits
		return fmt.Errorf("the database lies on %s, where two machines may write it at once and a flush may not reach the disk: put it on a disk of this machine", name)
	}
	return nil
}
