package attribution_test

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"credence/attribution"
	"credence/warehouse/money"
)

// This file says once more, straightforwardly and one deal at a time, what
// attribution does, from the definitions and without its SQL. The tests compare
// the two row by row.

// oracleTouch is one act seen once.
type oracleTouch struct {
	ID                                      string
	At                                      time.Time
	Priority                                int64
	Source, Kind, Channel                   string
	Campaign, Post, Rep                     string
	Person, Account, Deal, Evidence, Reason string
	Withheld                                bool
	People                                  []string
	Records                                 int
}

func (t oracleTouch) counts() bool { return t.Reason == "" || t.Withheld }

// oracleCredit is a ledger row.
type oracleCredit struct {
	Model, Deal, Touch                             string
	Position                                       int
	Channel, Campaign, Post, Rep, Evidence, Bucket string
	Weight                                         float64
	Amount                                         int64
	Reporting                                      *int64
}

func page(url string) string {
	u := strings.ToLower(strings.TrimSpace(url))
	u, _, _ = strings.Cut(u, "#")
	u, _, _ = strings.Cut(u, "?")
	return strings.TrimRight(u, "/")
}

func firstOf(parts ...string) string {
	for i := 0; i < len(parts); i += 2 {
		if parts[i+1] != "" {
			return parts[i] + parts[i+1]
		}
	}
	return ""
}

func (a act) strong() string {
	if a.UID != "" && a.Kind == "meeting" {
		return "uid:" + a.UID + ":" + a.At.Format(time.DateOnly)
	}
	return firstOf("uid:", a.UID, "click:", a.Click)
}

func (a act) class() string {
	switch {
	case a.Kind == "reply", a.Kind == "email" && a.Direction == "inbound":
		return "reply"
	case a.Stream == "visits", a.Kind == "click":
		return "click"
	case a.Stream == "activities":
		return a.Kind + " " + a.Direction
	}
	return a.Kind
}

func (a act) link() string {
	return firstOf("post:", a.Post, "thread:", a.Thread, "page:", page(a.URL), "campaign:", a.Campaign)
}

func (a act) subject() string {
	if a.Person == "" && a.Deal == "" {
		return "account:" + a.Account
	}
	return firstOf("person:", a.Person, "deal:", a.Deal)
}

func (a act) grade() string {
	g := "B"
	if a.Stream != "activities" && a.Person != "" && a.Kind != "open" {
		tagged := a.Click != "" || a.Campaign != "" || a.Post != "" || a.Rep != ""
		if tagged || slices.Contains([]string{"form", "registration", "comment", "reaction", "reply"}, a.Kind) {
			g = "A"
		}
	}
	return max(g, a.Cap)
}

func (a act) blocked() bool {
	return a.Bot || slices.Contains([]string{"bounce", "auto_reply", "bulk", "bot"}, a.Outcome) || a.At.After(now)
}

// earns says whether this record of the act may earn, with what the settings
// lift left aside.
func (a act) earns() bool {
	if a.blocked() || a.Cap == "D" {
		return false
	}
	switch a.Kind {
	case "email", "chat":
		return a.Direction == "inbound"
	case "meeting", "call":
		return a.Direction != "internal" && (a.Outcome == "held" || a.Outcome == "completed")
	case "open":
		return false
	}
	return true
}

// sent is mail or chat that a person merely sent.
func (a act) sent() bool {
	return !a.blocked() && a.Cap != "D" && (a.Kind == "email" || a.Kind == "chat") && a.Direction == "outbound"
}

// opened is mail that was merely opened.
func (a act) opened() bool { return !a.blocked() && a.Cap != "D" && a.Kind == "open" }

// excludes says whether rule, such as "channel=Display & kind=form", is about t.
func excludes(rule string, t oracleTouch) bool {
	field := map[string]string{"channel": t.Channel, "campaign": t.Campaign, "post": t.Post, "rep": t.Rep, "kind": t.Kind, "source": t.Source}
	for part := range strings.SplitSeq(rule, " & ") {
		name, value, _ := strings.Cut(part, "=")
		if field[name] != value {
			return false
		}
	}
	return true
}

func compareActs(a, b act) int {
	return cmp.Or(cmp.Compare(a.Priority, b.Priority), a.At.Compare(b.At), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.ID, b.ID))
}

// spell is acts without a strong key that are one act.
type spell struct {
	members []act
	key     string
	alone   bool // seen by one stream of one source
}

func (r spell) echo() bool   { return r.alone && r.members[0].Stream == "engagements" }
func (r spell) seen() string { return r.members[0].Stream + ":" + r.members[0].Source }

// spells puts acts without a strong key that follow each other within five
// minutes together.
func (w world) spells() []spell {
	groups := map[[3]string][]act{}
	for _, a := range w.Acts {
		known := a.Person != "" || a.Account != "" || a.Deal != "" // of nobody it is no record of anything
		if known && a.strong() == "" {
			g := [3]string{a.subject(), a.class(), a.link()}
			groups[g] = append(groups[g], a)
		}
	}
	var out []spell
	for _, members := range groups {
		slices.SortFunc(members, func(a, b act) int {
			return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.Source, b.Source), cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.ID, b.ID))
		})
		for len(members) > 0 {
			n := 1
			for n < len(members) && members[n].At.Sub(members[n-1].At) <= 5*time.Minute {
				n++
			}
			r := spell{members: members[:n:n], key: members[0].Stream + ":" + members[0].Source + ":" + members[0].ID, alone: true}
			for _, a := range r.members {
				r.alone = r.alone && a.Stream == members[0].Stream && a.Source == members[0].Source
			}
			members = members[n:]
			out = append(out, r)
		}
	}
	return out
}

// keyed is an act with the touch it belongs to.
type keyed struct {
	act
	touch string
}

// nearest is the touch among anchors that r is a record of, or its own.
func (r spell) nearest(anchors []keyed) string {
	first, last := r.members[0], r.members[len(r.members)-1]
	has := map[string]bool{}
	for _, k := range anchors {
		if k.Stream+":"+k.Source == r.seen() {
			has[k.touch] = true
		}
	}
	best, near := r.key, 5*time.Minute+1
	for _, k := range anchors {
		if k.subject() != first.subject() || k.class() != first.class() || has[k.touch] {
			continue
		}
		kindA, _, _ := strings.Cut(k.link(), ":")
		kindB, _, _ := strings.Cut(first.link(), ":")
		if kindA == kindB && k.link() != first.link() {
			continue
		}
		apart := max(first.At.Sub(k.At), k.At.Sub(last.At), 0)
		if apart < near || apart == near && k.touch < best {
			best, near = k.touch, apart
		}
	}
	return best
}

// touches finds which acts are the same, merges them and judges them by s.
func (w world) touches(s attribution.Settings) []oracleTouch {
	var strong, anchors []keyed
	for _, a := range w.Acts {
		if k := a.strong(); k != "" {
			strong = append(strong, keyed{a, k})
		}
	}
	anchors = slices.Clone(strong)
	spells := w.spells()
	for _, r := range spells {
		if r.echo() {
			continue
		}
		touch := r.key
		if r.alone {
			touch = r.nearest(strong)
		}
		for _, a := range r.members {
			anchors = append(anchors, keyed{a, touch})
		}
	}
	all := slices.Clone(anchors)
	for _, r := range spells {
		if r.echo() {
			touch := r.nearest(anchors)
			for _, a := range r.members {
				all = append(all, keyed{a, touch})
			}
		}
	}
	byKey := map[string][]act{}
	for _, k := range all {
		byKey[k.touch] = append(byKey[k.touch], k.act)
	}
	var out []oracleTouch
	for id, acts := range byKey {
		if t, ok := w.merge(s, id, acts); ok {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b oracleTouch) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Priority, b.Priority), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func (w world) merge(s attribution.Settings, id string, acts []act) (oracleTouch, bool) {
	slices.SortFunc(acts, compareActs)
	t := oracleTouch{ID: id, At: acts[0].At, Priority: acts[0].Priority, Source: acts[0].Source, Kind: acts[0].Kind, Evidence: "D", Records: len(acts), Reason: "?"}
	known := func(dest *string, v string) {
		if *dest == "" {
			*dest = v
		}
	}
	blocked, earns, sent, opened, rank := false, false, false, false, 9
	for _, a := range acts {
		known(&t.Rep, a.Rep)
		known(&t.Person, a.Person)
		known(&t.Account, a.Account)
		known(&t.Deal, a.Deal)
		known(&t.Post, a.Post)
		known(&t.Campaign, a.Campaign)
		t.Evidence = min(t.Evidence, a.grade())
		blocked, earns, sent, opened = blocked || a.blocked(), earns || a.earns(), sent || a.sent(), opened || a.opened()
		knows := 4
		switch {
		case a.Post != "":
			knows = 1
		case a.Campaign != "":
			knows = 2
		case a.Stream == "activities":
			knows = 3
		}
		if knows < rank {
			rank, t.Channel = knows, a.ChannelHint
		}
		for _, p := range w.ActPersons {
			if p.Source == a.Source && p.Stream == a.Stream && p.ID == a.ID {
				t.People = append(t.People, p.Person)
			}
		}
	}
	if t.Person == "" && t.Account == "" && t.Deal == "" {
		return t, false
	}
	// Only what a rep of ours sent to a person we know may earn.
	earns = earns || s.SentMail && sent && t.Rep != "" && t.Person != "" || s.OpenedMail && opened
	if earns && !blocked && t.Evidence != "D" {
		t.Reason = ""
	}
	if slices.ContainsFunc(s.Exclude, func(rule string) bool { return excludes(rule, t) }) {
		t.Reason = "?"
	}
	if p := w.person(t.Person); t.Reason == "" && p != nil && p.OptedOut {
		t.Reason, t.Withheld = "opted out", true
	}
	t.People = append(t.People, t.Person)
	return t, true
}

func (w world) person(id string) *person {
	for i := range w.Persons {
		if w.Persons[i].ID == id {
			return &w.Persons[i]
		}
	}
	return nil
}

// ofDeal says whether the people rule ties t to d.
func (w world) ofDeal(s attribution.Settings, d deal, t oracleTouch) bool {
	switch s.People {
	case attribution.PeoplePrimary:
		return d.Primary != "" && slices.Contains(t.People, d.Primary)
	case attribution.PeopleDeal:
		return slices.ContainsFunc(t.People, func(p string) bool { return slices.Contains(w.DealPersons, dealPerson{d.ID, p}) })
	}
	if t.Deal == d.ID || d.Account != "" && t.Account == d.Account {
		return true
	}
	return d.Account != "" && slices.ContainsFunc(t.People, func(id string) bool {
		p := w.person(id)
		return p != nil && p.Account == d.Account
	})
}

func (w world) leadAt(s attribution.Settings, d deal) (at time.Time) {
	for _, p := range w.Persons {
		of := d.Account != "" && p.Account == d.Account
		switch s.People {
		case attribution.PeoplePrimary:
			of = p.ID == d.Primary
		case attribution.PeopleDeal:
			of = slices.Contains(w.DealPersons, dealPerson{d.ID, p.ID})
		}
		if of && !p.LeadAt.IsZero() && (at.IsZero() || p.LeadAt.Before(at)) {
			at = p.LeadAt
		}
	}
	return at
}

// journey is the eligible touches of d in order.
func (w world) journey(s attribution.Settings, d deal, touches []oracleTouch) []oracleTouch {
	end := d.ClosedAt
	if end.IsZero() {
		end = now
	}
	anchor := d.CreatedAt
	if s.Anchor == attribution.AnchorClose {
		anchor = end
	}
	from := func(channel string) time.Time {
		days, ok := s.LookbackByChannel[channel]
		if !ok {
			days = s.LookbackDays
		}
		return anchor.AddDate(0, 0, -days)
	}
	var path []oracleTouch
	direct := 0
	for _, t := range touches {
		if !t.counts() || t.At.Before(from(t.Channel)) || t.At.After(end) || !w.ofDeal(s, d, t) {
			continue
		}
		if s.Touches == attribution.TouchesSales && t.Channel != "Sales" || s.Touches == attribution.TouchesMarketing && t.Channel == "Sales" {
			continue
		}
		path = append(path, t)
		if t.Channel == "Direct" {
			direct++
		}
	}
	type state struct {
		channel, campaign, post, rep string
		withheld                     bool
	}
	of := func(t oracleTouch) state { return state{t.Channel, t.Campaign, t.Post, t.Rep, t.Withheld} }
	var kept []oracleTouch
	seen := map[state]bool{}
	for i, t := range path {
		switch s.Path {
		case attribution.PathExposure:
			if i > 0 && of(path[i-1]) == of(t) {
				continue
			}
		case attribution.PathFirst:
			if seen[of(t)] {
				continue
			}
			seen[of(t)] = true
		case attribution.PathDropDirect:
			if t.Channel == "Direct" && direct < len(path) {
				continue
			}
		}
		kept = append(kept, t)
	}
	return kept
}

// weights are the integer weights of a journey under a model.
func weights(s attribution.Settings, model string, path []oracleTouch, at moments) []int64 {
	n := len(path)
	w := make([]int64, n)
	if n == 0 {
		return w
	}
	units := func(x float64) int64 { return int64(math.Round(x * 1e12)) }
	switch model {
	case "first":
		w[0] = units(1)
	case "last":
		w[n-1] = units(1)
	case "last_non_direct":
		chosen := n - 1
		for i, t := range path {
			if t.Channel != "Direct" {
				chosen = i
			}
		}
		w[chosen] = units(1)
	case "linear":
		for i := range w {
			w[i] = units(1 / float64(n))
		}
	case "position":
		for i := range w {
			switch {
			case n == 1:
				w[i] = units(1)
			case n == 2:
				w[i] = units(.5)
			case i == 0 || i == n-1:
				w[i] = units(.4)
			default:
				w[i] = units(.2 / float64(n-2))
			}
		}
	case "time_decay":
		for i, t := range path {
			w[i] = units(math.Exp2(-path[n-1].At.Sub(t.At).Hours() / 24 / s.HalfLifeDays))
		}
	case "u_shaped":
		return byMilestone(path, at, attribution.Milestones{First: .4, Lead: .4, Others: .2})
	case "w_shaped":
		return byMilestone(path, at, attribution.Milestones{First: .3, Lead: .3, Creation: .3, Others: .1})
	case "full_path":
		return byMilestone(path, at, attribution.Milestones{First: .225, Lead: .225, Creation: .225, Close: .225, Others: .1})
	case "j_shaped":
		return byMilestone(path, at, attribution.Milestones{First: .2, Creation: .6, Others: .2})
	case "inverse_j":
		return byMilestone(path, at, attribution.Milestones{First: .6, Creation: .2, Others: .2})
	case "custom":
		return byMilestone(path, at, s.Custom)
	case "shapley":
		touches := map[string]int{}
		for _, t := range path {
			touches[t.Channel]++
		}
		for i, t := range path {
			w[i] = units(1 / float64(len(touches)*touches[t.Channel]))
		}
	}
	return w
}

// learned is what the models that learn from all deals learned, taken as given:
// the oracle recomputes what they make of a deal, and its money.
type learned struct {
	effects map[string]int64              // removal effect of a channel, 10⁻¹²
	given   map[string]map[string][]int64 // by model and deal: the weights of its touches in order, then of what no touch earned
}

// weigh are the weights of a journey under a model, and of what no touch earned.
func (l learned) weigh(s attribution.Settings, model string, d deal, path []oracleTouch, at moments) (w []int64, base int64) {
	if given := l.given[model][d.ID]; len(given) == len(path)+1 {
		return given[:len(path)], given[len(path)]
	}
	if model != "markov" {
		return weights(s, model, path, at), 0
	}
	for _, t := range path {
		w = append(w, l.effects[t.Channel])
	}
	return w, 0
}

// moments are the times the milestones of a deal are looked for; zero: never.
type moments struct {
	Lead, Creation time.Time
	Won            bool
}

// byMilestone are the weights of a journey under a milestone model, step by
// step as the definition says: flag, add up, spread.
func byMilestone(path []oracleTouch, at moments, shares attribution.Milestones) []int64 {
	lastBy := func(t time.Time) int { // the last touch at or before t; -1: none
		found := -1
		for i, x := range path {
			if !t.IsZero() && !x.At.After(t) {
				found = i
			}
		}
		return found
	}
	closing := -1
	if at.Won {
		closing = len(path) - 1
	}
	w := make([]int64, len(path))
	flagged := map[int]bool{}
	for _, m := range []struct {
		touch int
		share float64
	}{{0, shares.First}, {lastBy(at.Lead), shares.Lead}, {lastBy(at.Creation), shares.Creation}, {closing, shares.Close}} {
		if m.share > 0 && m.touch >= 0 {
			flagged[m.touch] = true
			w[m.touch] += int64(math.Round(m.share * 1e12))
		}
	}
	heirs := len(path) - len(flagged)
	for i := range path {
		switch {
		case heirs == 0:
			w[i] += int64(math.Round(shares.Others * 1e12 / float64(len(flagged))))
		case !flagged[i]:
			w[i] += int64(math.Round(shares.Others * 1e12 / float64(heirs)))
		}
	}
	return w
}

// ledger is the whole ledger, one deal at a time.
func (w world) ledger(s attribution.Settings, l learned) []oracleCredit {
	touches := w.touches(s)
	var out []oracleCredit
	for _, d := range w.Deals {
		if d.Status != "won" || d.Amount == nil {
			continue
		}
		path := w.journey(s, d, touches)
		for _, m := range attribution.Models {
			weight, base := l.weigh(s, m.ID, d, path, moments{w.leadAt(s, d), d.CreatedAt, true})
			amounts, reporting := money.Split(*d.Amount, append(slices.Clone(weight), base)), []int64(nil)
			if d.Reporting != nil {
				reporting = money.Split(*d.Reporting, append(slices.Clone(weight), base))
			}
			total := base
			for _, x := range weight {
				total += x
			}
			withheld := oracleCredit{Model: m.ID, Deal: d.ID, Position: len(path) + 1, Bucket: "withheld", Reporting: d.Reporting}
			rest := oracleCredit{Model: m.ID, Deal: d.ID, Position: len(path) + 1, Bucket: "unattributed", Amount: *d.Amount, Reporting: d.Reporting}
			if d.Reporting != nil {
				zero, all := int64(0), *d.Reporting
				withheld.Reporting, rest.Reporting = &zero, &all
			}
			rest.Weight = 1
			if total > 0 {
				rest.Weight = float64(base) / float64(total)
			}
			for i, t := range path {
				if weight[i] == 0 {
					continue
				}
				c := oracleCredit{
					Model: m.ID, Deal: d.ID, Touch: t.ID, Position: i + 1, Channel: t.Channel, Campaign: t.Campaign, Post: t.Post, Rep: t.Rep,
					Evidence: t.Evidence, Weight: float64(weight[i]) / float64(total), Amount: amounts[i],
				}
				switch {
				case t.Rep == "":
				case !t.At.After(d.CreatedAt) && (i == 0 || t.Person != "" && t.Person == path[0].Person):
					c.Bucket = "sourced"
				default:
					c.Bucket = "assisted"
				}
				rest.Amount -= amounts[i]
				if reporting != nil {
					v := reporting[i]
					c.Reporting = &v
					*rest.Reporting -= v
				}
				if !t.Withheld {
					out = append(out, c)
					continue
				}
				withheld.Weight += c.Weight
				withheld.Amount += c.Amount
				if reporting != nil {
					*withheld.Reporting += reporting[i]
				}
			}
			if withheld.Weight > 0 {
				out = append(out, withheld)
				rest.Position++
			}
			out = append(out, rest)
		}
	}
	slices.SortFunc(out, func(a, b oracleCredit) int {
		return cmp.Or(cmp.Compare(a.Model, b.Model), cmp.Compare(a.Deal, b.Deal), cmp.Compare(a.Position, b.Position))
	})
	return out
}
