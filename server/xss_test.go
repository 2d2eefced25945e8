package main_test

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"credence/ui/browsertest"
)

// hostileDeals is the smallest sample company; every kind of page is there.
const hostileDeals = "50"

// TestHostileNamesStayText gives everything that has a name one that runs where
// it is taken for more than text, and goes through every page of every role in a
// browser: opens what opens, hovers every value of every chart, takes every file.
func TestHostileNamesStayText(t *testing.T) {
	world := startWorld(t, hostileDeals, makeHostile)
	browser := browsertest.Start(t)
	w := &hostileWalk{world: world, shown: map[string]bool{}, views: map[string]bool{}}

	admin := world.signIn(t, browser, "admin")
	w.save(t, admin) // the company is worked out by that
	w.walk(t, admin, "admin")
	for _, role := range []string{"cmo", "manager", "rep"} {
		w.walk(t, world.signIn(t, browser, role), role)
	}

	if reports := world.log.matching("content policy report"); len(reports) > 0 {
		t.Errorf("%d content policy reports, first: %s", len(reports), reports[0])
	}
	if broken := world.log.matching("request failed"); len(broken) > 0 {
		t.Errorf("%d requests failed, first: %s", len(broken), broken[0])
	}
	// What never came near a page proves nothing.
	var missing []string
	for _, name := range corpus {
		if !w.shown[name] {
			missing = append(missing, name)
		}
	}
	if len(missing) > 8 {
		t.Errorf("%d of %d names stand on no page: %q", len(missing), len(corpus), missing)
	}
	if w.tips < 200 || w.files < 10 {
		t.Errorf("%d values of charts were hovered and %d files taken; the walk looks in the wrong place", w.tips, w.files)
	}
	t.Logf("%d names in %d pages, %d of charts' values hovered, %d files", len(corpus)-len(missing), w.pages, w.tips, w.files)
}

// hostileWalk counts what was seen.
type hostileWalk struct {
	*world
	shown              map[string]bool
	views              map[string]bool // seen by one of the roles
	pages, tips, files int
}

// save writes hostile words where users write them: a token's name, a reason of
// settings, a user's name.
func (w *hostileWalk) save(t *testing.T, s *browsertest.Session) {
	t.Helper()
	s.Go("/account")
	fill(s, map[string]string{"#f-token": corpus[5]})
	tick(s, "input[name=scope]")
	s.Click(".token-form .primary")
	s.Go("/users")
	fill(s, map[string]string{"#f-name": corpus[33], "#f-email": "o'hara+{{7*7}}&lt@evil.example"})
	tick(s, "input[name=role][value=cmo]")
	s.Click(".user-form .primary")
	s.Go("/settings")
	fill(s, map[string]string{"#f-lookback_days": "120", "#f-reason": strings.Join(corpus[:3], " ")})
	s.Click(".settings-form .button.primary")
	for range 500 {
		if s.Has(".sync .state-ok, .sync .state-down") {
			break
		}
		s.Go("/settings")
	}
	if title := s.Text(".sync h2"); !strings.Contains(title, "Every figure stands on the new settings") {
		t.Fatalf("after saving, the page says %q", title)
	}
}

// aside are parameters of views that are pages of their own; another period or
// order of the same page is not.
var aside = []string{"by", "basis", "credit", "touch", "whatif", "kind", "cause", "format"}

var anObject = regexp.MustCompile(`^/(deals|reps|teams|campaigns|sources|users|quality|reports|attribution/models|accounts|people|posts)/([^/?]+)`)

// kindOf is what makes two addresses the same page.
func kindOf(address string) string {
	path, query, _ := strings.Cut(address, "?")
	path = anObject.ReplaceAllString(path, "/$1/:")
	path = regexp.MustCompile(`/runs/\d+`).ReplaceAllString(path, "/runs/:")
	q, err := url.ParseQuery(query)
	if err != nil {
		return address
	}
	for _, name := range aside {
		if q.Has(name) {
			value := q.Get(name)
			if name == "touch" {
				value = ":"
			}
			path += " " + name + "=" + value
		}
	}
	return path
}

// evilObject is an address of something whose id is hostile.
func evilObject(address string) bool { return strings.Contains(address, "onerror") }

// walk goes from link to link: one page of each kind, and one more of each kind
// of object whose id is hostile too. The views of a page, and such objects, are
// looked at as one role; as each of them with HOSTILE=long.
func (w *hostileWalk) walk(t *testing.T, s *browsertest.Session, role string) {
	t.Helper()
	queue, seen := []string{"/", "/glossary", "/no-such-page/" + url.PathEscape(corpus[5]), "/deals?q=" + url.QueryEscape(corpus[33]), "/sign-in?next=" + url.QueryEscape(corpus[54])}, map[string]bool{}
	pages := 0
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		key := kindOf(at)
		if evilObject(at) {
			key += " evil"
		}
		if seen[key] || strings.Contains(at, "/sign-out") {
			continue
		}
		seen[key] = true
		if strings.Contains(key, " ") && os.Getenv("HOSTILE") != "long" {
			if w.views[key] {
				continue
			}
			w.views[key] = true
		}
		if path, _, _ := strings.Cut(at, "?"); strings.Contains(at, "format=csv") || regexp.MustCompile(`\.(csv|json|xlsx)$`).MatchString(path) {
			w.take(t, s, at)
			continue
		}
		s.Go(at)
		pages++
		found := browsertest.Ask[looked](s, look)
		if len(found.Wrong) > 0 {
			t.Errorf("%s at %s: %s", role, at, strings.Join(found.Wrong, "; "))
		}
		w.tips += found.Tips
		for _, name := range corpus {
			if strings.Contains(found.Text, strings.Join(strings.Fields(name), " ")) {
				w.shown[name] = true
			}
		}
		slices.SortStableFunc(found.Links, func(a, b string) int { // objects with hostile ids first
			return strings.Compare(strconv.FormatBool(evilObject(b)), strconv.FormatBool(evilObject(a)))
		})
		queue = append(queue, found.Links...)
	}
	if pages < 12 {
		t.Errorf("%s came to %d pages only", role, pages)
	}
	w.pages += pages
	for _, problem := range s.Problems() {
		if !strings.Contains(problem, "404 (Not Found)") && !strings.Contains(problem, "403 (Forbidden)") {
			t.Errorf("%s: %s", role, problem)
		}
	}
}

// looked is what a page holds.
type looked struct {
	Wrong []string `json:"wrong"`
	Tips  int      `json:"tips"`
	Text  string   `json:"text"`
	Links []string `json:"links"`
}

// look opens, hovers and focuses everything of a page and says what should not be
// there.
const look = `(async () => {
	const wrong = [], all = (q) => [...document.querySelectorAll(q)]
	const frame = () => new Promise((r) => requestAnimationFrame(r))
	all('details').forEach((d) => { d.open = true })
	all('dialog').forEach((d) => { if (!d.open) d.showModal() })
	await frame()
	const texts = []
	all('[title],[data-tip],[aria-label]').slice(0, 200).forEach((e) => {
		for (const kind of ['mouseenter', 'mouseover', 'mousemove', 'focus', 'mouseout']) e.dispatchEvent(new MouseEvent(kind, {bubbles: true}))
		texts.push(e.title || '', e.getAttribute('aria-label') || '')
	})
	all('input,select,textarea,option').forEach((e) => { texts.push(e.value || '', e.text || '') })
	let tips = 0
	for (const place of all('.chart-place')) {
		const chart = window.echarts && window.echarts.getInstanceByDom(place)
		if (!chart) { wrong.push('a chart is not drawn'); continue }
		const series = chart.getOption().series
		for (let s = 0; s < series.length; s++) {
			const data = series[s].data || []
			for (let i = 0; i < Math.min(data.length, 40); i++, tips++) {
				chart.dispatchAction({type: 'showTip', seriesIndex: s, dataIndex: i})
				chart.dispatchAction({type: 'highlight', seriesIndex: s, dataIndex: i})
			}
			if (data.length) { chart.getZr().flush(); texts.push(place.textContent) }
		}
		const box = place.getBoundingClientRect(), root = place.firstElementChild || place
		for (let x = 4; x < box.width; x += Math.max(20, box.width / 12)) {
			root.dispatchEvent(new MouseEvent('mousemove', {bubbles: true, clientX: box.left + x, clientY: box.top + box.height / 2}))
		}
		await frame()
	}
	await frame()
	if (window.__xss !== undefined) wrong.push('script ran')
	const held = (e) => e.outerHTML.slice(0, 160)
	all('*').forEach((e) => { for (const a of e.attributes) if (/^(on|hx-on)/i.test(a.name)) wrong.push('a handler: ' + held(e)) })
	all('script').forEach((e) => { if (e.type !== 'application/json' && !(e.src.startsWith(location.origin + '/static/'))) wrong.push('a script: ' + held(e)) })
	all('iframe,object,embed,base,link:not([href^="/static/"]),style:not(svg style),marquee,audio,video,math').forEach((e) => wrong.push('an element: ' + held(e)))
	all('img,image').forEach((e) => { if (!(e.getAttribute('src') || e.getAttribute('href') || '').startsWith('/static/')) wrong.push('a picture: ' + held(e)) })
	all('form').forEach((e) => { if (!(e.getAttribute('action') || '/').startsWith('/') || /^\/\//.test(e.getAttribute('action'))) wrong.push('a form: ' + held(e)) })
	const links = new Set()
	all('a,area').forEach((e) => {
		const href = e.getAttribute('href')
		if (href === null) return
		let to
		try { to = new URL(href, location.href) } catch (broken) { wrong.push('an address that is none: ' + held(e)); return }
		if (to.protocol === 'javascript:' || to.protocol === 'data:' || to.protocol === 'vbscript:') wrong.push('a link: ' + held(e))
		else if (to.origin === location.origin) links.add(to.pathname + to.search)
		else if (to.origin !== location.origin && !/noopener|noreferrer/.test(e.rel)) wrong.push('a link out: ' + held(e))
	})
	all('dialog').forEach((d) => d.close())
	const text = (document.body.textContent + ' ' + texts.join(' ')).split(/\s+/).join(' ')
	return {wrong, tips, text, links: [...links]}
})()`

// file is an answer that is no page.
type file struct {
	Status int    `json:"status"`
	Type   string `json:"type"`
	Kept   string `json:"kept"`
	Sniff  string `json:"sniff"`
	Text   string `json:"text"`
}

// take fetches a file and reads it as a spreadsheet does: no cell is a formula.
func (w *hostileWalk) take(t *testing.T, s *browsertest.Session, at string) {
	t.Helper()
	got := browsertest.Ask[file](s, fmt.Sprintf(`(async () => {
		const r = await fetch(%q)
		return {status: r.status, type: r.headers.get('Content-Type') || '', kept: r.headers.get('Content-Disposition') || '', sniff: r.headers.get('X-Content-Type-Options') || '', text: r.headers.get('Content-Type').startsWith('text/csv') ? await r.text() : ''}
	})()`, at))
	w.files++
	if got.Status != 200 || !strings.HasPrefix(got.Kept, "attachment") || got.Sniff != "nosniff" || strings.HasPrefix(got.Type, "text/html") {
		t.Errorf("%s is a file of type %q, %d, kept as %q, %q", at, got.Type, got.Status, got.Kept, got.Sniff)
	}
	rows, err := csv.NewReader(strings.NewReader(got.Text)).ReadAll()
	if err != nil {
		t.Errorf("%s is no table: %v", at, err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				continue
			}
			if _, err := strconv.ParseFloat(cell, 64); err != nil {
				t.Errorf("%s holds the formula %q", at, cell)
			}
		}
	}
}
