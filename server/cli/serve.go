package cli

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"credence/server/auth"
	"credence/server/config"
	"credence/server/door"
	"credence/server/jobs"
	"credence/server/logging"
	"credence/server/web"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

// stopTimeout is how long running verbs may go on after the signal to stop;
// then they are rolled back. Pages end meanwhile: what starts services kills them
// after some 30 seconds, and the last checkpoint takes its time too.
const stopTimeout = 10 * time.Second

// errBroken says that a verb found the database given up.
var errBroken = errors.New("database has been invalidated")

func (c *command) serveVerb() *cobra.Command {
	addr := ""
	verb := &cobra.Command{
		Use: "serve", Short: "Serve the pages and the API", Args: cobra.NoArgs,
		Long: "Serves the pages and the API until it is stopped. While it runs it owns the database, and the other\nverbs ask it.",
		RunE: c.does(func(ctx context.Context, _ []string) int {
			cfg, err := c.config()
			if err == nil && addr != "" {
				if err = cfg.SetAddr(addr); err != nil {
					err = jobs.Misuse(err)
				}
			}
			if err != nil {
				return c.fail(err)
			}
			return c.fail(c.serve(ctx, cfg))
		}),
	}
	verb.Flags().StringVar(&addr, "addr", "", "HOST:PORT to listen on, instead of the configured one")
	return verb
}

// servingThreads is how many processors one question has at most while others ask:
// half of them. The engine's thread that asks keeps a processor busy while it waits
// for others to end (https://github.com/duckdb/duckdb/issues/22178): with all of two
// processors a refresh kept every page waiting, with one it does not. A verb without
// a server has them all.
func servingThreads(processors int) int { return max(processors/2, 1) }

// serve opens the database and answers until ctx is over or the database
// cannot go on.
func (c *command) serve(ctx context.Context, cfg config.Config) (err error) {
	if err = jobs.CheckSources(cfg); err != nil {
		return err
	}
	shared := cfg
	shared.Threads = cmp.Or(cfg.Threads, servingThreads(runtime.GOMAXPROCS(0)))
	o, err := c.open(ctx, shared, logging.New(c.Stderr))
	if errors.Is(err, duckdb.ErrInUse) {
		return c.alreadyServed(ctx, cfg, err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }() //nolint:contextcheck // what is over must not keep the database from being closed

	// Listen first: a taken port must be told before any work is done.
	listener, err := net.Listen("tcp", cfg.Addr) //nolint:noctx // opened once at start
	if err != nil {
		return fmt.Errorf("listen on %s: %w; choose another with --addr", cfg.Addr, err)
	}
	defer listener.Close() //nolint:errcheck // closed by the server in the normal course
	if err = cfg.SetAddr(listener.Addr().String()); err != nil {
		return err
	}
	if cfg.TLS.Cert != "" {
		pair, perr := tls.LoadX509KeyPair(cfg.TLS.Cert, cfg.TLS.Key)
		if perr != nil {
			return jobs.Misuse(fmt.Errorf("read tls.cert and tls.key: %w", perr))
		}
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12})
	}
	server, err := c.webServer(o, cfg) //nolint:contextcheck // its gauges are read as long as it serves
	if err != nil {
		return err
	}
	if err = c.firstRefresh(ctx, o, cfg); err != nil {
		return err
	}

	// Other verbs come in by the socket from now on.
	verbs, err := door.Open(cfg.Database, func(ctx context.Context, theirs config.Config, call jobs.Call, out jobs.Out) int {
		if call.Verb == whoServes {
			fmt.Fprintf(out.Stdout, "process %d\n%s", os.Getpid(), cfg.BaseURL) //nolint:errcheck // the asker then hears nothing
			return jobs.Done
		}
		theirs.Database = cfg.Database // by whatever name the asker reached it
		exit := o.jobs(theirs).Do(ctx, call, out)
		if exit == jobs.CannotGo {
			server.Break(errBroken)
		}
		return exit
	})
	if err != nil {
		return err
	}
	c.announce(ctx, o, cfg)
	if err = c.offerSetUp(ctx, server); err != nil {
		return err
	}
	if o.aside != nil {
		server.ReadAll() //nolint:contextcheck // runs in the background until the server stops
	}
	serving, stop := context.WithCancelCause(ctx)
	go func() {
		select {
		case broken := <-server.Broken():
			stop(broken)
		case <-serving.Done():
		}
	}()
	slept := make(chan struct{})
	go func() {
		defer close(slept)
		o.nights(serving, cfg, server.Break)
	}()
	defer func() {
		stop(nil)
		<-slept
	}()
	ended := make(chan error, 1)
	go func() { // verbs and pages end at the same time
		<-serving.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		ended <- verbs.Close(end, cfg.Database)
	}()
	err = server.Serve(serving, listener)
	stop(nil)
	err = errors.Join(err, <-ended)
	if cause := context.Cause(serving); errors.Is(cause, errBroken) || jobs.Broken(cause) {
		return fmt.Errorf("the database cannot go on (is the disk full?); make room and start credence again: %w", cause)
	}
	return err
}

// whoServes is the verb by which a second serve asks who the first is.
const whoServes = "who serves"

// alreadyServed says which server has the database; inUse stands when it is
// some other command that has it.
func (c *command) alreadyServed(ctx context.Context, cfg config.Config, inUse error) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var answer bytes.Buffer
	exit, err := door.Ask(ctx, cfg, c.Environ, jobs.Call{Verb: whoServes}, jobs.Out{Stdout: &answer, Stderr: io.Discard})
	if err != nil { // nobody listens, or does not answer
		return inUse
	}
	who, address, ok := strings.Cut(answer.String(), "\n")
	if exit != jobs.Done || !ok {
		return fmt.Errorf("a Credence server of another version already serves this database; stop it first: %w", inUse)
	}
	return fmt.Errorf("a Credence server (%s) already serves this database at %s; stop it first", who, address)
}

func (c *command) webServer(o *owner, cfg config.Config) (*web.Server, error) {
	key, err := auth.Key(cfg.SigningKey, cfg.Database)
	if err != nil {
		return nil, jobs.Misuse(err)
	}
	tokens, err := auth.NewTokens(key, time.Now)
	if err != nil {
		return nil, jobs.Misuse(err)
	}
	sessions, err := auth.OpenSessions(cfg.Database+".sessions", time.Now())
	if err != nil {
		return nil, err
	}
	return web.New(web.Options{
		Warehouse: o.warehouse, Config: cfg, Tokens: tokens, Hasher: o.hasher, Sessions: sessions, Users: o.users, Audit: o.trail,
		Now: time.Now, Log: o.log, Version: Version, Metrics: o.metrics,
	}), nil
}

// firstRefresh makes the tables that pages ask, so that an empty database
// opens with empty pages and one that another version derived with right ones.
func (c *command) firstRefresh(ctx context.Context, o *owner, cfg config.Config) error {
	stale := false
	err := o.warehouse.Read(ctx, func(s *warehouse.Snapshot) error {
		stale = s.Stale
		return nil
	})
	if err != nil || !stale {
		return err
	}
	o.log.InfoContext(ctx, "refreshing: no figures yet, or those of another version")
	_, err = o.jobs(cfg).Refresh(ctx)
	return err
}

// announce prints where the server is and who can sign in.
func (c *command) announce(ctx context.Context, o *owner, cfg config.Config) {
	fmt.Fprintf(c.Stdout, "Credence serves %s\n", cfg.BaseURL) //nolint:errcheck // nobody to tell when stdout is gone
	if cfg.Clear() {
		o.log.WarnContext(ctx, "passwords travel unencrypted: insecure_http is set")
	}
	if host, _, err := net.SplitHostPort(cfg.Addr); err == nil && cfg.Loopback() && net.ParseIP(host).IsUnspecified() {
		fmt.Fprintln(c.Stdout, "Browsers of other machines cannot sign in yet: set base_url to the address that they use") //nolint:errcheck // as above
	}
	var users []auth.User
	err := o.warehouse.Read(ctx, func(s *warehouse.Snapshot) error {
		var err error
		users, err = auth.Users(ctx, s)
		return err
	})
	if err != nil {
		o.log.WarnContext(ctx, "cannot list users", slog.Any("error", err))
		return
	}
	users = slices.DeleteFunc(users, func(u auth.User) bool { return u.Disabled })
	if len(users) == 0 { // the set-up says what to do
		return
	}
	sample := sampleUsers(cfg)
	if len(sample) == 0 {
		fmt.Fprintf(c.Stdout, "%d users can sign in\n", len(users)) //nolint:errcheck // as above
		return
	}
	fmt.Fprintln(c.Stdout, "Who can sign in to the sample company:") //nolint:errcheck // as above
	for _, u := range sample {
		active := slices.ContainsFunc(users, func(have auth.User) bool { return have.Email == auth.NormalEmail(u.Email) })
		if active {
			fmt.Fprintf(c.Stdout, "  %-12s %-44s %s\n", auth.JoinRoles(u.Roles), auth.NormalEmail(u.Email), u.Password) //nolint:errcheck // as above
		}
	}
}

// offerSetUp prints the link of the one-time set-up when no administrator exists.
func (c *command) offerSetUp(ctx context.Context, server *web.Server) error {
	link, err := server.OpenSetUp(context.WithoutCancel(ctx)) // a stop in this moment is no fault
	if err != nil || link == "" {
		return err
	}
	fmt.Fprintf(c.Stdout, "There is no administrator yet. This link makes the first one, once:\n  %s\n", link) //nolint:errcheck // nobody to tell when stdout is gone
	return nil
}

// sampleUsers are those of the sample company, with their passwords. They are
// printed so that it can be tried; no other company's are ever read back.
func sampleUsers(cfg config.Config) []auth.NewUser {
	if cfg.Users == "" || cfg.File == "" {
		return nil
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(cfg.File), "truth.json")); err != nil {
		return nil
	}
	users, err := jobs.ReadUsers(cfg.Users)
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(users, func(u auth.NewUser) bool { return !strings.HasSuffix(auth.NormalEmail(u.Email), ".example") })
}
