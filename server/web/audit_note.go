package web

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/attribution"
	"credence/server/audit"
)

// What a note may hold of a request.
const (
	maxNotedFilter = 500
	maxNotedPeople = 40
)

// event is a deed of the request's reader; detail is pairs of name and value.
func (s *Server) event(c *fiber.Ctx, action, object string, detail ...string) audit.Event {
	e := audit.Event{At: s.Now(), Actor: audit.Nobody, Action: action, Object: object, Detail: map[string]string{}}
	if r := s.reader(c); r.ID != "" {
		e.Actor = r.holder().ID
		if r.Admin != nil {
			e.Detail["viewing as"] = r.ID
		}
		if r.Token != "" {
			e.Detail["token"] = r.Token
		}
	}
	for i := 0; i+1 < len(detail); i += 2 {
		e.Detail[detail[i]] = detail[i+1]
	}
	return e
}

// note keeps a deed that changes no record; without it there must be no deed.
func (s *Server) note(c *fiber.Ctx, action, object string, detail ...string) error {
	return s.Audit.Note(s.event(c, action, object, detail...))
}

// viewed notes that details of people were shown: one line in every handler that
// shows them. people are person ids; nobody known needs no note.
func (s *Server) viewed(c *fiber.Ctx, object string, people ...string) error {
	people = slices.DeleteFunc(slices.Clone(people), func(id string) bool { return id == "" })
	slices.Sort(people)
	people = slices.Compact(people)
	for i, id := range people { // the log outlives an erasure: an address has no place in it
		if strings.Contains(id, "@") {
			people[i] = "(an address)"
		}
	}
	if len(people) == 0 || c.Method() == fiber.MethodHead {
		return nil
	}
	shown := people[:min(len(people), maxNotedPeople)]
	return s.note(c, audit.ViewPerson, object, "people", strings.Join(shown, " "), "count", strconv.Itoa(len(people)))
}

// viewedRows notes that rows of sources were shown as they came, which may tell
// of anybody.
func (s *Server) viewedRows(c *fiber.Ctx, object string, rows int) error {
	if rows == 0 || c.Method() == fiber.MethodHead {
		return nil
	}
	return s.note(c, audit.ViewPerson, object, "rows", strconv.Itoa(rows))
}

// peopleOf are the people on a journey.
func peopleOf(j attribution.DealJourney) []string {
	var ids []string
	for _, touches := range [][]attribution.JourneyTouch{j.Eligible, j.Ineligible} {
		for _, t := range touches {
			ids = append(ids, t.PersonID)
		}
	}
	return ids
}

const rowsLocal = "rows"

// noteExport notes an answer that is a file, a list of the API or goes to a
// script, whatever handler made it: its address, filter and, of files and lists,
// number of rows. No page of ours asks the API, so that each of its lists was
// taken by somebody, whether a token, a session's bearer or a cookie asked.
func (s *Server) noteExport(c *fiber.Ctx) error {
	if c.Method() == fiber.MethodHead || c.Response().StatusCode() >= fiber.StatusBadRequest {
		return nil
	}
	file := strings.HasPrefix(string(c.Response().Header.Peek(fiber.HeaderContentDisposition)), "attachment")
	rows, counted := c.Locals(rowsLocal).(int)
	if !file && isAPI(c) && c.Method() == fiber.MethodGet {
		rows, counted = itemsIn(c.Response().Body())
	}
	if !file && !counted && s.reader(c).Token == "" {
		return nil
	}
	detail := []string{"filter", notedFilter(c)}
	if counted {
		detail = append(detail, "rows", strconv.Itoa(rows))
	}
	return s.note(c, audit.Export, c.Path(), detail...)
}

// itemsIn is how many items an answer of the API lists; false when it is no list.
func itemsIn(body []byte) (n int, ok bool) {
	var answer struct {
		Items []json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(body, &answer); err != nil || answer.Items == nil {
		return 0, false
	}
	return len(answer.Items), true
}

// notedFilter is the query without what was searched for, which may be a name.
func notedFilter(c *fiber.Ctx) string {
	q, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return "unreadable"
	}
	for _, name := range []string{"q", "who"} {
		if q.Has(name) {
			q.Set(name, "given")
		}
	}
	text := q.Encode()
	return text[:min(len(text), maxNotedFilter)]
}
