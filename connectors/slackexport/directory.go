package slackexport

import (
	"encoding/json"
	"fmt"
	"strings"

	"credence/connectors/own"
)

// user is a member of users.json as far as it is read.
type user struct {
	ID         string `json:"id"`
	TeamID     string `json:"team_id"`
	IsBot      bool   `json:"is_bot"`
	Restricted bool   `json:"is_restricted"` // a guest of some channels
	Ultra      bool   `json:"is_ultra_restricted"`
	Stranger   bool   `json:"is_stranger"` // of another workspace, by Slack Connect
	Profile    struct {
		Email string `json:"email"`
	} `json:"profile"`
	outside bool
}

// channel is a conversation: public, private, group or direct.
type channel struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Members []string `json:"members"`
	folder  string
}

// directory is who and what an export is about.
type directory struct {
	users map[string]*user
	home  string // team_id of the workspace
	named map[string]channel
}

// readDirectory reads users.json and the lists of channels that there are.
func readDirectory(a *archive, people own.People) (*directory, error) {
	d := &directory{users: map[string]*user{}, named: map[string]channel{}}
	var users []user
	for _, name := range []string{"users.json", "org_users.json"} {
		var some []user
		if err := a.list(name, &some); err != nil {
			return nil, err
		}
		users = append(users, some...)
	}

	// The home workspace is the one most users belong to.
	teams := map[string]int{}
	for _, u := range users {
		teams[u.TeamID]++
		if n := teams[u.TeamID]; u.TeamID != "" && (n > teams[d.home] || d.home == "" || n == teams[d.home] && u.TeamID < d.home) {
			d.home = u.TeamID
		}
	}
	for _, u := range users {
		if u.ID == "" {
			continue
		}
		u.Profile.Email = strings.ToLower(strings.TrimSpace(u.Profile.Email))
		if !strings.Contains(u.Profile.Email, "@") || strings.ContainsAny(u.Profile.Email, " \x00\t\r\n") {
			u.Profile.Email = ""
		}
		u.outside = d.isOutside(u, people)
		d.users[u.ID] = &u
	}
	for _, name := range []string{"channels.json", "groups.json", "mpims.json", "dms.json"} {
		var list []channel
		if err := a.list(name, &list); err != nil {
			return nil, err
		}
		for _, c := range list {
			c.folder = c.Name
			if c.folder == "" {
				c.folder = c.ID // direct messages have no name
			}
			d.named[c.folder] = c
		}
	}
	return d, nil
}

// isOutside decides by address where there is one and domains are known, else
// by what Slack says of guests and other workspaces.
func (d *directory) isOutside(u user, people own.People) bool {
	if people.Has(u.Profile.Email) && u.Profile.Email != "" {
		return false
	}
	if u.Restricted || u.Ultra || u.Stranger || u.TeamID != "" && d.home != "" && u.TeamID != d.home {
		return true
	}
	return u.Profile.Email != "" && !people.Empty() && !u.IsBot
}

// channels lists the conversations that have day files. A folder that no list
// names is one whose members are unknown.
func (d *directory) channels(a *archive) []channel {
	var out []channel
	for _, folder := range a.folders() {
		c, ok := d.named[folder]
		if !ok {
			c = channel{ID: folder, folder: folder}
		}
		c.ID = clean(c.ID)
		out = append(out, c)
	}
	return out
}

// list decodes a JSON list of the archive; a missing file is an empty list.
func (a *archive) list(name string, into any) error {
	if _, ok := a.files[name]; !ok {
		return nil
	}
	content, err := a.read(name)
	if err != nil {
		return fmt.Errorf("%w: download the export again", err)
	}
	if err := json.Unmarshal(content, into); err != nil {
		return fmt.Errorf("%s of %s is not the JSON list that Slack writes (%w): download the export again", name, a.name, err)
	}
	return nil
}
