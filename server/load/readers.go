package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// patience is how long a reader waits for an answer.
const patience = 30 * time.Second

// reader is a user who is signed in.
type reader struct {
	email, role string
	client      *http.Client
	asks        []ask // what they ask, each as often as it is listed
}

// ask is one address of a reader.
type ask struct {
	kind string // what the report calls it
	path string
	to   *reader
}

// mix is what all readers ask.
type mix struct {
	base    string
	readers []*reader
	chance  *rand.Rand
}

// shares are how often a role asks, of 100.
var shares = []struct {
	role string
	of   int
}{{"rep", 37}, {"manager", 33}, {"cmo", 29}, {"admin", 1}}

// next is one ask by chance.
func (m *mix) next() ask {
	n := m.chance.IntN(100)
	for _, s := range shares {
		if n -= s.of; n >= 0 {
			continue
		}
		var of []*reader
		for _, r := range m.readers {
			if r.role == s.role {
				of = append(of, r)
			}
		}
		r := of[m.chance.IntN(len(of))]
		return r.asks[m.chance.IntN(len(r.asks))]
	}
	panic("shares are of 100")
}

// readers signs everybody in and finds out what there is for them to ask.
func (o options) readers(ctx context.Context) (*mix, error) {
	file, err := os.Open(filepath.Join(o.dir, "users.csv"))
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(file).ReadAll()
	if cerr := file.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return nil, fmt.Errorf("read the users: %w", err)
	}
	m := &mix{base: "http://" + o.addr, chance: rand.New(rand.NewPCG(1, 2))}                            //nolint:gosec // the same requests in every run
	transport := &http.Transport{MaxIdleConnsPerHost: 256, MaxIdleConns: 256, DisableCompression: true} // a browser unpacks on its own machine
	for _, row := range rows[1:] {
		jar, err := cookiejar.New(nil)
		if err != nil {
			return nil, err
		}
		role := row[2]
		if strings.Contains(role, "cmo") {
			role = "cmo"
		}
		r := &reader{email: row[0], role: role, client: &http.Client{
			Jar: jar, Transport: transport, Timeout: patience,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}}
		if err := m.signIn(ctx, r, row[1]); err != nil {
			return nil, err
		}
		if err := m.find(ctx, r); err != nil {
			return nil, fmt.Errorf("find what %s asks: %w", r.email, err)
		}
		m.readers = append(m.readers, r)
	}
	return m, nil
}

func (m *mix) signIn(ctx context.Context, r *reader, password string) error {
	form := url.Values{"email": {r.email}, "password": {password}}.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, m.base+"/sign-in", strings.NewReader(form))
	if err != nil {
		return err
	}
	request.Header.Set("Origin", m.base)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := r.client.Do(request)
	if err != nil {
		return fmt.Errorf("sign %s in: %w", r.email, err)
	}
	if err := answer.Body.Close(); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusSeeOther {
		return fmt.Errorf("sign %s in: %s", r.email, answer.Status)
	}
	return nil
}

// get answers a list of the API.
func (m *mix) get(ctx context.Context, r *reader, path string) (items []map[string]any, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, m.base+path, nil)
	if err != nil {
		return nil, err
	}
	answer, err := r.client.Do(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	if cerr := answer.Body.Close(); err == nil {
		err = cerr
	}
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", path, answer.Status)
	}
	if err != nil {
		return nil, err
	}
	var list struct {
		Items []map[string]any `json:"items"`
	}
	return list.Items, json.Unmarshal(body, &list)
}

// periods are those that a reader asks for by name, beside the present one.
var periods = []string{"2026Q3", "2026Q2"}

// find lists what a reader asks, by their role.
func (m *mix) find(ctx context.Context, r *reader) error {
	add := func(times int, kind, path string) {
		for range times {
			r.asks = append(r.asks, ask{kind, path, r})
		}
	}
	if r.role == "admin" {
		for _, path := range []string{"/sources", "/users", "/quality", "/audit", "/api/v1/sources", "/api/v1/quality"} {
			add(1, path, path)
		}
		return nil
	}
	add(6, "/deals", "/deals")
	add(2, "/deals", "/deals?status=open&sort=-amount")
	add(1, "/deals", "/deals?status=won&closed=2026Q3")
	add(2, "/campaigns", "/campaigns")
	add(1, "/api/v1/me", "/api/v1/me")
	add(2, "/api/v1/deals", "/api/v1/deals?limit=50")
	add(1, "/api/v1/metrics", "/api/v1/metrics/win_rate")
	add(1, "/api/v1/credits", "/api/v1/credits/channel")
	for _, by := range []string{"channel", "campaign", "post", "content", "rep", "team"} {
		add(1, "/attribution", "/attribution?by="+by)
	}
	add(1, "/attribution", "/attribution?model=time_decay")
	for _, period := range periods {
		add(1, "/attribution", "/attribution?period="+period)
	}
	switch r.role {
	case "rep":
		add(10, "/me", "/me")
		for _, period := range periods {
			add(1, "/me", "/me?period="+period)
		}
	case "manager":
		reps, err := m.get(ctx, r, "/api/v1/reps")
		if err != nil {
			return err
		}
		for _, rep := range reps {
			add(1, "/reps", fmt.Sprintf("/reps/%v", rep["rep_id"]))
		}
		for range 10 {
			add(1, "/teams", fmt.Sprintf("/teams/%v", reps[0]["team_id"]))
		}
	case "cmo":
		add(10, "/", "/")
		add(6, "/efficiency", "/efficiency")
		add(1, "/attribution", "/attribution?basis=accrual")
		add(1, "/reports", "/reports")
		add(1, "/api/v1/efficiency", "/api/v1/efficiency")
		for _, period := range periods {
			add(1, "/", "/?period="+period)
			add(1, "/efficiency", "/efficiency?period="+period)
		}
		campaigns, err := m.get(ctx, r, "/api/v1/campaigns")
		if err != nil {
			return err
		}
		for _, c := range campaigns[:min(3, len(campaigns))] {
			add(1, "/campaigns/:id", fmt.Sprintf("/campaigns/%v", c["id"]))
		}
	}
	return m.deals(ctx, r, len(r.asks)/5)
}

// deals adds as many asks for a deal: most of them another.
func (m *mix) deals(ctx context.Context, r *reader, n int) error {
	items, err := m.get(ctx, r, "/api/v1/deals?limit=200")
	if err != nil {
		return err
	}
	for i := range n {
		if len(items) == 0 {
			return nil
		}
		deal := items[m.chance.IntN(len(items))]
		path := "/deals/" + url.PathEscape(fmt.Sprint(deal["deal_id"]))
		r.asks = append(r.asks, ask{"/deals/:id", path, r})
		if i%4 == 0 {
			r.asks = append(r.asks, ask{"/api/v1/deals/:id/journey", "/api/v1" + path + "/journey", r})
		}
	}
	return nil
}
