package sampledata

import (
	"fmt"
	"path/filepath"
	"strings"
)

// configuration reads the sample company's files; %s is the last day.
const configuration = `# The sample company: written by credence demo, read by sync, refresh and serve.
database: credence.db
users:    users.csv
company:
  name: Halden Instruments
  currency: EUR
  time_zone: Europe/Berlin
  fiscal_year_start: 1
  domains: [` + ownDomain + `]
sources:
  - {name: crm, kind: csvfile, path: files}
  - {name: mail, kind: mailbox, path: mail}
  - {name: chat, kind: slackexport, path: slack}
  - {name: facebook, kind: socialexport, path: social/facebook_insights.csv, author: Halden Instruments, time_zone: UTC, exported_on: %s}
  - {name: x, kind: socialexport, path: social/x, author: Halden Instruments}
  - {name: meta-ads, kind: adsexport, path: ads}
  - {name: events, kind: csvfile, path: events}
`

// user is who may sign in to the sample company.
type user struct{ email, password, roles, name string }

// users are an admin, a CMO, the managers and some of their reps, the director
// last. The first two managers lead teams without a common member; the first
// two reps share a team.
func (w *world) users() []user {
	out := []user{
		{"admin@" + ownDomain, "", "admin", "Robin Ahlers"},
		{"cmo@" + ownDomain, "", "cmo", "Carla Mendes"},
	}
	of := func(i int, role string) {
		out = append(out, user{w.reps[i].email, "", role, w.reps[i].name})
	}
	of(firstSellingTeam, "manager")
	of(firstSellingTeam+1, "manager")
	// Reps 9, 15, 21, 27, 33 are in the first team, 10, 16, … in the second.
	for _, i := range []int{9, 15, 10, 11, 12, 14} {
		of(i, "rep")
	}
	for i := firstSellingTeam + 2; i < len(teamPlan); i++ {
		of(i, "manager")
	}
	of(1, "manager")
	of(2, "manager")
	of(0, "manager;cmo")
	for i := range out {
		out[i].password = w.password(i)
	}
	return out
}

// password is 16 characters without look-alikes, a function of the seed: the
// sample company is for trying things, not for secrets.
func (w *world) password(i int) string {
	const letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
	d := newKey(w.seed, forPassword).at(i).dice()
	var b strings.Builder
	for k := range 16 {
		if k > 0 && k%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(letters[d.below(len(letters))])
	}
	return b.String()
}

// writeConfig writes credence.yaml and users.csv.
func (b *book) writeConfig(dir string) error {
	if err := writeFile(filepath.Join(dir, "credence.yaml"), []byte(fmt.Sprintf(configuration, b.w.dayText(b.w.days-1)))); err != nil {
		return err
	}
	var s strings.Builder
	s.WriteString("email,password,role,name\n")
	for _, u := range b.w.users() {
		fmt.Fprintf(&s, "%s,%s,%s,%s\n", u.email, u.password, u.roles, u.name)
	}
	return writeFile(filepath.Join(dir, "users.csv"), []byte(s.String()))
}
