package sampledata

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// readCSV reads a CSV file as rows by column name.
func readCSV(t *testing.T, dir, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s is no CSV: %v", name, err)
	}
	out := make([]map[string]string, 0, len(rows)-1)
	for _, r := range rows[1:] {
		m := make(map[string]string, len(r))
		for i, c := range rows[0] {
			m[c] = r[i]
		}
		out = append(out, m)
	}
	if len(out) == 0 {
		t.Errorf("%s has no rows", name)
	}
	return out
}

// company is a small sample company with its files read.
type company struct {
	dir   string
	files map[string][]map[string]string
}

var canonicalFiles = []string{
	"reps", "teams", "accounts", "contacts", "deals", "deal_contacts", "stage_changes", "products", "line_items", "activities", "activity_people",
	"posts", "post_metrics", "engagements", "visits", "web_daily", "campaigns", "campaign_metrics", "spend", "quotas", "currency_rates",
}

func read(t *testing.T) company {
	t.Helper()
	c := company{dir: write(t, Options{Seed: 2, Deals: 150}), files: map[string][]map[string]string{}}
	for _, name := range canonicalFiles {
		c.files[name] = readCSV(t, c.dir, filepath.Join("files", name+".csv"))
	}
	c.files["event contacts"] = readCSV(t, c.dir, "events/contacts.csv")
	c.files["registrations"] = readCSV(t, c.dir, "events/engagements.csv")
	c.files["ads"] = readCSV(t, c.dir, "ads/facebook_ads_manager.csv")
	return c
}

func (c company) ids(file, column string) map[string]bool {
	out := map[string]bool{}
	for _, r := range c.files[file] {
		out[r[column]] = true
	}
	return out
}

func (c company) count(file string, is func(r map[string]string) bool) int {
	n := 0
	for _, r := range c.files[file] {
		if is(r) {
			n++
		}
	}
	return n
}

func TestTheFilesFitTogether(t *testing.T) {
	t.Parallel()
	c := read(t)
	for file, key := range map[string]string{
		"reps": "rep_id", "teams": "team_id", "accounts": "account_id", "contacts": "contact_id", "deals": "deal_id", "products": "product_id", "line_items": "line_id",
		"activities": "activity_id", "posts": "post_id", "engagements": "engagement_id", "visits": "visit_id", "campaigns": "campaign_id",
	} {
		if got, want := len(c.ids(file, key)), len(c.files[file]); got != want {
			t.Errorf("%s has %d ids in %d rows", file, got, want)
		}
	}

	campaigns := c.ids("campaigns", "campaign_id")
	for id := range c.ids("ads", "Campaign ID") {
		if campaigns[id] {
			t.Errorf("campaign %s is in the plan and in the Ads Manager download", id)
		}
		campaigns[id] = true
	}
	known := map[string]map[string]bool{
		"rep_id": c.ids("reps", "rep_id"), "team_id": c.ids("teams", "team_id"), "account_id": c.ids("accounts", "account_id"), "contact_id": c.ids("contacts", "contact_id"),
		"deal_id": c.ids("deals", "deal_id"), "product_id": c.ids("products", "product_id"), "post_id": {}, "campaign_id": campaigns,
		"activity_id": c.ids("activities", "activity_id"),
	}
	for id := range truthOf(t, c.dir).Effects.Post { // those in the networks' downloads too
		known["post_id"][id] = true
	}
	for alias, of := range map[string]string{"owner_rep_id": "rep_id", "author_rep_id": "rep_id", "manager_rep_id": "rep_id", "parent_team_id": "team_id", "parent_account_id": "account_id", "primary_contact_id": "contact_id"} {
		known[alias] = known[of]
	}
	for _, file := range canonicalFiles {
		for i, r := range c.files[file] {
			for column, id := range r {
				if ids := known[column]; ids != nil && id != "" && !ids[id] {
					t.Errorf("%s.csv row %d: %s %s is nowhere", file, i+2, column, id)
				}
			}
		}
	}
}

func TestDealsAreConsistent(t *testing.T) {
	t.Parallel()
	c := read(t)
	lines := map[string]int64{}
	for _, r := range c.files["line_items"] {
		q, _ := strconv.ParseInt(r["quantity"], 10, 64)
		lines[r["deal_id"]] += q * cents(t, r["unit_price"]) / 100 * (100 - cents(t, r["discount_percent"])/100)
	}
	stages := map[string][]map[string]string{}
	for _, r := range c.files["stage_changes"] {
		stages[r["deal_id"]] = append(stages[r["deal_id"]], r)
	}
	same, end := 0, "2026-11-16T00:00:00Z"
	for _, d := range c.files["deals"] {
		id := d["deal_id"]
		if d["amount"] != "" && cents(t, d["amount"]) == lines[id] {
			same++
		}
		if (d["status"] == "open") != (d["closed_at"] == "") {
			t.Errorf("%s is %s and closed at %q", id, d["status"], d["closed_at"])
		}
		if d["closed_at"] != "" && d["closed_at"] <= d["created_at"] || d["closed_at"] >= end || d["created_at"] >= end {
			t.Errorf("%s lives from %s to %s", id, d["created_at"], d["closed_at"])
		}
		list := stages[id]
		for i, s := range list {
			if i == 0 && s["changed_at"] != d["created_at"] || i > 0 && s["changed_at"] <= list[i-1]["changed_at"] {
				t.Errorf("%s enters %s at %s out of order", id, s["stage"], s["changed_at"])
			}
		}
		if len(list) == 0 || list[len(list)-1]["stage"] != d["stage"] || d["closed_at"] != "" && list[len(list)-1]["changed_at"] != d["closed_at"] {
			t.Errorf("%s is in stage %s, its history ends otherwise", id, d["stage"])
		}
	}
	if n := len(c.files["deals"]); same < n*90/100 || same == n {
		t.Errorf("the lines make the amount of %d of %d deals; want most, not all", same, n)
	}
}

// cents reads a number with at most two digits after the point.
func cents(t *testing.T, text string) int64 {
	t.Helper()
	whole, frac, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole+(frac + "00")[:2], 10, 64)
	if err != nil {
		t.Fatalf("%q is no amount: %v", text, err)
	}
	return n
}

func TestTheDirtIsThere(t *testing.T) {
	t.Parallel()
	c := read(t)
	mails := readMail(t, c.dir)
	ids, twice := map[string]int{}, 0
	for _, m := range mails {
		if ids[m.Get("Message-ID")]++; ids[m.Get("Message-ID")] == 2 {
			twice++
		}
	}
	closed := map[string]string{}
	for _, d := range c.files["deals"] {
		closed[d["primary_contact_id"]] = max(closed[d["primary_contact_id"]], d["closed_at"])
	}
	bursts := map[string]int{}
	for _, e := range c.files["engagements"] {
		if e["kind"] == "click" {
			bursts[e["email"]+e["occurred_at"][:16]]++
		}
	}
	names := map[string]bool{}
	for _, r := range c.files["campaigns"] {
		names[r["name"]] = true
	}
	of := func(n int) int { return n }
	for what, n := range map[string]int{
		"deals without owner":                c.count("deals", func(r map[string]string) bool { return r["owner_rep_id"] == "" }),
		"deals without account":              c.count("deals", func(r map[string]string) bool { return r["account_id"] == "" }),
		"deals without amount":               c.count("deals", func(r map[string]string) bool { return r["amount"] == "" }),
		"open deals overdue":                 c.count("deals", func(r map[string]string) bool { return r["status"] == "open" && r["expected_close_on"] < "2026-11-15" }),
		"deals in a currency without a rate": c.count("deals", func(r map[string]string) bool { return r["currency"] == unrated }),
		"duplicate contacts in the CRM":      c.count("contacts", func(r map[string]string) bool { return strings.HasSuffix(r["contact_id"], "X") }),
		"duplicate contacts in the events":   c.count("event contacts", func(r map[string]string) bool { return strings.HasPrefix(r["contact_id"], "E-900") }),
		"a merged account":                   c.count("accounts", func(r map[string]string) bool { return r["parent_account_id"] != "" }),
		"a rep who left":                     c.count("reps", func(r map[string]string) bool { return r["ended_on"] != "" }),
		"misspelt sources": c.count("visits", func(r map[string]string) bool {
			return r["utm_source"] != strings.ToLower(strings.TrimSpace(r["utm_source"]))
		}),
		"misspelt campaigns": c.count("visits", func(r map[string]string) bool {
			return r["utm_campaign"] != "" && !names[strings.ToLower(r["utm_campaign"])]
		}),
		"campaigns in two cases": c.count("visits", func(r map[string]string) bool { return r["utm_campaign"] != strings.ToLower(r["utm_campaign"]) }),
		"visits after the close": c.count("engagements", func(r map[string]string) bool {
			at := closed[r["contact_id"]]
			return at != "" && r["occurred_at"] > at
		}),
		"mails in two mailboxes": of(twice),
		"mails also in the CRM":  c.count("activities", func(r map[string]string) bool { return ids[r["uid"]] > 0 }),
		"bounces":                countMail(mails, func(h netmail.Header) bool { return strings.HasPrefix(h.Get("From"), "Mail Delivery System") }),
		"auto-replies":           countMail(mails, func(h netmail.Header) bool { return h.Get("Precedence") == "bulk" }),
		"private addresses": countMail(mails, func(h netmail.Header) bool {
			return strings.Contains(h.Get("From"), "gm") || strings.Contains(h.Get("From"), "@outlook.com")
		}),
		"skew of the event clock":   c.count("registrations", func(r map[string]string) bool { return r["kind"] == "registration" }),
		"replies seen by two tools": c.count("engagements", func(r map[string]string) bool { return r["kind"] == "reply" }),
		"acts entered by hand":      c.count("engagements", func(r map[string]string) bool { return r["evidence"] == "C" }),
		"post tags":                 c.count("visits", func(r map[string]string) bool { return strings.HasPrefix(r["utm_content"], "post:") }),
		"rep tags":                  c.count("visits", func(r map[string]string) bool { return strings.HasPrefix(r["utm_content"], "rep:") }),
	} {
		if n == 0 {
			t.Errorf("there are no %s", what)
		}
	}
	burst := 0
	for _, n := range bursts {
		burst = max(burst, n)
	}
	if burst < 5 {
		t.Errorf("at most %d clicks of one address in a minute, want the burst of a scanner", burst)
	}
}

// readMail reads the headers of every mail in the mailboxes.
func readMail(t *testing.T, dir string) []netmail.Header {
	t.Helper()
	boxes, err := filepath.Glob(filepath.Join(dir, "mail", "*.mbox"))
	if err != nil || len(boxes) < 20 {
		t.Fatalf("%d mailboxes, %v; want one for each seller who wrote", len(boxes), err)
	}
	var out []netmail.Header
	for _, box := range boxes {
		data, err := os.ReadFile(box)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range strings.Split("\n"+string(data), "\nFrom ")[1:] {
			_, text, _ = strings.Cut(text, "\n")
			m, err := netmail.ReadMessage(strings.NewReader(text))
			if err != nil {
				t.Fatalf("%s holds no mail: %v in %.200q", box, err, text)
			}
			if _, err := m.Header.Date(); err != nil {
				t.Errorf("%s: date: %v", box, err)
			}
			for _, field := range []string{"From", "To"} {
				if _, err := m.Header.AddressList(field); err != nil {
					t.Errorf("%s: %s: %v", box, field, err)
				}
			}
			out = append(out, m.Header)
		}
	}
	return out
}

func countMail(mails []netmail.Header, is func(netmail.Header) bool) int {
	n := 0
	for _, m := range mails {
		if is(m) {
			n++
		}
	}
	return n
}

func TestRepliesComeAfterWhatTheyAnswer(t *testing.T) {
	t.Parallel()
	dir := write(t, Options{Seed: 4})
	at := map[string]time.Time{}
	mails := readMail(t, dir)
	for _, m := range mails {
		when, _ := m.Date()
		at[m.Get("Message-ID")] = when
	}
	answered := 0
	for _, m := range mails {
		parent, ok := at[m.Get("In-Reply-To")]
		if !ok {
			continue
		}
		answered++
		if when, _ := m.Date(); when.Before(parent) {
			t.Errorf("%s of %s answers a mail of %s", m.Get("Message-ID"), when, parent)
		}
	}
	if answered < len(mails)/4 {
		t.Errorf("%d of %d mails answer another; want threads", answered, len(mails))
	}
}

func TestTheChatExportNamesItsPeople(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(write(t, Options{Seed: 2, Deals: 150}), "slack")
	var users []slackUser
	var channels []slackChannel
	for name, into := range map[string]any{"users.json": &users, "channels.json": &channels} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, into); err != nil {
			t.Fatal(err)
		}
	}
	known := map[string]bool{}
	for _, u := range users {
		known[u.ID] = u.Profile.Email != ""
	}
	messages := 0
	for _, c := range channels {
		days, err := filepath.Glob(filepath.Join(dir, c.Name, "*.json"))
		if err != nil || len(days) == 0 {
			t.Errorf("channel %s has no days: %v", c.Name, err)
		}
		for _, day := range days {
			data, err := os.ReadFile(day)
			if err != nil {
				t.Fatal(err)
			}
			var list []slackMessage
			if err := json.Unmarshal(data, &list); err != nil {
				t.Fatal(err)
			}
			for _, m := range list {
				messages++
				if m.User != "" && !known[m.User] {
					t.Errorf("%s: nobody is %s", day, m.User)
				}
				seconds, err := strconv.ParseFloat(m.TS, 64)
				if err != nil || time.Unix(int64(seconds), 0).UTC().Format(time.DateOnly)+".json" != filepath.Base(day) {
					t.Errorf("%s holds a message of %s", day, m.TS)
				}
			}
		}
	}
	if messages < 100 {
		t.Errorf("%d chat messages, want some hundred", messages)
	}
}

func TestTheUsersCanSignInAndSeeDifferentThings(t *testing.T) {
	t.Parallel()
	dir := write(t, Options{Seed: 6, Deals: 60})
	reps := map[string]map[string]string{}
	for _, r := range readCSV(t, dir, "files/reps.csv") {
		reps[r["email"]] = r
	}
	led, above := map[string][]string{}, map[string]string{}
	for _, r := range readCSV(t, dir, "files/teams.csv") {
		led[r["manager_rep_id"]] = append(led[r["manager_rep_id"]], r["team_id"])
		above[r["team_id"]] = r["parent_team_id"]
	}
	roles := map[string][]map[string]string{}
	for _, u := range readCSV(t, dir, "users.csv") {
		if len(u["password"]) < 12 {
			t.Errorf("%s has a password of %d characters", u["email"], len(u["password"]))
		}
		for role := range strings.SplitSeq(u["role"], ";") {
			roles[role] = append(roles[role], u)
			if role == "rep" || role == "manager" {
				if reps[u["email"]] == nil {
					t.Errorf("%s is a %s and no rep has the address", u["email"], role)
				}
			}
		}
	}
	for role, n := range map[string]int{"admin": 1, "cmo": 1, "manager": 2, "rep": 3} {
		if len(roles[role]) < n {
			t.Errorf("%d users are %s, want %d", len(roles[role]), role, n)
		}
	}
	one, two := led[reps[roles["manager"][0]["email"]]["rep_id"]], led[reps[roles["manager"][1]["email"]]["rep_id"]]
	if len(one) != 1 || len(two) != 1 || one[0] == two[0] || above[one[0]] == two[0] || above[two[0]] == one[0] {
		t.Errorf("the first two managers lead %v and %v, want two teams without a common member", one, two)
	}
	teams := map[string]int{}
	for _, u := range roles["rep"][:3] {
		teams[reps[u["email"]]["team_id"]]++
	}
	if len(teams) != 2 {
		t.Errorf("the first three reps are of %d teams, want two of one team and one of another", len(teams))
	}
}

func TestDrawsAreUniform(t *testing.T) {
	t.Parallel()
	const n, bins = 200_000, 20
	count := [bins]int{}
	k := newKey(11, forExposure).at(3)
	for i := range n {
		count[int(k.at(i).unit()*bins)]++
	}
	chi := 0.0
	for _, c := range count {
		d := float64(c) - n/bins
		chi += d * d / (n / bins)
	}
	if chi > 43.8 { // 99.9 % of chi-square with 19 degrees of freedom
		t.Errorf("chi-square of %v is %s, want below 43.8", count, fmt.Sprintf("%.1f", chi))
	}
}
