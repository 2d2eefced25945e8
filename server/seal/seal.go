// Package seal encrypts backups, so that whoever finds one holds nothing.
//
// A sealed file is one of age (age-encryption.org), with an X25519 key: what any
// age since 1.0 opens by itself, so that a backup is not lost with this program:
//
//	age --decrypt --identity credence.db.backup-key backup.age > credence.db
//
// Why a key in a file and no passphrase: backups are made at night by nobody. The
// key lies beside the database, which whoever may read it can read anyway, and
// never with the backups. age authenticates every chunk, so that a file that was
// changed or cut short is refused.
package seal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"filippo.io/age"

	"credence/server/keyfile"
	"credence/warehouse/duckdb"
)

const what = "key of backups"

// KeyFile is where the key of the backups of a database lies.
func KeyFile(database string) string { return database + ".backup-key" }

// publicFile holds the public key with which the last backup was made: that of a key
// file which is gone tells that there is one elsewhere.
func publicFile(database string) string { return KeyFile(database) + ".pub" }

// Key seals and opens backups. OwnKey and ReadKey are its only constructors.
type Key struct {
	path  string
	text  []byte
	seals interface {
		age.Recipient
		fmt.Stringer
	}
	opens []age.Identity
}

// OwnKey is the key beside the database, which the first backup makes. One that is
// gone is refused: who keeps it would not open what another one sealed.
func OwnKey(database string) (Key, error) {
	text, err := keyfile.ReadOrMake(KeyFile(database), what, func() ([]byte, error) {
		if _, err := os.Lstat(publicFile(database)); !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s is gone, with which the last backup was made: put it back; when it is lost, delete %s, and the next backup makes another", KeyFile(database), publicFile(database))
		}
		id, err := age.GenerateX25519Identity()
		if err != nil {
			return nil, err
		}
		return []byte("# public key: " + id.Recipient().String() + "\n" + id.String() + "\n"), nil
	})
	if err != nil {
		return Key{}, err
	}
	return parse(KeyFile(database), text)
}

// Note keeps beside the database with which key its backups are made from now on, by
// its public half. turned says that it was another one before.
func (k Key) Note(database string) (turned bool, err error) {
	file, public := publicFile(database), k.seals.String()+"\n"
	before, err := os.ReadFile(file) //nolint:gosec // beside the configured database
	if err != nil && !errors.Is(err, fs.ErrNotExist) || string(before) == public {
		return false, err
	}
	turned = err == nil
	if err = put(file, public); err != nil {
		return false, fmt.Errorf("note the %s: %w", what, err)
	}
	return turned, nil
}

// put replaces the file at path as a whole, beside others who do.
func put(path, text string) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return duckdb.SyncDir(filepath.Dir(path))
}

// ReadKey reads the key file at path, wherever that is. A file of several keys, a
// line each, seals with the first and opens with all.
func ReadKey(path string) (Key, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the operator names it
	if err != nil {
		return Key{}, fmt.Errorf("read the %s: %w", what, err)
	}
	return parse(path, text)
}

func parse(path string, text []byte) (Key, error) {
	ids, err := age.ParseIdentities(bytes.NewReader(text))
	if err != nil { // which may tell the key
		return Key{}, fmt.Errorf("%s is no %s: it begins a line with AGE-SECRET-KEY-1", path, what)
	}
	k := Key{path: path, text: text, opens: ids}
	switch id := ids[0].(type) {
	case *age.X25519Identity:
		k.seals = id.Recipient()
	case *age.HybridIdentity:
		k.seals = id.Recipient()
	default:
		return Key{}, fmt.Errorf("%s is no %s that can seal", path, what)
	}
	return k, nil
}

// KeepBeside makes the key that of the database too, unless that has one; kept
// says where it is now.
func (k Key) KeepBeside(database string) (kept string, err error) {
	err = keyfile.Keep(KeyFile(database), what, k.text)
	if errors.Is(err, fs.ErrExist) {
		return "", nil
	}
	return KeyFile(database), err
}

// IsSealed reports whether the file at path is a sealed one, by its first bytes.
func IsSealed(path string) (bool, error) {
	const intro = "age-encryption.org/"
	f, err := os.Open(path) //nolint:gosec // the operator names it
	if err != nil {
		return false, err
	}
	defer f.Close() //nolint:errcheck // opened for reading
	head := make([]byte, len(intro))
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return false, err
	}
	return string(head[:n]) == intro, nil
}

// Seal writes the file from, encrypted, into to, readable by its owner only and
// through to the disk, and then opens it again: every byte must come back. It ends
// early with ctx; what stands in to is then no use.
func (k Key) Seal(ctx context.Context, from, to string) error {
	put, err := k.seal(ctx, from, to)
	if err != nil {
		return fmt.Errorf("encrypt %s: %w", to, err)
	}
	got := sha256.New()
	if err = k.read(to, until{ctx, got}); ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("read %s back: %w", to, err)
	}
	if !bytes.Equal(got.Sum(nil), put.Sum(nil)) {
		return fmt.Errorf("read %s back: it is not what was written", to)
	}
	return nil
}

// until takes no more when its context is over.
type until struct {
	ctx context.Context //nolint:containedctx // of one call of Seal
	io.Writer
}

func (u until) Write(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.Writer.Write(p)
}

// seal answers the checksum of what it read.
func (k Key) seal(ctx context.Context, from, to string) (put hash.Hash, err error) {
	in, err := os.Open(from) //nolint:gosec // a copy this program made
	if err != nil {
		return nil, err
	}
	defer in.Close() //nolint:errcheck // opened for reading
	put = sha256.New()
	return put, write(to, func(out io.Writer) error {
		sealed, err := age.Encrypt(until{ctx, out}, k.seals)
		if err != nil {
			return err
		}
		_, err = io.Copy(sealed, io.TeeReader(in, put))
		return errors.Join(err, sealed.Close())
	})
}

// Open writes what the sealed file from holds into to, readable by its owner
// only and through to the disk. What it wrote before an error is no use.
func (k Key) Open(from, to string) error {
	return write(to, func(out io.Writer) error { return k.read(from, out) })
}

// read copies what the sealed file at path holds into out.
func (k Key) read(path string, out io.Writer) error {
	in, err := os.Open(path) //nolint:gosec // the operator names it
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // opened for reading
	open, err := age.Decrypt(in, k.opens...)
	if _, other := errors.AsType[*age.NoIdentityMatchError](err); other {
		return fmt.Errorf("%s was encrypted with another key than that of %s: name the right one with --key FILE", path, k.path)
	}
	if err == nil {
		_, err = io.Copy(out, open)
	}
	if _, system := errors.AsType[*fs.PathError](err); err == nil || system {
		return err
	}
	return fmt.Errorf("%s was changed or cut short: take another backup: %w", path, err)
}

// write makes the file at path of what do writes.
func write(path string, do func(io.Writer) error) error {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // a file the caller named
	if err != nil {
		return err
	}
	return errors.Join(do(out), out.Sync(), out.Close())
}
