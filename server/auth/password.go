package auth

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"

	"github.com/alexedwards/argon2id"
)

// MinPassword is the shortest password that is accepted, in characters.
const MinPassword = 10

// maxPassword keeps a password from costing more than its hash.
const maxPassword = 1024

// ErrPassword says that a password is too short or too long.
var ErrPassword = errors.New("a password needs at least")

// Hasher makes and checks argon2id hashes. Each takes memory and a core for a
// good part of a second, so only a few run at once and the rest wait.
type Hasher struct {
	params argon2id.Params
	slots  chan struct{}
	decoy  string
}

// NewHasher is the hasher of production: 64 MiB, two passes.
func NewHasher() (*Hasher, error) {
	return newHasher(argon2id.Params{Memory: 64 * 1024, Iterations: 2, Parallelism: 2, SaltLength: 16, KeyLength: 32})
}

// NewTestHasher is a hasher that costs next to nothing.
func NewTestHasher() (*Hasher, error) {
	return newHasher(argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
}

func newHasher(p argon2id.Params) (*Hasher, error) {
	raw := make([]byte, p.SaltLength+p.KeyLength)
	if _, err := rand.Read(raw); err != nil {
		return nil, fmt.Errorf("prepare password hashing: %w", err)
	}
	// The hash of no password costs as much to compare, and nothing to make.
	decoy := fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", p.Memory, p.Iterations, p.Parallelism,
		base64.RawStdEncoding.EncodeToString(raw[:p.SaltLength]), base64.RawStdEncoding.EncodeToString(raw[p.SaltLength:]))
	return &Hasher{params: p, slots: make(chan struct{}, max(1, runtime.NumCPU()/2)), decoy: decoy}, nil
}

// Hash hashes a password.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if n := len([]rune(password)); n < MinPassword {
		return "", fmt.Errorf("it has %d characters; %w %d", n, ErrPassword, MinPassword)
	}
	if len(password) > maxPassword {
		return "", fmt.Errorf("it has %d bytes; %w %d and at most %d bytes", len(password), ErrPassword, MinPassword, maxPassword)
	}
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	hash, err := argon2id.CreateHash(password, &h.params)
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return hash, nil
}

// Match reports whether password belongs to hash. An empty hash (no such user)
// takes the same time and never matches.
func (h *Hasher) Match(ctx context.Context, password, hash string) (bool, error) {
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer h.leave()
	known := hash != ""
	if !known {
		hash = h.decoy
	}
	ok, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("check password: %w", err)
	}
	return ok && known, nil
}

func (h *Hasher) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *Hasher) leave() { <-h.slots }
