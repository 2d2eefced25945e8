package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"credence/server/audit"
	"credence/server/auth"
	"credence/ui"
	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

// How much of the log one answer holds.
const (
	auditShown = 100
	auditFile  = 200_000
)

// pageAudit is the log: who did what, when, to what. Its filter is in the URL.
func (s *Server) pageAudit(c *fiber.Ctx) error {
	return s.visit(c, func(ctx context.Context, v *Visit) error {
		d := s.desk(v)
		f, err := s.auditFilter(c)
		if err != nil {
			return err
		}
		view, err := d.audit(ctx, c, f)
		if err != nil {
			return err
		}
		v.Layout.Crumbs = []ui.Link{{Text: "Administration"}, {Text: "Audit"}}
		v.Layout.Notes = []string{"Times are of " + d.f.Zone().String(), "A row carries the hash of the row before: credence check walks the chain and tells its end"}
		return s.page(c, v, "audit", view)
	})
}

// auditFilter reads ?who=, action, object, from, to (days of the company's time
// zone, both included) and before.
func (s *Server) auditFilter(c *fiber.Ctx) (audit.Filter, error) {
	f := audit.Filter{Actor: c.Query("who"), Action: c.Query("action"), Object: strings.TrimSpace(c.Query("object"))}
	zone := s.Config.Company.Location()
	for name, at := range map[string]*time.Time{"from": &f.From, "to": &f.To} {
		text := c.Query(name)
		if text == "" {
			continue
		}
		t, err := time.ParseInLocation(time.DateOnly, text, zone)
		if err != nil || t.Year() < 2000 || t.Year() > 2200 {
			return f, badRequest(name, fmt.Errorf("%.20q is no day; write it as 2026-07-31", text))
		}
		if name == "to" {
			t = t.AddDate(0, 0, 1)
		}
		*at = t.UTC()
	}
	if text := c.Query("before"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 {
			return f, badRequest("before", errors.New("it is no row of the log; take it from a page's link"))
		}
		f.Before = n
	}
	return f, nil
}

func (d *desk) audit(ctx context.Context, c *fiber.Ctx, f audit.Filter) (ui.AuditPage, error) {
	f.Limit = auditShown + 1
	found, err := audit.Count(ctx, d.v, f)
	if err != nil {
		return ui.AuditPage{}, err
	}
	entries, err := audit.List(ctx, d.v, f)
	if err != nil {
		return ui.AuditPage{}, err
	}
	names, err := userNames(ctx, d.v)
	if err != nil {
		return ui.AuditPage{}, err
	}
	actions, actors, err := audit.Words(ctx, d.v)
	if err != nil {
		return ui.AuditPage{}, err
	}
	view := ui.AuditPage{
		Filter: ui.AuditFilter{Who: actorPicks(actors, names, f.Actor), Action: picks("Every deed", actions, f.Action), Object: f.Object, From: c.Query("from"), To: c.Query("to")},
		Table:  ui.Section{ID: "events", Finding: ui.Say(upper(d.f.Plural(found, "event", "events"))), Measure: ui.Say("The newest first"), Download: href(c, "before", "")},
	}
	view.Table.Download = strings.Replace(view.Table.Download, "/audit", "/audit.csv", 1)
	for _, chip := range [][2]string{{"who", names[f.Actor]}, {"action", f.Action}, {"object", f.Object}, {"from", c.Query("from")}, {"to", c.Query("to")}} {
		if c.Query(chip[0]) == "" {
			continue
		}
		if chip[1] == "" {
			chip[1] = f.Actor
		}
		view.Chips = append(view.Chips, ui.Chip{Name: upper(chip[0]), Value: chip[1], Remove: dropped(c, chip[0])})
	}
	d.v.Layout.Finding = ui.Say(upper(d.f.Plural(found, "event is", "events are")) + " in the log" + map[bool]string{true: " for this filter", false: ""}[len(view.Chips) > 0] + ".")
	if len(entries) == 0 {
		view.Table.Download = ""
		view.None = &ui.State{Kind: "empty", Title: "Nothing was noted yet", Text: "Sign-ins, views of people, files and changes appear here from now on."}
		if len(view.Chips) > 0 {
			view.None = &ui.State{Kind: "empty", Title: "No event meets this filter", Text: "Take a filter back, or choose other days.", Action: ui.Link{Text: "The whole log", Href: "/audit"}}
		}
		return view, nil
	}
	if f.Before > 0 {
		view.First = dropped(c, "before")
	}
	if len(entries) > auditShown {
		entries = entries[:auditShown]
		view.Next = href(c, "before", strconv.FormatInt(entries[auditShown-1].Seq, 10))
	}
	for _, e := range entries {
		view.Lines = append(view.Lines, d.auditLine(c, e, names))
	}
	return view, nil
}

// dropped is this page's address without one parameter, from the first page on.
func dropped(c *fiber.Ctx, name string) string {
	if name == "before" {
		return href(c, "before", "")
	}
	at := href(c, name, "")
	path, query, ok := strings.Cut(at, "?")
	if !ok {
		return at
	}
	kept := slices.DeleteFunc(strings.Split(query, "&"), func(pair string) bool { return strings.HasPrefix(pair, "before=") })
	if len(kept) == 0 {
		return path
	}
	return path + "?" + strings.Join(kept, "&")
}

func (d *desk) auditLine(c *fiber.Ctx, e audit.Entry, names map[string]string) ui.AuditLine {
	line := ui.AuditLine{
		Seq: d.f.Count(e.Seq), When: d.f.Stamp(e.At), Who: actorName(e.Actor, names), WhoRef: "/audit?who=" + querySegment(e.Actor),
		Action: e.Action, Object: objectWords(e.Object, names),
	}
	if c.Query("who") == e.Actor {
		line.WhoRef = ""
	}
	told := sortedKeys(e.Detail)
	if e.Detail["changed"] != "" { // what held besides stands in the file
		told = []string{"changed"}
	}
	for _, name := range told {
		if value := e.Detail[name]; value != "" {
			line.Detail = append(line.Detail, ui.Fact{Name: name, Value: value})
		}
	}
	return line
}

// fileAudit is the log as CSV, with the hashes, so that the chain can be walked
// elsewhere.
func (s *Server) fileAudit(c *fiber.Ctx) error {
	f, err := s.auditFilter(c)
	if err != nil {
		return err
	}
	f.Limit = auditFile
	return s.readFile(c, func(ctx context.Context, snap *warehouse.Snapshot) error {
		entries, err := audit.List(ctx, snap, f)
		if err != nil {
			return err
		}
		names, err := userNames(ctx, snap)
		if err != nil {
			return err
		}
		table := [][]string{{"seq", "at", "actor", "actor_name", "action", "object", "detail", "previous", "hash"}}
		for _, e := range entries {
			detail, err := json.Marshal(e.Detail)
			if err != nil {
				return fmt.Errorf("write audit row %d: %w", e.Seq, err)
			}
			table = append(table, []string{strconv.FormatInt(e.Seq, 10), e.At.Format(time.RFC3339Nano), e.Actor, actorName(e.Actor, names), e.Action, e.Object, string(detail), e.Previous, e.Hash})
		}
		return sendCSV(c, "audit", table)
	})
}

// userNames are the names of users by id.
func userNames(ctx context.Context, q sqlfile.Querier) (map[string]string, error) {
	users, err := auth.Users(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	names := map[string]string{}
	for _, u := range users {
		names[u.ID] = u.Name
	}
	return names, nil
}

func actorName(id string, names map[string]string) string {
	if name := names[id]; name != "" {
		return name
	}
	return id
}

// objectWords puts the name of a user in the place of the id.
func objectWords(object string, names map[string]string) string {
	if id, ok := strings.CutPrefix(object, "user "); ok && names[id] != "" {
		return names[id]
	}
	return object
}

func actorPicks(actors []string, names map[string]string, chosen string) []ui.Pick {
	out := []ui.Pick{{Text: "Everybody", Chosen: chosen == ""}}
	for _, id := range actors {
		out = append(out, ui.Pick{Value: id, Text: actorName(id, names), Chosen: id == chosen})
	}
	return out
}

func picks(all string, values []string, chosen string) []ui.Pick {
	out := []ui.Pick{{Text: all, Chosen: chosen == ""}}
	for _, v := range values {
		out = append(out, ui.Pick{Value: v, Text: v, Chosen: v == chosen})
	}
	return out
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
