package sampledata

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

type address struct{ name, email string }

func (a address) String() string {
	if a.name == "" {
		return a.email
	}
	if strings.ContainsFunc(a.name, func(r rune) bool { return r > 126 }) {
		return fmt.Sprintf("=?utf-8?q?%s?= <%s>", quoted(a.name), a.email)
	}
	return fmt.Sprintf("%s <%s>", a.name, a.email)
}

// quoted is the Q encoding of RFC 2047.
func quoted(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case c == ' ':
			b.WriteByte('_')
		case c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	return b.String()
}

// writeMailboxes writes an mbox per rep with all mails the rep sent or got.
func (b *book) writeMailboxes(ctx context.Context, dir string) error {
	boxes := make([][]*mail, len(b.w.reps))
	for _, m := range b.mails {
		boxes[m.rep] = append(boxes[m.rep], m)
		if m.colleague >= 0 {
			boxes[m.colleague] = append(boxes[m.colleague], m)
		}
	}
	for i, r := range b.w.reps {
		if len(boxes[i]) == 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := writeMailbox(filepath.Join(dir, "mail", strings.TrimSuffix(r.email, "@"+ownDomain)+".mbox"), boxes[i]); err != nil {
			return err
		}
	}
	return nil
}

func writeMailbox(path string, mails []*mail) (err error) {
	f, err := os.Create(path) //nolint:gosec // below the folder that was asked for
	if err != nil {
		return fmt.Errorf("create %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriterSize(f, 1<<16)
	for _, m := range mails {
		m.write(out)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// write writes m as an mbox entry: lines end in LF, as Unix mail spools have it.
func (m *mail) write(out *bufio.Writer) {
	// A bufio.Writer keeps its first error until Flush, so the lines need not look.
	line := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) }
	sender := m.from.email
	if m.bounce {
		sender = "MAILER-DAEMON"
	}
	line("From %s %s", sender, m.at.Format(time.ANSIC))
	if m.bounce {
		line("Return-Path: <>")
	}
	line("Message-ID: %s", m.id)
	line("Date: %s", m.at.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	line("From: %s", m.from)
	line("To: %s", m.to)
	if len(m.cc) > 0 {
		list := make([]string, len(m.cc))
		for i, c := range m.cc {
			list[i] = c.String()
		}
		line("Cc: %s", strings.Join(list, ",\n "))
	}
	if strings.ContainsFunc(m.subject, func(r rune) bool { return r > 126 }) {
		line("Subject: =?utf-8?q?%s?=", quoted(m.subject))
	} else {
		line("Subject: %s", m.subject)
	}
	if m.inReplyTo != "" {
		line("In-Reply-To: %s", m.inReplyTo)
	}
	if m.references != "" {
		line("References: %s", strings.ReplaceAll(m.references, " ", "\n "))
	}
	if m.auto {
		line("Auto-Submitted: auto-replied")
		line("Precedence: bulk")
	}
	line("MIME-Version: 1.0")
	if m.bounce {
		line("Auto-Submitted: auto-replied")
		line("Content-Type: multipart/report; report-type=delivery-status; boundary=\"b%d\"", m.at.Unix())
		line("")
		line("--b%d\nContent-Type: text/plain; charset=us-ascii\n\n%s\n", m.at.Unix(), m.body)
		line("--b%d\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; %s\nAction: failed\nStatus: 5.1.1\n", m.at.Unix(), strings.TrimPrefix(m.from.email, "MAILER-DAEMON@"))
		line("--b%d--\n", m.at.Unix())
		return
	}
	line("Content-Type: text/plain; charset=utf-8")
	line("Content-Transfer-Encoding: 7bit")
	line("")
	line("%s\n", m.body)
}
