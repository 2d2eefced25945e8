package mailbox

import (
	"bytes"
	"strings"
)

// The header fields that are looked at; everything else is skipped.
const (
	from = iota
	sender
	to
	cc
	bcc
	deliveredTo
	date
	messageID
	references
	inReplyTo
	subject
	contentType
	returnPath
	precedence
	autoSubmitted
	autoReply
	listID
	listUnsubscribe
	failedRecipients
	fieldCount
)

var fieldByName = map[string]int{
	"from": from, "sender": sender, "to": to, "cc": cc, "bcc": bcc, "delivered-to": deliveredTo, "date": date,
	"message-id": messageID, "references": references, "in-reply-to": inReplyTo, "subject": subject,
	"content-type": contentType, "return-path": returnPath, "precedence": precedence, "auto-submitted": autoSubmitted,
	"x-autoreply": autoReply, "x-autorespond": autoReply, "x-autoresponse": autoReply, "x-auto-reply": autoReply,
	"list-id": listID, "list-unsubscribe": listUnsubscribe, "x-failed-recipients": failedRecipients,
}

// header holds the unfolded values of the fields above. Recipients of repeated
// fields are joined; of the rest the first one counts.
type header [fieldCount]string

// parseHeader reads a header block. Lines without a colon are passed over, as
// mail programs do.
func parseHeader(block []byte) header {
	var h header
	field, value := -1, []byte(nil)
	store := func() {
		if field < 0 {
			return
		}
		text := string(bytes.TrimSpace(value))
		switch {
		case h[field] == "":
			h[field] = text
		case field == to || field == cc || field == bcc || field == deliveredTo:
			h[field] += ", " + text
		}
		if field == returnPath && text == "" {
			h[field] = "<>"
		}
	}
	for len(block) > 0 {
		line, rest, _ := bytes.Cut(block, []byte("\n"))
		block = rest
		line = bytes.TrimRight(line, "\r")
		if len(line) > 0 && (line[0] == ' ' || line[0] == '\t') { // folded
			if field >= 0 {
				value = append(append(value, ' '), bytes.TrimSpace(line)...)
			}
			continue
		}
		store()
		field, value = -1, value[:0]
		name, text, ok := bytes.Cut(line, []byte(":"))
		if !ok || len(name) > 40 {
			continue
		}
		if f, known := fieldByName[strings.ToLower(string(bytes.TrimSpace(name)))]; known {
			field = f
			value = append(value, text...)
		}
	}
	store()
	return h
}
