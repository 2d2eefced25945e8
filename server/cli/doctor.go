package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"

	"credence/server/auth"
	"credence/server/config"
	"credence/server/jobs"
	"credence/ui"
)

func (c *command) doctorVerb() *cobra.Command {
	return &cobra.Command{
		Use: "doctor", Short: "Look for what would keep Credence from working", Args: cobra.NoArgs,
		Long: "Checks the configuration, the modes of files, the free space, the schema, the indexes and the page\nassets, and says for each fault what to do.",
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
	tell("page assets", pageAssets())
	if exit := c.call(ctx, jobs.Call{Verb: "inspect"}, c.Stdout); exit != jobs.Done {
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

// fileModes wants what holds data or secrets closed to other users.
func fileModes(cfg config.Config) error {
	var faults []error
	for _, path := range []string{cfg.Database, cfg.Database + ".wal", auth.KeyFile(cfg.Database), cfg.TLS.Key} {
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
			faults = append(faults, fmt.Errorf("%s can be read by others (mode %04o): chmod 600 it", path, info.Mode().Perm()))
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
