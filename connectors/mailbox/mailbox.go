// Package mailbox reads e-mail from disk: mbox files, Maildir folders and
// folders of .eml files, in any mix. It maps the headers of each message to an
// activity and its people.
//
// It refuses to look at bodies: they are skipped over, never decoded and never
// stored; only their length is kept. Subjects are read to tell an automatic
// reply and dropped at once.
//
// Why ids are hashes of the Message-ID: the same mail lies in the sender's
// mailbox, in a colleague's and often in the CRM. One id for all copies makes
// one activity of them, whichever is read first.
package mailbox

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"credence/connectors"
	"credence/connectors/localfile"
	"credence/connectors/own"
)

// settings is the configuration of a mailbox source.
type settings struct {
	Path string   `yaml:"path" doc:"an mbox or .eml file, a Maildir, or a folder that holds any of them (one mbox a rep is fine)" required:"true"`
	Own  []string `yaml:"own" doc:"further addresses or domains of our own people, beside company.domains"`
}

// Connector is the kind "mailbox".
func Connector() connectors.Connector {
	return connectors.Define("mailbox", "Mailboxes on disk",
		"Reads mbox files (Thunderbird, Google Takeout, mutt), Maildir folders (Dovecot, Courier) and folders of .eml files: "+
			"who wrote to whom, when, in which thread. Headers only; bodies are skipped and never stored. "+
			"A message from one of company.domains to the outside is outbound, from the outside inbound, between our own people internal.",
		[]string{"activities", "activity_people"}, open)
}

type source struct {
	settings settings
	env      connectors.Env
	own      own.People
}

func open(s settings, env connectors.Env) (connectors.Source, error) {
	people, err := own.New(append(slices.Clone(env.Domains), s.Own...)...)
	if err != nil {
		return nil, fmt.Errorf("the key \"own\": %w", err)
	}
	return &source{settings: s, env: env, own: people}, nil
}

// Read implements connectors.Source. A mailbox file whose content was read
// before is skipped; a folder of single messages is read again when a message
// came or went.
func (s *source) Read(ctx context.Context, cursor string, out connectors.Sink) (string, error) {
	root, info, err := localfile.Resolve(s.env.BaseDir, s.settings.Path)
	if err != nil {
		return "", err
	}
	files, err := localfile.List(root, info)
	if err != nil {
		return "", err
	}
	boxes := group(files, filepath.Base(root))

	// A mailbox named after its owner's address tells who is one of us.
	people := s.own.With(ownersOf(boxes)...)
	if people.Empty() {
		return "", fmt.Errorf("nothing says which addresses are ours: set company.domains, or \"own\" of this source")
	}
	marks, err := localfile.ParseCursor(cursor, append([]string{"mailbox 1"}, people.List()...)...)
	if err != nil {
		return "", err
	}
	r := &reader{out: out, own: people, now: s.env.Now, seen: map[string]string{}}
	names := map[string]bool{}
	for _, b := range boxes {
		names[b.name] = true
		mark, err := b.mark()
		if err != nil {
			return "", err
		}
		if marks.Seen(b.name, mark) {
			continue
		}
		if err := r.box(ctx, b); err != nil {
			return "", err
		}
	}
	marks.Keep(names)
	return marks.String(), nil
}

// kinds of box.
const (
	mboxFile = iota // many messages in one file
	messages        // one message a file: Maildir or .eml
	foreign         // not mail
)

// box is what users see as one file of the source: an mbox, or a folder of
// single messages.
type box struct {
	name  string
	kind  int
	files []localfile.File
}

// group sorts the files of a source into boxes.
func group(files []localfile.File, root string) []box {
	byName := map[string]*box{}
	for _, f := range files {
		dir, base := path.Split(f.Name)
		dir = strings.TrimSuffix(dir, "/")
		name, kind := f.Name, mboxFile
		parent := path.Base(dir)
		if dir == "" {
			parent = root
		}
		switch ext := strings.ToLower(path.Ext(base)); {
		case dir != "" && parent == "tmp":
			continue // Maildir: deliveries that never finished
		case ext == ".mbox" || ext == ".mbx":
		case parent == "cur" || parent == "new" || ext == ".eml":
			name, kind = dir, messages
			if dir == "" {
				name = root
			}
		case ext == ".msf" || ext == ".dat" || strings.HasPrefix(base, "dovecot") || base == "subscriptions" || base == "maildirfolder":
			continue // indexes of Thunderbird and Dovecot
		case foreignTypes[ext]: // any other name is a mailbox: INBOX, jane.doe
			kind = foreign
		}
		b := byName[name]
		if b == nil {
			b = &box{name: name, kind: kind}
			byName[name] = b
		}
		b.files = append(b.files, f)
	}
	out := make([]box, 0, len(byName))
	for _, b := range byName {
		out = append(out, *b)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].name < out[j].name })
	return out
}

// foreignTypes are files that lie beside mail and hold none we can read.
var foreignTypes = map[string]bool{
	".pst": true, ".ost": true, ".msg": true, ".olm": true, ".zip": true, ".gz": true, ".csv": true, ".json": true, ".xml": true,
	".txt": true, ".md": true, ".pdf": true, ".html": true, ".htm": true, ".ics": true, ".vcf": true, ".xlsx": true, ".docx": true,
	".yaml": true, ".yml": true, ".db": true, ".log": true, ".png": true, ".jpg": true, ".emlx": true,
}

// ownersOf returns the addresses that mailboxes are named after:
// "anna.berg@halden.example.mbox".
func ownersOf(boxes []box) []string {
	var out []string
	for _, b := range boxes {
		base := path.Base(b.name)
		for _, ext := range []string{".mbox", ".mbx"} {
			base = strings.TrimSuffix(base, ext)
		}
		if addr := clean(base); addr != "" && b.kind == mboxFile {
			out = append(out, addr)
		}
	}
	return out
}

// mark is the fingerprint of the box's content.
func (b box) mark() (string, error) {
	if b.kind == mboxFile {
		return localfile.MarkFile(b.files[0])
	}
	var list strings.Builder
	for _, f := range b.files {
		name, _, _ := strings.Cut(f.Name, ":2,") // Maildir keeps flags such as "seen" in the name
		fmt.Fprintf(&list, "%s %d\n", name, f.Size)
	}
	return localfile.Mark([]byte(list.String())), nil
}

// reader carries one run.
type reader struct {
	out  connectors.Sink
	own  own.People
	now  time.Time
	seen map[string]string // activity id → what of it was stored, to be independent of the order of copies
}

func (r *reader) box(ctx context.Context, b box) error {
	r.out.File(b.name)
	switch b.kind {
	case foreign:
		r.out.Read(1)
		return r.out.Reject(connectors.Rejection{Field: "file", Reason: "is not a mailbox: export the mail as mbox or .eml, or move the file out of the folder"})
	case messages:
		return r.singles(ctx, b)
	default:
		return r.mbox(ctx, b)
	}
}

func (r *reader) mbox(ctx context.Context, b box) (err error) {
	f, err := os.Open(b.files[0].Path)
	if err != nil {
		return fmt.Errorf("open %s: %w", b.name, err)
	}
	defer f.Close() //nolint:errcheck // read only: nothing is lost
	total, mail := 0, 0
	err = splitMbox(f, func(m message) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		h := parseHeader(m.header)
		total++
		if h[from] != "" || h[date] != "" || h[messageID] != "" {
			mail++
		}
		return r.message(m, h, "")
	})
	if err != nil {
		return fmt.Errorf("read %s: %w", b.name, err)
	}
	if total > 0 && mail == 0 {
		return fmt.Errorf("%s looks like an mbox but none of its %d messages has a From, Date or Message-ID line: remove it or export the mailbox again", b.name, total)
	}
	return nil
}

func (r *reader) singles(ctx context.Context, b box) error {
	for i, f := range b.files {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		m, err := readMessage(f)
		if err != nil {
			return fmt.Errorf("read %s: %w", f.Name, err)
		}
		m.line = i + 1
		if err := r.message(m, parseHeader(m.header), path.Base(f.Name)); err != nil {
			return err
		}
	}
	return nil
}

// message stores one message or rejects it. file names it where line numbers
// mean nothing to users.
func (r *reader) message(m message, h header, file string) error {
	r.out.Read(1)
	act, people, bad := r.activity(m, h)
	if bad != nil {
		bad.Line = m.line
		bad.Row = file
		return r.out.Reject(*bad)
	}
	// Copies of one message differ at most in what mail servers did to the body:
	// the smallest counts, whichever mailbox is read first.
	key := fmt.Sprintf("%s %020d %s %s %s", act.OccurredAt.Format(time.RFC3339), act.Length.V, act.Direction, act.Email, act.Outcome)
	if old, ok := r.seen[act.ActivityID]; !ok || key < old {
		r.seen[act.ActivityID] = key
		if err := r.out.Put(act); err != nil {
			return err
		}
	}
	for _, p := range people {
		if err := r.out.Put(p); err != nil {
			return err
		}
	}
	return nil
}
