package web

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/server/auth"
	"credence/ui"
	"credence/warehouse"
	"credence/warehouse/calendar"
)

// keptParameters move along when a reader goes from page to page.
var keptParameters = []string{"period", "compare", "model", "basis"}

// layout is everything around a page's content for this reader and URL.
func (s *Server) layout(ctx context.Context, c *fiber.Ctx, v *Visit) (ui.Layout, error) {
	l := s.bareLayout(c)
	l.Bare = false
	l.Back = c.OriginalURL()
	l.CSRF = s.Tokens.FormToken(v.Reader.Session.ID)
	l.Viewing = s.banner(v.Reader)
	l.User = ui.User{Name: v.Reader.Name, Role: roleWords(v.Reader)}
	l.Search = c.Query("q")
	s.rail(c, v.Reader, &l)
	l.Period = s.periodSelector(c, v)
	l.Compare = compareSelector(c, v)
	l.Model = modelSelector(c, v.Model)
	var err error
	l.Fresh, err = s.freshness(ctx, v)
	return l, err
}

// bareLayout is the layout of pages before signing in and of errors.
func (s *Server) bareLayout(c *fiber.Ctx) ui.Layout {
	l := ui.Layout{
		Bare: true, Company: s.Config.Company.Name, Zone: s.Config.Company.Location(),
		Lang: ui.MatchLanguage(c.Get(fiber.HeaderAcceptLanguage)), Theme: themeOf(c),
	}
	if s.Config.Clear() {
		l.Warning = "This server is reached without encryption: passwords and figures can be read on the way."
	}
	return l
}

// rail lists the places this reader reaches; each link keeps the period, the
// comparison and the model that the URL names.
func (s *Server) rail(c *fiber.Ctx, r Reader, l *ui.Layout) {
	roles := make([]string, 0, len(r.Roles)+1)
	for _, role := range r.Roles {
		roles = append(roles, string(role))
	}
	if r.Root {
		roles = append(roles, "root")
	}
	main, admin := ui.Rail(roles)
	keep := kept(c)
	current := ""
	for _, items := range []*[]ui.NavItem{&main, &admin} {
		*items = slices.DeleteFunc(*items, func(n ui.NavItem) bool { return !s.gets[n.Href] })
		for i := range *items {
			item := &(*items)[i]
			if within(c.Path(), item.Href) {
				current = item.Href + keep
			}
			item.Href += keep
		}
	}
	l.Nav, l.Admin, l.Current = main, admin, current
}

func within(path, place string) bool {
	return path == place || place != "/" && strings.HasPrefix(path, place+"/") || place == "/" && path == "/me"
}

func kept(c *fiber.Ctx) string {
	q := url.Values{}
	for _, name := range keptParameters {
		if value := c.Query(name); value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// Href is this page's address with one parameter changed; an empty value drops
// it. A page number never survives a change of anything else.
func href(c *fiber.Ctx, name, value string) string {
	q, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		q = url.Values{}
	}
	q.Del("after")
	q.Del(name)
	if value != "" {
		q.Set(name, value)
	}
	if len(q) == 0 {
		return c.Path()
	}
	return c.Path() + "?" + q.Encode()
}

// hrefAt is another page's address with what moves along and one parameter more;
// an empty name adds none.
func hrefAt(c *fiber.Ctx, path, name, value string) string {
	q := url.Values{}
	for _, kept := range keptParameters {
		if text := c.Query(kept); text != "" {
			q.Set(kept, text)
		}
	}
	if name != "" && value != "" {
		q.Set(name, value)
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func roleWords(r Reader) string {
	titles := map[auth.Role]string{auth.Rep: "Sales", auth.Manager: "Manager", auth.CMO: "CMO", auth.Admin: "Administrator"}
	var parts []string
	for _, role := range r.Roles {
		parts = append(parts, titles[role])
	}
	if r.TeamName != "" && !r.Root {
		parts = append(parts, r.TeamName)
	}
	return strings.Join(parts, ", ")
}

func (s *Server) periodSelector(c *fiber.Ctx, v *Visit) *ui.Selector {
	company := s.Config.Calendar()
	sel := &ui.Selector{Label: "Period", Value: periodWords(v.Period.Name), Note: s.periodNote(v)}
	add := func(p calendar.Period) {
		sel.Options = append(sel.Options, ui.Option{Text: periodWords(p.Name), Href: href(c, "period", p.Name), Current: p.Name == v.Period.Name})
	}
	newest := company.QuarterOf(v.Now)
	for n := range 8 {
		add(company.Shift(newest, -n))
	}
	year, err := company.Parse(fmt.Sprint(company.YearOf(v.Now)))
	if err == nil {
		for n := range 3 {
			add(company.Shift(year, -n))
		}
	}
	if !slices.ContainsFunc(sel.Options, func(o ui.Option) bool { return o.Current }) {
		sel.Options = append(sel.Options, ui.Option{Text: periodWords(v.Period.Name), Href: href(c, "period", v.Period.Name), Current: true})
	}
	return sel
}

// periodNote is the days of the period and how far it has come.
func (s *Server) periodNote(v *Visit) string {
	loc := s.Config.Company.Location()
	note := v.Period.From.In(loc).Format("2 Jan 2006") + " – " + v.Period.To.In(loc).Add(-time.Second).Format("2 Jan 2006")
	if v.Period.Contains(v.Now) {
		company := s.Config.Calendar()
		tomorrow := v.Now.In(loc).AddDate(0, 0, 1)
		midnight := time.Date(tomorrow.Year(), tomorrow.Month(), tomorrow.Day(), 0, 0, 0, 0, loc)
		note += fmt.Sprintf(", day %d of %d", company.WorkingDays(v.Period.From, midnight), company.WorkingDays(v.Period.From, v.Period.To))
	}
	return note
}

// periodWords is a period's name for people: 2026 Q3.
func periodWords(name string) string {
	if len(name) == 6 && name[4] == 'Q' {
		return name[:4] + " " + name[4:]
	}
	return strings.Replace(name, "..", " to ", 1)
}

func compareSelector(c *fiber.Ctx, v *Visit) *ui.Selector {
	chosen := c.Query("compare", "year")
	sel := &ui.Selector{Label: "Compare", Value: "nothing"}
	if v.Compare.Name != "" {
		sel.Value = periodWords(v.Compare.Name)
	}
	for _, o := range [][2]string{{"year", "Year before"}, {"previous", "Period before"}, {"none", "Nothing"}} {
		sel.Options = append(sel.Options, ui.Option{Text: o[1], Href: href(c, "compare", o[0]), Current: o[0] == chosen})
	}
	return sel
}

func modelSelector(c *fiber.Ctx, model string) *ui.Selector {
	sel := &ui.Selector{Label: "Model"}
	for _, m := range attribution.Models {
		if m.ID == model {
			sel.Value, sel.Note = m.Title, m.Formula
		}
		sel.Options = append(sel.Options, ui.Option{Text: m.Title, Note: m.Formula, Href: href(c, "model", m.ID), Current: m.ID == model})
	}
	return sel
}

// model reads ?model=; without it, it is the company's.
func (s *Server) model(ctx context.Context, c *fiber.Ctx, snap *warehouse.Snapshot) (string, error) {
	id := c.Query("model")
	if id == "" {
		inForce, err := attribution.SettingsInForce(ctx, snap, s.Config.Attribution)
		return inForce.Settings.Model, err
	}
	if _, ok := attribution.ModelByID(id); !ok {
		return "", badRequest("model", fmt.Errorf("%q is no model; models are %s", id, strings.Join(attribution.ModelIDs(), ", ")))
	}
	return id, nil
}

// freshness says when the figures were refreshed and whether a source failed.
func (s *Server) freshness(ctx context.Context, v *Visit) (ui.Freshness, error) {
	f := ui.Freshness{State: "ok", Text: "No figures yet"}
	if v.Reader.Has(auth.Admin) {
		f.Href = "/sources"
	}
	if v.RefreshedAt.IsZero() {
		f.State = "late"
		return f, nil
	}
	var sources, failed int
	if err := questions.Get("freshness").One(ctx, v.Aside(), nil, &sources, &failed); err != nil {
		return f, fmt.Errorf("read freshness: %w", err)
	}
	at := v.RefreshedAt.In(s.Config.Company.Location())
	f.Text = at.Format("2 Jan, 15:04")
	if at.Format(time.DateOnly) == v.Now.In(at.Location()).Format(time.DateOnly) {
		f.Text = at.Format("15:04")
	}
	if failed > 0 {
		f.State = "late"
		f.Text += fmt.Sprintf(", %d of %d sources", sources-failed, sources)
	}
	return f, nil
}

const themeCookie = "cred-theme"

func themeOf(c *fiber.Ctx) string {
	if t := c.Cookies(themeCookie); t == "light" || t == "dark" {
		return t
	}
	return ""
}

// setTheme keeps the reader's choice of light, dark or the system's.
func (s *Server) setTheme(c *fiber.Ctx) error {
	theme, until := c.FormValue("theme"), s.Now().AddDate(1, 0, 0)
	switch theme {
	case "light", "dark":
	case "":
		until = time.Unix(1, 0)
	default:
		return badRequest("theme", fmt.Errorf("%q is no theme; choose light, dark or none", theme))
	}
	s.cookie(c, themeCookie, theme, until)
	return c.Redirect(localPath(c.FormValue("back")), fiber.StatusSeeOther)
}

// pathSegment and querySegment write an id into an address.
func pathSegment(id string) string  { return url.PathEscape(id) }
func querySegment(id string) string { return url.QueryEscape(id) }
