package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"credence/server/config"
	"credence/server/door"
	"credence/server/jobs"
	"credence/ui"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

func (c *command) doctorVerb() *cobra.Command {
	return &cobra.Command{
		Use: "doctor", Short: "Look for what would keep Credence from working", Args: cobra.NoArgs,
		Long: "Checks the configuration, the modes of files, the disk, what faults left behind, the schema, the indexes,\n" +
			"backups and the page assets, and says for each fault what to do. It changes nothing, not a byte of the\n" +
			"database or of its log, and migrates nothing. credence check reads every row.",
		RunE: c.does(c.doctor),
	}
}

// doctor prints one line a check; the exit code is 1 when any failed, and
// 2 when the configuration did.
func (c *command) doctor(ctx context.Context, _ []string) int {
	faults := 0
	tell := func(what string, err error) {
		state := "ok"
		if err != nil {
			faults++
			state = err.Error()
		}
		fmt.Fprintf(c.Stdout, "%-14s %s\n", what, state) //nolint:errcheck // nobody to tell when stdout is gone
	}
	cfg, err := c.config()
	tell("configuration", err)
	if err != nil {
		return jobs.Misused
	}
	badSources := jobs.CheckSources(cfg)
	tell("sources", badSources)
	tell("file modes", fileModes(cfg))
	tell("free space", jobs.CheckSpace(cfg.Database))
	tell("file system", jobs.CheckFileSystem(cfg.Database))
	tell("page assets", pageAssets())
	for _, line := range jobs.LeftBehind(cfg, time.Now()) {
		fmt.Fprintf(c.Stdout, "%-14s %s\n", line[0], line[1]) //nolint:errcheck // nobody to tell when stdout is gone
	}
	if c.inspect(ctx, cfg) != jobs.Done {
		faults++
	}
	if badSources != nil {
		return jobs.Misused
	}
	if faults > 0 {
		return jobs.Failed
	}
	return jobs.Done
}

// inspect has the running server look at its database; without one it looks at
// the file itself, which it opens for reading only: a database that was just
// killed is to be opened for writing first by who will write.
func (c *command) inspect(ctx context.Context, cfg config.Config) int {
	call, out := jobs.Call{Verb: "inspect"}, jobs.Out{Stdout: c.Stdout, Stderr: c.Stderr}
	exit, err := door.Ask(ctx, cfg, c.Environ, call, out)
	switch {
	case err == nil:
		return exit
	case !errors.Is(err, door.ErrNobody):
		return c.fail(err)
	}
	if err = mustExist(cfg, call.Verb); err != nil {
		return c.fail(err)
	}
	engine, err := duckdb.OpenReadOnly(cfg.Database, c.engine(cfg)) //nolint:contextcheck // opening is not cut short
	if errors.Is(err, duckdb.ErrBadLog) {
		err = fmt.Errorf("the log of the database cannot be replayed; the next serve or sync sets it aside and reads every source whole: %w", err)
	}
	if err != nil {
		return c.fail(err)
	}
	look := &jobs.Jobs{Warehouse: warehouse.OpenAsIs(engine), Config: cfg, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	exit = look.Do(ctx, call, out)
	if err := engine.Close(); err != nil {
		return c.fail(fmt.Errorf("close the database: %w", err))
	}
	return exit
}

// fileModes wants what holds data or secrets closed to other users.
func fileModes(cfg config.Config) error {
	var faults []error
	paths := []string{cfg.TLS.Key}
	if beside, err := os.ReadDir(filepath.Dir(cfg.Database)); err == nil { // the log, keys, copies, what faults left
		for _, e := range beside {
			if strings.HasPrefix(e.Name(), filepath.Base(cfg.Database)) {
				paths = append(paths, filepath.Join(filepath.Dir(cfg.Database), e.Name()))
			}
		}
	}
	for _, path := range paths {
		if path == "" {
			continue
		}
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if info.Mode().Perm()&0o077 != 0 {
			faults = append(faults, fmt.Errorf("%s can be read by others (mode %04o): chmod go= it", path, info.Mode().Perm()))
		}
		if st, ok := info.Sys().(*syscall.Stat_t); ok && int(st.Uid) != os.Getuid() {
			faults = append(faults, fmt.Errorf("%s belongs to another user: run credence as its owner", path))
		}
	}
	if dir := filepath.Dir(cfg.Database); len(faults) == 0 {
		if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o022 != 0 && info.Mode()&os.ModeSticky == 0 {
			faults = append(faults, fmt.Errorf("anybody can put files into %s: chmod 755 it", dir))
		}
	}
	return errors.Join(faults...)
}

func pageAssets() error {
	for _, name := range []string{"app.css", "app.js", "fonts.css", "icons.svg", "echarts.js", "htmx.js"} {
		if ui.Asset(name) == "" {
			return fmt.Errorf("%s is not in this binary: build it with make build, which fetches the page assets first", name)
		}
	}
	return nil
}
