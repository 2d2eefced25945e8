package sampledata

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// The shapes of a Slack export, as far as the sample company uses them.
type slackUser struct {
	ID       string       `json:"id"`
	TeamID   string       `json:"team_id"`
	Name     string       `json:"name"`
	Deleted  bool         `json:"deleted"`
	RealName string       `json:"real_name"`
	TZ       string       `json:"tz"`
	Profile  slackProfile `json:"profile"`
	IsBot    bool         `json:"is_bot"`
	Guest    bool         `json:"is_restricted,omitempty"`
}

type slackProfile struct {
	Title       string `json:"title"`
	RealName    string `json:"real_name"`
	DisplayName string `json:"display_name"`
	Email       string `json:"email,omitempty"`
}

type slackChannel struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Created    int64      `json:"created"`
	Creator    string     `json:"creator"`
	IsArchived bool       `json:"is_archived"`
	IsGeneral  bool       `json:"is_general"`
	Members    []string   `json:"members"`
	Topic      slackTopic `json:"topic"`
	Purpose    slackTopic `json:"purpose"`
}

type slackTopic struct {
	Value   string `json:"value"`
	Creator string `json:"creator"`
	LastSet int64  `json:"last_set"`
}

type slackMessage struct {
	Type     string `json:"type"`
	Subtype  string `json:"subtype,omitempty"`
	User     string `json:"user,omitempty"`
	BotID    string `json:"bot_id,omitempty"`
	Username string `json:"username,omitempty"`
	Text     string `json:"text"`
	TS       string `json:"ts"`
	ThreadTS string `json:"thread_ts,omitempty"`
}

const slackTeam = "T0HALDEN1"

var chatLines = []string{
	"Quick question about the last shipment: is the certificate in the box?", "Yes, in the lid of the case.", "Could someone look at our order today?", "On it, I will be back in an hour.",
	"The new firmware works well so far.", "Great to hear, thanks for the feedback!", "Can we shift the training by a day?", "Sure, Thursday works too.", "Which adapter fits the older model?", "The short one, I will send the part number.",
	"Thanks a lot!", "Our auditor asks for the uncertainty statement.", "I have just uploaded it to the shared folder.", "Line two reports drift since this morning.", "Please try a zero adjustment first and tell me the reading.", "That did it, thank you.",
}

// writeSlack writes the export of our workspace: users, channels shared with
// customers and a file of messages a day.
func (b *book) writeSlack(_ context.Context, dir string) error {
	w, root := b.w, filepath.Join(dir, "slack")
	var users []slackUser
	for i, r := range w.reps {
		users = append(users, slackUser{
			ID: repUser(i), TeamID: slackTeam, Name: localPart(r.name), RealName: r.name, TZ: "Europe/Berlin", Deleted: r.to < w.days,
			Profile: slackProfile{Title: r.title, RealName: r.name, DisplayName: localPart(r.name), Email: r.email},
		})
	}
	var channels []slackChannel
	for i := range w.accounts {
		a := &w.accounts[i]
		if !a.chats {
			continue
		}
		c := slackChannel{ID: fmt.Sprintf("C0CUST%04d", i), Name: "cust-" + slug(a.domain[:len(a.domain)-len(".example")]), Created: w.from.Unix() - 86400*30, Creator: repUser(a.rep)}
		c.Members = []string{repUser(a.rep)}
		if a.heir != a.rep {
			c.Members = append(c.Members, repUser(a.heir))
		}
		for j := range a.contacts {
			p := &a.contacts[j]
			id := contactUser(i, j)
			c.Members = append(c.Members, id)
			users = append(users, slackUser{
				ID: id, TeamID: fmt.Sprintf("T0CUST%04d", i), Name: localPart(p.name), RealName: p.name, TZ: "Europe/Berlin", Guest: true,
				Profile: slackProfile{Title: p.title, RealName: p.name, DisplayName: p.name, Email: p.email},
			})
		}
		channels = append(channels, c)
		if err := b.writeChannel(filepath.Join(root, c.Name), a); err != nil {
			return err
		}
	}
	if err := writeJSON(filepath.Join(root, "users.json"), users); err != nil {
		return err
	}
	return writeJSON(filepath.Join(root, "channels.json"), channels)
}

func repUser(i int) string        { return fmt.Sprintf("U0REP%04d", i) }
func contactUser(a, j int) string { return fmt.Sprintf("U0C%04d%02d", a, j) }

// writeChannel writes an account's channel: the conversations of its deals and
// the small talk of customers between them.
func (b *book) writeChannel(dir string, a *account) error {
	w := b.w
	days := map[int][]slackMessage{}
	talk := func(dice *dice, day int, second int, rep, contact, n int) {
		at := float64(w.at(day, second).Unix())
		thread := ""
		for i := range n {
			m := slackMessage{Type: "message", User: contactUser(a.index, contact), Text: pick(dice, chatLines)}
			if (i+dice.below(2))%2 == 1 {
				m.User = repUser(rep)
			}
			m.TS = fmt.Sprintf("%d.%06d", int64(at), dice.below(1000000))
			if i == 0 {
				thread = m.TS
			} else if n > 3 {
				m.ThreadTS = thread
			}
			at += float64(dice.between(20, 900))
			if time.Unix(int64(at), 0).UTC().Before(w.date(day + 1)) {
				days[day] = append(days[day], m)
			}
		}
	}
	for _, d := range w.histories[a.index].deals {
		for i, t := range d.touches {
			if t.kind == chatting {
				dice := newKey(w.seed, forText).at(a.index).at(d.ord).at(i).dice()
				talk(dice, int(t.day), int(t.second), int(t.rep), int(t.contact), dice.between(2, 6))
			}
		}
	}
	for day := range w.days {
		dice := newKey(w.seed, forText).at(a.index).at(-1 - day).dice()
		if !w.weekend(day) && dice.chance(.045) {
			talk(dice, day, dice.between(7*3600, 20*3600), a.repOf(day), dice.below(len(a.contacts)), dice.between(2, 5))
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // files for everyone to look at
		return fmt.Errorf("make %s: %w", dir, err)
	}
	// Joining is a message too, and so is what bots write.
	first := w.from.Unix() + 3600*8
	days[0] = append([]slackMessage{
		{Type: "message", Subtype: "channel_join", User: contactUser(a.index, 0), Text: "<@" + contactUser(a.index, 0) + "> has joined the channel", TS: fmt.Sprintf("%d.000001", first)},
		{Type: "message", Subtype: "bot_message", BotID: "B0HALDEN1", Username: "service desk", Text: "This channel is connected to the service desk.", TS: fmt.Sprintf("%d.000002", first)},
	}, days[0]...)
	for day := range w.days {
		if list := days[day]; len(list) > 0 {
			sortBy(list, func(m slackMessage) string { return m.TS })
			if err := writeJSON(filepath.Join(dir, w.dayText(day)+".json"), list); err != nil {
				return err
			}
		}
	}
	return nil
}
