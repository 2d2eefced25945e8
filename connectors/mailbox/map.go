package mailbox

import (
	"fmt"
	"strings"
	"time"

	"credence/connectors"
	"credence/connectors/own"
	"credence/warehouse"
)

// maxSkew is how far ahead of this run a Date may be: senders' clocks and zones
// are off by up to a day. Anything later is a wrong clock and would sort after
// every real act.
const maxSkew = 24 * time.Hour

// earliest is older than any business e-mail that a CRM would know; earlier
// dates are clocks that start at zero.
var earliest = time.Date(1980, 1, 2, 0, 0, 0, 0, time.UTC)

// activity maps a message to its activity and people, or to the reason why it
// cannot be kept.
func (r *reader) activity(m message, h header) (warehouse.Activity, []warehouse.ActivityPerson, *connectors.Rejection) {
	none := warehouse.Activity{}
	if m.long {
		return none, nil, &connectors.Rejection{Field: "header", Reason: "the header is longer than 64 KiB: it is damaged or forged, remove the message"}
	}

	// When.
	at, err := parseDate(h[date])
	switch {
	case err != nil:
		return none, nil, &connectors.Rejection{Field: "Date", Reason: err.Error() + ": correct the Date line or remove the message"}
	case at.Before(earliest):
		return none, nil, &connectors.Rejection{Field: "Date", Reason: fmt.Sprintf("is dated %s: the sender's clock was not set; correct the Date line or remove the message", at.Format(time.DateOnly))}
	case at.After(r.now.Add(maxSkew)):
		return none, nil, &connectors.Rejection{Field: "Date", Reason: fmt.Sprintf("is dated %s, after this run: the sender's clock is wrong; correct the Date line or remove the message", at.Format(time.DateOnly))}
	}

	// Who.
	people, total := participants(h)
	if len(people) == 0 || people[0].Role != "from" {
		return none, nil, &connectors.Rejection{Field: "From", Reason: "has no address of a sender: correct the From line or remove the message"}
	}
	sentBy := people[0].Email
	act := warehouse.Activity{Kind: "email", OccurredAt: at, Length: warehouse.Known(m.length), Outcome: machine(h, sentBy, r.own)}
	if total > maxAddresses && act.Outcome == "" {
		act.Outcome = "bulk"
	}
	act.Direction, act.Email = r.direction(people, total)
	if act.Direction == "" {
		return none, nil, &connectors.Rejection{Field: "To", Reason: "has no recipient: a draft that was never sent; nothing to do, or remove it"}
	}

	// Which act and thread: one id in every copy.
	raw := lastID(h[messageID])
	if raw == "" {
		raw = "derived:" + at.UTC().Format(time.RFC3339) + " " + sentBy + " " + h[to] + " " + h[cc] + " " + h[subject]
	}
	act.UID = warehouse.HashUID(raw)
	act.ActivityID = act.UID
	root := firstID(h[references])
	if root == "" {
		root = firstID(h[inReplyTo])
	}
	if root == "" {
		root = raw
	}
	act.ThreadID = warehouse.HashUID(root)
	for i := range people {
		people[i].ActivityID = act.ActivityID
	}
	return act, people, nil
}

// direction is seen from our company, with the outside party: the sender of
// what comes in, the first outside recipient of what goes out.
func (r *reader) direction(people []warehouse.ActivityPerson, addressed int) (direction, outside string) {
	if !r.own.Has(people[0].Email) {
		return "inbound", people[0].Email
	}
	for _, p := range people[1:] {
		if !r.own.Has(p.Email) {
			return "outbound", p.Email
		}
	}
	if addressed < 2 { // a note to oneself has its sender twice
		return "", ""
	}
	return "internal", ""
}

// participants lists the people of a message, the sender first, each address
// once in its most direct role, and how many addresses the message has.
func participants(h header) ([]warehouse.ActivityPerson, int) {
	var out []warehouse.ActivityPerson
	seen := map[string]bool{}
	total := 0
	add := func(value, role string, limit int) {
		for _, addr := range addresses(value, limit) {
			total++
			if seen[addr] || len(out) >= maxAddresses {
				continue
			}
			seen[addr] = true
			out = append(out, warehouse.ActivityPerson{Email: addr, Role: role})
		}
	}
	add(h[from], "from", 1)
	if len(out) == 0 {
		add(h[sender], "from", 1)
	}
	if len(out) == 0 {
		return nil, 0
	}
	add(h[to], "to", maxAddresses+1)
	add(h[cc], "cc", maxAddresses+1)
	add(h[bcc], "bcc", maxAddresses+1)
	if len(out) == 1 { // sent by a blind copy or a list: the mailbox knows for whom
		add(h[deliveredTo], "bcc", 1)
	}
	return out, total
}

// autoSubjects begin the subject of automatic replies that carry no header for
// it, in the languages mail servers ship.
var autoSubjects = []string{
	"automatic reply:", "out of office:", "auto:", "autoreply:", "automatische antwort:", "abwesenheitsnotiz:", "abwesend:",
	"réponse automatique", "respuesta automática:", "risposta automatica:", "automatisch antwoord:", "autosvar:",
}

// machine says that no human wrote a message: "bounce", "auto_reply" or "bulk".
// Lists of our own domains are how people reach us and count as human.
func machine(h header, sentBy string, people own.People) string {
	local, _, _ := strings.Cut(sentBy, "@")
	kind := strings.ToLower(h[contentType])
	report := strings.HasPrefix(kind, "multipart/report")
	switch {
	case local == "mailer-daemon" || local == "postmaster" || h[failedRecipients] != "",
		report && strings.Contains(kind, "delivery-status"):
		return "bounce"
	}
	auto := strings.ToLower(h[autoSubmitted])
	rank := strings.ToLower(h[precedence])
	title := strings.ToLower(decode(h[subject]))
	switch {
	case auto != "" && !strings.HasPrefix(auto, "no"), h[autoReply] != "" && !strings.EqualFold(h[autoReply], "no"),
		rank == "auto_reply", report, h[returnPath] == "<>":
		return "auto_reply"
	}
	for _, prefix := range autoSubjects {
		if strings.HasPrefix(title, prefix) {
			return "auto_reply"
		}
	}
	ownList := false
	if id := strings.Trim(h[listID], " "); id != "" {
		if i := strings.LastIndexByte(id, '<'); i >= 0 {
			id = id[i+1:]
		}
		ownList = people.Has("list@" + strings.ToLower(strings.TrimRight(id, "> ")))
	}
	switch {
	case strings.HasPrefix(local, "noreply"), strings.HasPrefix(local, "no-reply"), strings.HasPrefix(local, "donotreply"), strings.HasPrefix(local, "do-not-reply"):
		return "bulk"
	case ownList:
		return ""
	case rank == "bulk" || rank == "list" || rank == "junk", h[listUnsubscribe] != "", h[listID] != "":
		return "bulk"
	}
	return ""
}

// firstID is the first <id> of a References or In-Reply-To value.
func firstID(value string) string {
	_, rest, ok := strings.Cut(value, "<")
	if !ok {
		fields := strings.Fields(value)
		if len(fields) > 0 && strings.Contains(fields[0], "@") {
			return fields[0]
		}
		return ""
	}
	id, _, _ := strings.Cut(rest, ">")
	return strings.TrimSpace(id)
}

// lastID is the id of a Message-ID value, with or without its brackets.
func lastID(value string) string {
	if i := strings.LastIndexByte(value, '<'); i >= 0 {
		value = value[i+1:]
	}
	value, _, _ = strings.Cut(value, ">")
	return strings.TrimSpace(value)
}
