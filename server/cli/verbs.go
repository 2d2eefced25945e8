package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"credence/server/jobs"
)

func (c *command) syncVerb() *cobra.Command {
	call := jobs.Call{Verb: "sync"}
	verb := &cobra.Command{
		Use: "sync [SOURCE…]", Short: "Read what is new in the sources",
		Long: "Reads what is new in the named sources, or in all. A row that cannot be kept is counted and stored\nwith its reason; a source that cannot be read keeps what it had, and the others go on.",
		RunE: c.does(func(ctx context.Context, args []string) int {
			call.Sources = args
			return c.call(ctx, call, c.Stdout)
		}),
	}
	verb.Flags().BoolVar(&call.Full, "full", false, "read everything again, not only what is new")
	verb.Flags().BoolVar(&call.Strict, "strict", false, "exit 1 when any row was rejected")
	return verb
}

func (c *command) refreshVerb() *cobra.Command {
	return &cobra.Command{
		Use: "refresh", Short: "Derive people, journeys and credits anew", Args: cobra.NoArgs,
		RunE: c.does(func(ctx context.Context, _ []string) int { return c.call(ctx, jobs.Call{Verb: "refresh"}, c.Stdout) }),
	}
}

func (c *command) creditsVerb() *cobra.Command {
	call := jobs.Call{Verb: "credits"}
	verb := &cobra.Command{
		Use: "credits", Short: "Write the credit ledger as CSV", Args: cobra.NoArgs,
		RunE: c.does(func(ctx context.Context, _ []string) int { return c.call(ctx, call, c.Stdout) }),
	}
	verb.Flags().StringVar(&call.Model, "model", "", "only this model (default all)")
	verb.Flags().StringVar(&call.Period, "period", "", "only deals won in it: 2026, 2026Q3, 2026-07 or 2026-07-01..2026-07-31")
	return verb
}

func (c *command) queryVerb() *cobra.Command {
	call := jobs.Call{Verb: "query"}
	verb := &cobra.Command{
		Use: `query "select …"`, Short: "Ask the tables, read only", Args: cobra.ExactArgs(1),
		Long: "Answers one read-only statement over the tables deal, touch, credit, account, contact, person, rep,\nactivity, post, spend and others, one per word of the glossary.",
		RunE: c.does(func(ctx context.Context, args []string) int {
			call.SQL = args[0]
			return c.call(ctx, call, c.Stdout)
		}),
	}
	verb.Flags().StringVar(&call.Format, "format", "table", "csv, json or table")
	return verb
}

func (c *command) checkVerb() *cobra.Command {
	return &cobra.Command{
		Use: "check", Short: "Count and sum every table and look for broken invariants", Args: cobra.NoArgs,
		RunE: c.does(func(ctx context.Context, _ []string) int { return c.call(ctx, jobs.Call{Verb: "check"}, c.Stdout) }),
	}
}

func (c *command) reportVerb() *cobra.Command {
	call := jobs.Call{Verb: "report"}
	out := ""
	verb := &cobra.Command{
		Use: "report", Short: "Write the report of a period as XLSX, CSV or JSON", Args: cobra.NoArgs,
		RunE: c.does(func(ctx context.Context, _ []string) int {
			if call.Format == "" {
				call.Format = strings.TrimPrefix(strings.ToLower(filepath.Ext(out)), ".")
			}
			if call.Format == "" {
				return c.fail(jobs.Misuse(errors.New("say --format csv, json or xlsx")))
			}
			if out == "" {
				return c.call(ctx, call, c.Stdout)
			}
			return c.toFile(out, func(w io.Writer) int { return c.call(ctx, call, w) })
		}),
	}
	verb.Flags().StringVar(&call.Period, "period", "", "2026, 2026Q3, 2026-07 or 2026-07-01..2026-07-31 (default the quarter of today)")
	verb.Flags().StringVar(&call.Model, "model", "", "attribution model (default the configured one)")
	verb.Flags().StringVar(&call.Format, "format", "", "csv, json or xlsx (default by the name of --out)")
	verb.Flags().StringVar(&out, "out", "", "file to write (default stdout)")
	return verb
}

// toFile writes a whole file or none: it appears under its name only when do
// is done.
func (c *command) toFile(path string, do func(io.Writer) int) int {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return c.fail(fmt.Errorf("write %s: %w", path, err))
	}
	exit := do(f)
	err = f.Close()
	if exit == jobs.Done && err == nil {
		if err = os.Rename(f.Name(), path); err == nil {
			fmt.Fprintf(c.Stderr, "wrote %s\n", path) //nolint:errcheck // nobody to tell when stderr is gone
			return jobs.Done
		}
	}
	err = errors.Join(err, os.Remove(f.Name()))
	if exit == jobs.Done {
		return c.fail(fmt.Errorf("write %s: %w", path, err))
	}
	return exit
}

func (c *command) sourcesVerb() *cobra.Command {
	call := jobs.Call{Verb: "sources"}
	kinds := false
	verb := &cobra.Command{
		Use: "sources", Short: "List the sources with their last run, or the kinds there are", Args: cobra.NoArgs,
		RunE: c.does(func(ctx context.Context, _ []string) int {
			if kinds {
				return c.fail(jobs.WriteKinds(c.Stdout, call.Format))
			}
			return c.call(ctx, call, c.Stdout)
		}),
	}
	verb.Flags().BoolVar(&kinds, "kinds", false, "list the kinds of source that can be configured")
	verb.Flags().StringVar(&call.Format, "format", "table", "table or json")
	return verb
}

func (c *command) userVerb() *cobra.Command {
	verb := &cobra.Command{
		Use: "user", Short: "Add, list, disable, enable and reset who may sign in", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	call := jobs.Call{Verb: "user add"}
	add := &cobra.Command{
		Use: "add EMAIL", Short: "Add a user; the password is read from standard input", Args: cobra.ExactArgs(1),
		RunE: c.does(func(ctx context.Context, args []string) int {
			call.Email = args[0]
			var err error
			if call.Password, err = c.readPassword(); err != nil {
				return c.fail(jobs.Misuse(err))
			}
			return c.call(ctx, call, c.Stdout)
		}),
	}
	add.Flags().StringVar(&call.Roles, "role", "", "rep, manager, cmo or admin, several joined by ;")
	add.Flags().StringVar(&call.Name, "name", "", "name of the user (default the e-mail)")
	list := &cobra.Command{
		Use: "list", Short: "List who may sign in", Args: cobra.NoArgs,
		RunE: c.does(func(ctx context.Context, _ []string) int { return c.call(ctx, jobs.Call{Verb: "user list"}, c.Stdout) }),
	}
	disable := &cobra.Command{
		Use: "disable EMAIL", Short: "End a user's sessions and refuse new ones", Args: cobra.ExactArgs(1),
		RunE: c.does(func(ctx context.Context, args []string) int {
			return c.call(ctx, jobs.Call{Verb: "user disable", Email: args[0]}, c.Stdout)
		}),
	}
	enable := &cobra.Command{
		Use: "enable EMAIL", Short: "Let a disabled user sign in again, with the password of before", Args: cobra.ExactArgs(1),
		RunE: c.does(func(ctx context.Context, args []string) int {
			return c.call(ctx, jobs.Call{Verb: "user enable", Email: args[0]}, c.Stdout)
		}),
	}
	reset := &cobra.Command{
		Use: "reset EMAIL", Short: "Take a user's password, sessions and API tokens away and print a link that sets another password", Args: cobra.ExactArgs(1),
		RunE: c.does(func(ctx context.Context, args []string) int {
			return c.call(ctx, jobs.Call{Verb: "user reset", Email: args[0]}, c.Stdout)
		}),
	}
	verb.AddCommand(add, list, disable, enable, reset)
	return verb
}

// readPassword asks on a terminal without echo, else takes the first line.
func (c *command) readPassword() (string, error) {
	if f, ok := c.Stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprint(c.Stderr, "Password: ") //nolint:errcheck // nobody to tell when stderr is gone
		text, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(c.Stderr) //nolint:errcheck // nobody to tell when stderr is gone
		if err != nil {
			return "", fmt.Errorf("read password: %w", err)
		}
		return string(text), nil
	}
	line, err := bufio.NewReader(c.Stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read password: %w", err)
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", errors.New("give the password on standard input")
	}
	return line, nil
}

func (c *command) versionVerb() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "credence %s %s %s/%s\n", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
