package ui

import (
	"slices"
	"strings"
	"time"
)

// Layout is everything around a page's content. The zero value of a field
// leaves its part out.
type Layout struct {
	Lang  string         // from MatchLanguage; "" is British English
	Zone  *time.Location // the company's; nil is UTC
	Theme string         // "light", "dark" or "" for the system's

	Bare     bool   // no rail and no bar: sign-in and errors before it
	Company  string // name of the company, for the document's title
	Current  string // path of the rail's current page: "/deals"
	Back     string // path and query of this page, for forms that return to it
	Nav      []NavItem
	Admin    []NavItem
	User     User
	Viewing  *Viewing  // whom the reader views as; nil: nobody
	CSRF     string    // token that every form posts as _csrf
	Search   string    // what was searched for
	Period   *Selector // period, compare and model keep their place in the URL
	Compare  *Selector
	Model    *Selector
	Fresh    Freshness
	Warning  string // one line on every page, such as insecure http
	Messages []Message

	Crumbs  []Link
	Badge   string   // beside the crumbs: Won
	Title   string   // of the document; empty takes the finding's words
	Finding Words    // the page's title, a sentence
	Notes   []string // the footer's notes: settings every figure depends on
}

// Link is words that open a place.
type Link struct {
	Text string
	Href string
}

// NavItem is one place of the rail.
type NavItem struct {
	Text  string
	Href  string
	Icon  string // name in the sprite
	Key   string // g then this letter opens it
	Count string // only where something waits
}

// User is who is signed in.
type User struct {
	Name string
	Role string // in words: "Sales, DACH"
}

// Viewing is the user whose pages an administrator sees.
type Viewing struct {
	Name  string
	Roles string // in words
	Until string // 15:04
}

// Initials are at most two letters for the round mark beside the name.
func (u User) Initials() string {
	var out []rune
	for part := range strings.FieldsSeq(u.Name) {
		out = append(out, []rune(strings.ToUpper(part))[0])
	}
	if len(out) > 2 {
		out = []rune{out[0], out[len(out)-1]}
	}
	return string(out)
}

// Selector is a menu of the top bar: each option is a link that changes one
// part of the URL and keeps the rest.
type Selector struct {
	Label   string // Period
	Value   string // 2026 Q3
	Note    string // 1 Jul – 13 Sep, day 53 of 66
	Options []Option
}

// Option is one choice of a selector or of segments.
type Option struct {
	Text    string
	Note    string // second line: the formula of a model
	Href    string
	Current bool
}

// Freshness says how old the figures are.
type Freshness struct {
	State string // "ok", "late" or "down"
	Text  string // 08:40, 11 of 12 sources
	Href  string // the list of sources, when the reader may see it
}

// Message is a line above the content after a deed: "Saved", or why not.
type Message struct {
	Kind string // "ok", "warn" or "bad"
	Text Words
}

// DocumentTitle is what the browser's tab says.
func (l Layout) DocumentTitle() string {
	title := l.Title
	if title == "" {
		title = l.Finding.String()
	}
	if l.Company == "" {
		return title + " · Credence"
	}
	return title + " · " + l.Company
}

// Bar is what the phone's bottom bar shows: the first places of the rail, five
// with "More".
func (l Layout) Bar() []NavItem {
	all := slices.Concat(l.Nav, l.Admin)
	return all[:min(4, len(all))]
}

// Rest is what "More" opens on a phone.
func (l Layout) Rest() []NavItem {
	return slices.Concat(l.Nav, l.Admin)[len(l.Bar()):]
}

// IsCurrent reports whether a rail item is where the reader is.
func (l Layout) IsCurrent(href string) bool { return href == l.Current }

// place is one item of the rail with the roles that reach it; "root" is the
// manager of the root team.
type place struct {
	NavItem
	roles []string
}

var places = []place{
	{NavItem{Text: "Today", Href: "/", Icon: "sun", Key: "t"}, []string{"rep", "manager", "cmo"}},
	{NavItem{Text: "Deals", Href: "/deals", Icon: "briefcase", Key: "d"}, []string{"rep", "manager", "cmo"}},
	{NavItem{Text: "Attribution", Href: "/attribution", Icon: "arrows-split-2", Key: "a"}, []string{"rep", "manager", "cmo"}},
	{NavItem{Text: "Campaigns", Href: "/campaigns", Icon: "speakerphone", Key: "c"}, []string{"rep", "manager", "cmo"}},
	{NavItem{Text: "Efficiency", Href: "/efficiency", Icon: "scale", Key: "e"}, []string{"root", "cmo"}},
	{NavItem{Text: "Reports", Href: "/reports", Icon: "file-text", Key: "r"}, []string{"root", "cmo"}},
}

var adminPlaces = []place{
	{NavItem{Text: "Sources", Href: "/sources", Icon: "plug-connected", Key: "s"}, []string{"admin"}},
	{NavItem{Text: "Quality", Href: "/quality", Icon: "clipboard-check", Key: "q"}, []string{"admin", "cmo"}},
	{NavItem{Text: "Users", Href: "/users", Icon: "users", Key: "u"}, []string{"admin"}},
	{NavItem{Text: "Privacy", Href: "/privacy", Icon: "shield-lock", Key: "p"}, []string{"admin"}},
	{NavItem{Text: "Audit", Href: "/audit", Icon: "history", Key: "l"}, []string{"admin"}},
	{NavItem{Text: "Settings", Href: "/settings", Icon: "settings", Key: "x"}, []string{"admin"}},
}

// Rail lists the places a reader with these roles reaches: the main ones and
// the administration's. Pass "root" besides "manager" for the manager of the
// root team.
func Rail(roles []string) (main, admin []NavItem) {
	return reach(places, roles), reach(adminPlaces, roles)
}

func reach(all []place, roles []string) []NavItem {
	var out []NavItem
	for _, p := range all {
		if slices.ContainsFunc(roles, func(r string) bool { return slices.Contains(p.roles, r) }) {
			out = append(out, p.NavItem)
		}
	}
	return out
}

// Numbers is the language numbers are written in, for the charts.
func (l Layout) Numbers() string { return NewFormat(l.Lang, l.Zone).lang }
