package slackexport

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"credence/connectors"
	"credence/warehouse"
)

// message is a line of a day file as far as it is read.
type message struct {
	Type     string `json:"type"`
	Subtype  string `json:"subtype"`
	User     string `json:"user"`
	BotID    string `json:"bot_id"`
	Text     string `json:"text"`
	TS       string `json:"ts"`
	ThreadTS string `json:"thread_ts"`
	Team     string `json:"user_team"`
	Comment  struct {
		User string `json:"user"`
	} `json:"comment"`
}

// what a subtype of message is.
const (
	written = iota + 1 // by a human
	byBot
	event // a note of Slack itself: not a message
)

var subtypes = map[string]int{
	"": written, "me_message": written, "file_share": written, "file_comment": written, "file_mention": written,
	"thread_broadcast": written, "reply_broadcast": written,
	"bot_message": byBot, "slackbot_response": byBot, "assistant_app_thread": byBot,
	"bot_add": event, "bot_remove": event, "bot_enable": event, "bot_disable": event, "pinned_item": event, "unpinned_item": event,
	"reminder_add": event, "reminder_delete": event, "message_changed": event, "message_deleted": event, "message_replied": event,
	"tombstone": event, "ekm_access_denied": event, "huddle_thread": event, "sh_room_created": event, "sh_room_shared": event,
	"app_conversation_join": event, "app_conversation_leave": event, "joiner_notification": event,
	"joiner_notification_for_inviter": event, "document_mention": event, "tabbed_canvas_updated": event, "bot_profile": event,
}

// eventFamilies are the prefixes of notes about the conversation itself:
// channel_join, group_topic, mpim_leave and so on.
var eventFamilies = []string{"channel_", "group_", "mpim_", "im_", "huddle_", "list_record_"}

func kindOf(subtype string) int {
	if k, ok := subtypes[subtype]; ok {
		return k
	}
	for _, family := range eventFamilies {
		if strings.HasPrefix(subtype, family) {
			return event
		}
	}
	return 0
}

const (
	maxSkew   = 24 * time.Hour // how far ahead of this run a message may be
	maxPeople = 1000           // outside members of one channel that are kept
	maxOwn    = 20             // with more of our own in a channel, nobody in particular is addressed
)

var mention = regexp.MustCompile(`<@([A-Z0-9]{1,40})(?:\|[^>]*)?>`)

// mapper turns the messages of one export into records.
type mapper struct {
	out connectors.Sink
	now time.Time
	dir *directory
}

// day reads a day file. One that is damaged gives its readable messages and a
// rejected row; too many of them give the export up.
func (m *mapper) day(a *archive, c channel, name string) error {
	content, err := a.read(c.folder + "/" + name)
	line := 0
	if err == nil {
		err = eachMessage(content, func(raw json.RawMessage) error {
			line++
			return m.message(c, name, line, raw)
		})
	}
	bad, ok := errors.AsType[*badFileError](err)
	if !ok {
		return err
	}
	a.bad++
	if a.bad > maxBad {
		return fmt.Errorf("more than %d day files of %s cannot be read, the last is %s/%s: download the export again", maxBad, a.name, c.folder, name)
	}
	m.out.Read(1)
	return m.out.Reject(connectors.Rejection{
		Line: line + 1, Field: "file", Row: name,
		Reason: "the day file is damaged from here on (" + oneLine(bad.Error()) + "): download the export again",
	})
}

// eachMessage hands over the elements of a JSON list one by one.
func eachMessage(content []byte, each func(json.RawMessage) error) error {
	dec := json.NewDecoder(bytes.NewReader(content))
	open, err := dec.Token()
	if err != nil {
		return &badFileError{err}
	}
	if open != json.Delim('[') {
		return &badFileError{errors.New("it is not a list")}
	}
	for dec.More() {
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return &badFileError{err}
		}
		if err := each(raw); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return &badFileError{errors.New("its list does not end")}
	}
	return nil
}

// message stores one message, rejects it, or passes over an event.
func (m *mapper) message(c channel, day string, line int, raw json.RawMessage) error {
	reject := func(field, reason string) error {
		m.out.Read(1)
		return m.out.Reject(connectors.Rejection{Line: line, Field: field, Reason: reason, Row: day})
	}
	var msg message
	if err := json.Unmarshal(raw, &msg); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) && wrong.Field != "" {
			return reject(wrong.Field, fmt.Sprintf("is a %s where Slack writes text: correct or remove the message", wrong.Value))
		}
		return reject("message", "is not a message of Slack: correct or remove it")
	}
	kind := kindOf(msg.Subtype)
	switch {
	case msg.Type != "" && msg.Type != "message" || kind == event:
		return nil
	case msg.Type == "":
		return reject("type", "is missing: this is not a message of Slack; correct or remove it")
	case kind == 0:
		return reject("subtype", fmt.Sprintf("%.60q is a kind of message this version does not know: tell us, or remove the message", clean(msg.Subtype)))
	}

	// When, where.
	at, err := parseTS(msg.TS)
	if err != nil || at.After(m.now.Add(maxSkew)) {
		return reject("ts", fmt.Sprintf("%.40q is not a time in the past: correct or remove the message", clean(msg.TS)))
	}
	// No UID: a burst of messages within minutes is one act, as the warehouse
	// decides by person and thread.
	act := warehouse.Activity{
		ActivityID: c.ID + ":" + msg.TS, Kind: "chat", OccurredAt: at,
		Length: warehouse.Known(int64(utf8.RuneCountInString(msg.Text))),
	}
	act.ThreadID = c.ID // an unthreaded message belongs to the conversation of its channel
	if _, err := parseTS(msg.ThreadTS); err == nil {
		act.ThreadID = c.ID + ":" + msg.ThreadTS
	}

	// Who.
	if msg.User == "" {
		msg.User = msg.Comment.User
	}
	author := m.dir.users[msg.User]
	if kind == byBot || msg.BotID != "" || msg.User == "USLACKBOT" || author != nil && author.IsBot {
		act.Direction, act.Outcome = "internal", "bot"
		m.out.Read(1)
		return m.out.Put(act)
	}
	if author == nil {
		if msg.User == "" || msg.Team == "" || msg.Team == m.dir.home {
			return reject("user", fmt.Sprintf("%.40q is not in users.json: export users and messages together", clean(msg.User)))
		}
		author = &user{ID: clean(msg.User), outside: true} // of another workspace, by Slack Connect
	}
	people := m.people(&act, c, author, msg.Text)
	m.out.Read(1)
	if err := m.out.Put(act); err != nil {
		return err
	}
	for _, p := range people {
		if err := m.out.Put(p); err != nil {
			return err
		}
	}
	return nil
}

// people sets direction and outside party of act and lists who took part: the
// author; the channel's outside members, when one of us wrote; our own people
// who were mentioned, else all of a small channel, when an outsider wrote.
func (m *mapper) people(act *warehouse.Activity, c channel, author *user, text string) []warehouse.ActivityPerson {
	var outside, ours []*user
	for _, id := range c.Members {
		u := m.dir.users[id]
		switch {
		case u == nil || u.IsBot || u.ID == author.ID:
		case u.outside && len(outside) < maxPeople:
			outside = append(outside, u)
		case !u.outside:
			ours = append(ours, u)
		}
	}
	var addressed []*user
	switch {
	case author.outside:
		act.Direction = "inbound"
		act.Email, act.ContactID = author.party()
		addressed = m.mentioned(text, author)
		if len(addressed) == 0 && len(ours) <= maxOwn {
			addressed = ours
		}
	case len(outside) > 0:
		act.Direction = "outbound"
		act.Email, act.ContactID = outside[0].party()
		addressed = outside
	default:
		act.Direction = "internal"
	}
	out := make([]warehouse.ActivityPerson, 0, len(addressed)+1)
	for i, u := range append([]*user{author}, addressed...) {
		p := warehouse.ActivityPerson{ActivityID: act.ActivityID, Role: "to"}
		if i == 0 {
			p.Role = "from"
		}
		p.Email, p.ContactID = u.party()
		if p.Email+p.ContactID != "" {
			out = append(out, p)
		}
	}
	return out
}

// party is how a user is known to the warehouse: by address, or, for an outside
// member whose profile hides it, by the id of Slack.
func (u *user) party() (email, contactID string) {
	if u.Profile.Email != "" || !u.outside {
		return clean(u.Profile.Email), ""
	}
	return "", clean(u.ID)
}

// mentioned lists our own people that a text names, each once.
func (m *mapper) mentioned(text string, author *user) []*user {
	var out []*user
	seen := map[string]bool{author.ID: true}
	for _, match := range mention.FindAllStringSubmatch(text, 100) {
		u := m.dir.users[match[1]]
		if u == nil || u.outside || u.IsBot || seen[u.ID] {
			continue
		}
		seen[u.ID] = true
		out = append(out, u)
	}
	return out
}

// parseTS reads "1459032936.000002": seconds, and a count that makes it unique.
func parseTS(ts string) (time.Time, error) {
	whole, count, _ := strings.Cut(ts, ".")
	sec, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || len(count) > 9 || strings.Trim(count, "0123456789") != "" {
		return time.Time{}, fmt.Errorf("parse ts %.40q", ts)
	}
	if sec < 1_000_000_000 || sec > 253_402_300_799 { // before 2001 or after 9999
		return time.Time{}, fmt.Errorf("ts %.40q is out of range", ts)
	}
	return time.Unix(sec, 0).UTC(), nil
}

// clean makes text that came from the export fit for a record.
func clean(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "")
}

func oneLine(text string) string {
	return strings.Join(strings.Fields(clean(text)), " ")
}
