// Package cli is the credence command: its verbs, flags and exit codes.
//
// It decides nothing: a verb becomes a jobs.Call, which the running server is
// asked to do, or, when none runs, is done here on the opened database. Data
// goes to stdout, everything for people to stderr.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"credence/server/config"
	"credence/server/door"
	"credence/server/jobs"
)

// Version is set by the linker.
var Version = "dev"

// Process is what the command touches of the process it runs in.
type Process struct {
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	Environ []string
	Program string // path of the program, which reads the log of a killed process in a child first; empty does without
}

// command is one run of the program.
type command struct {
	Process
	configPath string
	database   string
	exit       int
}

// Run runs the command with args and returns its exit code.
func Run(ctx context.Context, args []string, p Process) int {
	c := &command{Process: p, configPath: lookUp(p.Environ, "CREDENCE_CONFIG"), database: lookUp(p.Environ, "CREDENCE_DB")}
	root := c.root() //nolint:contextcheck // cobra hands the context to the verbs
	root.SetArgs(args)
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	if err := root.ExecuteContext(ctx); err != nil { // only of flags and arguments: verbs set c.exit
		return jobs.Exit(jobs.Misuse(fmt.Errorf("%w; see credence --help", err)), p.Stderr)
	}
	return c.exit
}

func lookUp(environ []string, name string) string {
	for _, e := range environ {
		if value, ok := strings.CutPrefix(e, name+"="); ok {
			return value
		}
	}
	return ""
}

func (c *command) root() *cobra.Command {
	root := &cobra.Command{
		Use: "credence", Short: "Which touches earned the revenue, to the cent",
		Long: "Credence reads deals, mail, meetings, posts and spend, credits every won deal to the touches\n" +
			"before it, and shows reps, managers and marketing what earned what.",
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("there is no command %q", args[0])
			}
			return cmd.Help()
		},
	}
	root.PersistentFlags().StringVar(&c.configPath, "config", c.configPath, "configuration file (default credence.yaml here)")
	root.PersistentFlags().StringVar(&c.database, "db", c.database, "database file, instead of the configured one")
	root.AddCommand(c.serveVerb(), c.syncVerb(), c.refreshVerb(), c.creditsVerb(), c.pathsVerb(), c.queryVerb(), c.checkVerb(), c.reportVerb(),
		c.sourcesVerb(), c.userVerb(), c.demoVerb(), c.eraseVerb(), c.backupVerb(), c.restoreVerb(), c.doctorVerb(), c.versionVerb(), c.replayVerb())
	return root
}

// does makes the function of a verb whose result is an exit code.
func (c *command) does(do func(ctx context.Context, args []string) int) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		c.exit = do(cmd.Context(), args)
		return nil
	}
}

// fail tells err and is its exit code.
func (c *command) fail(err error) int { return jobs.Exit(err, c.Stderr) }

// config reads the configuration; --db overrules its database.
func (c *command) config() (config.Config, error) {
	cfg, err := config.Read(c.configPath, c.Environ)
	if err != nil {
		return cfg, jobs.Misuse(err)
	}
	if c.database != "" {
		if cfg.Database, err = filepath.Abs(c.database); err != nil {
			return cfg, jobs.Misuse(fmt.Errorf("find the database: %w", err))
		}
	}
	return cfg, nil
}

// call has call done by the server that owns the database, else here.
func (c *command) call(ctx context.Context, call jobs.Call, stdout io.Writer) int {
	cfg, err := c.config()
	if err != nil {
		return c.fail(err)
	}
	if call.Verb == "sync" {
		if err = jobs.CheckSources(cfg); err != nil {
			return c.fail(err)
		}
	}
	meter := newMeter(c.Stderr)
	defer meter.finish()
	out := jobs.Out{Stdout: stdout, Stderr: meter, Progress: meter.show}
	exit, err := door.Ask(ctx, cfg, c.Environ, call, out)
	if err == nil {
		return exit
	}
	if !errors.Is(err, door.ErrNobody) {
		return c.fail(err)
	}
	if err = mustExist(cfg, call.Verb); err != nil {
		return c.fail(err)
	}
	owner, err := c.open(ctx, cfg, nil)
	if err != nil {
		return c.fail(err)
	}
	if owner.aside != nil {
		out.Say("the log of the database could not be replayed and was set aside as %s; the next sync reads every source whole", owner.aside.File)
	}
	exit = owner.jobs(cfg).Do(ctx, call, out)
	if err := owner.close(); err != nil && exit == jobs.Done { //nolint:contextcheck // what is over must not keep the database from being closed
		return c.fail(err)
	}
	return exit
}

// makers are the verbs that may make a database where there is none. To every
// other a missing file is a mistake, most often a misspelt --db.
var makers = []string{"sync", "user add"}

func mustExist(cfg config.Config, verb string) error {
	if slices.Contains(makers, verb) {
		return nil
	}
	if _, err := os.Stat(cfg.Database); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no database at %s: run `credence sync` first, or correct --db", cfg.Database)
	}
	return nil // opening looks closer
}
