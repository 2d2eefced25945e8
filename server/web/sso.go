package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/gofiber/fiber/v2"
	"golang.org/x/oauth2"

	"credence/connectors/outgoing"
	"credence/server/audit"
	"credence/server/auth"
	"credence/server/config"
	"credence/warehouse"
)

// How the way over the company's directory is bounded.
const (
	ssoTimeout = 10 * time.Second // of each question to the directory
	ssoLife    = 10 * time.Minute // from the button to the way back
	maxWaiting = 10_000           // on their way at once

	// From one address in auth.FailureWindow: a whole company may sit behind it.
	maxDepartures = 300

	maxDirectory = 1 << 20 // bytes of one of its answers
)

// Errors of the way over the directory.
var (
	errDirectory  = errors.New("the company's directory does not answer; try again in a minute, or sign in by password")
	errNotVouched = errors.New("the company's directory vouched for nobody who may sign in here; ask an administrator to add you")
)

// directory is the company's OpenID Connect provider. What it says of itself is
// asked for at the first sign-in and kept, so that credence starts without it.
type directory struct {
	config config.OIDC
	base   string // base_url
	now    func() time.Time
	client *http.Client

	mu       sync.Mutex
	provider *oidc.Provider
	waiting  map[string]waitingSignIn // by state
}

// waitingSignIn is somebody on the way to the directory and back.
type waitingSignIn struct {
	nonce, verifier, next string
	until                 time.Time
}

func newDirectory(cfg config.Config, now func() time.Time) *directory {
	return &directory{
		config: cfg.SignIn.OIDC, base: cfg.BaseURL, now: now, waiting: map[string]waitingSignIn{},
		client: outgoing.New(outgoing.Options{Allow: cfg.DirectoryNetworks(), Timeout: ssoTimeout, MaxBody: maxDirectory}),
	}
}

// connect asks the directory what it is, once.
func (d *directory) connect(ctx context.Context) (*oidc.Provider, oauth2.Config, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.provider == nil {
		p, err := oidc.NewProvider(oidc.ClientContext(ctx, d.client), d.config.Issuer)
		if err != nil {
			return nil, oauth2.Config{}, errors.Join(errDirectory, fmt.Errorf("ask %s what it is: %w", d.config.Issuer, outgoing.Told(err)))
		}
		d.provider = p
	}
	return d.provider, oauth2.Config{
		ClientID: d.config.ClientID, ClientSecret: d.config.ClientSecret, Endpoint: d.provider.Endpoint(),
		RedirectURL: d.base + "/sign-in/oidc/callback", Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}, nil
}

// leave remembers somebody who goes to the directory and answers their state.
func (d *directory) leave(w waitingSignIn) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	if len(d.waiting) >= maxWaiting { // whoever left first comes back last, if at all
		first, until := "", now.Add(ssoLife)
		for state, one := range d.waiting {
			if !now.Before(one.until) {
				delete(d.waiting, state)
			} else if !one.until.After(until) {
				first, until = state, one.until
			}
		}
		if len(d.waiting) >= maxWaiting {
			delete(d.waiting, first)
		}
	}
	state := rand.Text()
	w.until = now.Add(ssoLife)
	d.waiting[state] = w
	return state
}

// back finds who comes back with a state, which is used up by that.
func (d *directory) back(state string) (waitingSignIn, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w, ok := d.waiting[state]
	delete(d.waiting, state)
	return w, ok && d.now().Before(w.until)
}

// vouched is whom the directory vouches for.
type vouched struct {
	Email    string `json:"email"`
	Verified any    `json:"email_verified"` // true, by some directories as text
	Name     string `json:"name"`
}

// redeem exchanges the code for an ID token and checks it: signature, issuer,
// audience, age and the nonce of this sign-in.
func (d *directory) redeem(ctx context.Context, code string, w waitingSignIn) (vouched, error) {
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, d.client), ssoTimeout)
	defer cancel()
	provider, client, err := d.connect(ctx)
	if err != nil {
		return vouched{}, err
	}
	answer, err := client.Exchange(ctx, code, oauth2.VerifierOption(w.verifier))
	if err != nil {
		if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
			return vouched{}, outgoing.Told(fmt.Errorf("redeem the code: %s %s", refused.ErrorCode, refused.ErrorDescription)) // its text may hold the answer's body
		}
		return vouched{}, errors.Join(errDirectory, outgoing.Told(err))
	}
	raw, hasID := answer.Extra("id_token").(string)
	if !hasID {
		return vouched{}, errors.New("the answer holds no ID token")
	}
	token, err := provider.VerifierContext(ctx, &oidc.Config{ClientID: d.config.ClientID, Now: d.now}).Verify(ctx, raw)
	if err != nil {
		return vouched{}, fmt.Errorf("check the ID token: %w", outgoing.Told(err))
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(w.nonce)) != 1 {
		return vouched{}, errors.New("the ID token is of another sign-in")
	}
	var v vouched
	if err := token.Claims(&v); err != nil {
		return v, fmt.Errorf("read the ID token: %w", err)
	}
	if v.Verified != true && v.Verified != "true" || v.Email == "" {
		return v, errors.New("the ID token names no verified e-mail address")
	}
	return v, nil
}

func (s *Server) ssoCookie() string {
	if s.Config.Secure() {
		return "__Host-cred-oidc"
	}
	return "cred-oidc"
}

// beginSSO sends the browser to the directory.
func (s *Server) beginSSO(c *fiber.Ctx) error {
	if s.Config.SignIn.OIDC.Issuer == "" {
		return warehouse.ErrNotFound
	}
	if c.Get("Sec-Fetch-Site") == "cross-site" { // nobody is signed in without wanting it: here is the button
		return s.showSignIn(c, nil)
	}
	if !s.limits.departs.Try("", s.address(c), s.Now()) {
		return s.showSignIn(c, auth.ErrTooMany)
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), ssoTimeout)
	defer cancel()
	_, client, err := s.directory.connect(ctx)
	if err != nil {
		return s.ssoFailed(c, err)
	}
	w := waitingSignIn{nonce: rand.Text(), verifier: oauth2.GenerateVerifier(), next: localPath(c.Query("next"))}
	state := s.directory.leave(w)
	s.cookie(c, s.ssoCookie(), state, s.Now().Add(ssoLife))
	return c.Redirect(client.AuthCodeURL(state, oidc.Nonce(w.nonce), oauth2.S256ChallengeOption(w.verifier)), fiber.StatusSeeOther)
}

// endSSO takes the browser back from the directory: the state must be that of
// this browser and unused.
func (s *Server) endSSO(c *fiber.Ctx) error {
	if s.Config.SignIn.OIDC.Issuer == "" {
		return warehouse.ErrNotFound
	}
	if !s.limits.returns.Try("", s.address(c), s.Now()) {
		return s.showSignIn(c, auth.ErrTooMany)
	}
	state := c.Query("state")
	mine := subtle.ConstantTimeCompare([]byte(state), []byte(c.Cookies(s.ssoCookie()))) == 1
	s.cookie(c, s.ssoCookie(), "", time.Unix(1, 0))
	if state == "" || !mine {
		return s.ssoFailed(c, errors.New("the state is not this browser's"))
	}
	w, ok := s.directory.back(state)
	if !ok {
		return s.ssoFailed(c, errors.New("the state is used or too old"))
	}
	s.limits.returns.Succeed("", s.address(c)) // they come from there, whatever the directory says
	if c.Query("error") != "" {
		return s.ssoFailed(c, fmt.Errorf("the directory says %.60q", c.Query("error")))
	}
	who, err := s.directory.redeem(c.UserContext(), c.Query("code"), w)
	if err != nil {
		return s.ssoFailed(c, err)
	}
	user, err := s.vouchedUser(c, who)
	if err != nil {
		return err
	}
	if user.ID == "" || user.Disabled {
		if err := s.noteRefused(c, user, who.Email); err != nil {
			return err
		}
		return s.showSignIn(c, errNotVouched)
	}
	if err := s.enter(c, user, "oidc"); errors.Is(err, auth.ErrUnsettled) {
		return s.showSignIn(c, err)
	} else if err != nil {
		return err
	}
	return c.Redirect(w.next, fiber.StatusSeeOther)
}

// vouchedUser is the user with the verified address. Somebody unknown is nobody,
// unless a role for them is configured.
func (s *Server) vouchedUser(c *fiber.Ctx, who vouched) (user auth.User, err error) {
	view := s.Users.View()
	err = s.read(c, func(ctx context.Context, snap *warehouse.Snapshot) (err error) {
		user, err = view.ByEmail(ctx, snap, who.Email)
		return err
	})
	role := s.Config.SignIn.OIDC.DefaultRole
	if !errors.Is(err, warehouse.ErrNotFound) || role == "" {
		if errors.Is(err, warehouse.ErrNotFound) {
			err = nil
		}
		return user, err
	}
	return s.Users.Provision(c.UserContext(), s.Now(), auth.NewUser{Email: who.Email, Name: who.Name, Roles: []auth.Role{auth.Role(role)}})
}

// ssoFailed shows the sign-in page again. Why is for the log, without addresses;
// the page says no more than that it did not work.
func (s *Server) ssoFailed(c *fiber.Ctx, why error) error {
	s.Log.WarnContext(c.UserContext(), "sign-in by the directory failed", slog.String("request_id", requestID(c)), slog.Any("error", why))
	if errors.Is(why, errDirectory) {
		return s.showSignIn(c, errDirectory)
	}
	if err := s.note(c, audit.SignInRefused, "by the directory"); err != nil {
		return err
	}
	return s.showSignIn(c, errNotVouched)
}
