package warehouse

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"regexp"
	"strings"
	"time"

	"credence/warehouse/sqlfile"
)

// Tombstone says that one identity belongs to somebody who was erased. Without
// the key its mark says nothing about whose.
type Tombstone struct {
	Kind        string    `json:"kind"` // contact|any contact|email|phone|phone end|handle|handle end|visitor|name 1 …, and key: see KeyMark
	Mark        string    `json:"mark"` // HMAC-SHA256 of the identity, 32 hex digits
	Stub        string    `json:"stub"` // what stands in the person's place
	KeepsDomain bool      `json:"keeps_domain"`
	ErasedAt    time.Time `json:"erased_at"`
}

// OfErased reports whether it is of somebody erased; the others only find the
// stand-in of a person's old acts again, and mean nothing outside the database.
func (t Tombstone) OfErased() bool { return t.Kind != string(ofPast) }

// ErrNoKey says that the database knows of erased people and the key by which
// they are recognised is not there.
var ErrNoKey = errors.New("people were erased from this database and the key that recognises them is missing; put it back beside the database")

// ofKey is the kind of the one mark that says under which key the others are.
const ofKey identity = "key"

// KeyMark is what tells the key of the marks beside it.
func KeyMark(key []byte, at time.Time) Tombstone {
	return Tombstone{Kind: string(ofKey), Mark: newGraveyard(key).mark(ofKey, "erasures"), Stub: standIn, ErasedAt: at.UTC().Truncate(time.Second)}
}

// MadeWith reports whether the list was made with the key. known is false when it
// does not tell: it is empty, or an earlier program made it.
func MadeWith(key []byte, list []Tombstone) (same, known bool) {
	want := KeyMark(key, time.Time{}).Mark
	for _, t := range list {
		if t.Kind == string(ofKey) {
			return t.Mark == want, true
		}
	}
	return false, false
}

// LastErased is when the last of the list was erased; zero when nobody was.
func LastErased(list []Tombstone) (last time.Time) {
	for _, t := range list {
		if t.OfErased() && t.Kind != string(ofKey) && t.ErasedAt.After(last) {
			last = t.ErasedAt
		}
	}
	return last
}

// MinKey is how many bytes the key of tombstones has at least.
const MinKey = 32

// RecogniseBy gives the warehouse the key of its tombstones. Call it once,
// before anything is loaded.
func (w *Warehouse) RecogniseBy(key []byte) error {
	if len(key) < MinKey {
		return fmt.Errorf("the key of tombstones has %d bytes and needs %d", len(key), MinKey)
	}
	w.key = key
	return nil
}

// Mark is a pseudonym of text that stands in no record, such as an address that
// nobody has: the same text has the same mark, and nobody can tell the text
// without the key, which no rotation of other keys changes.
func (w *Warehouse) Mark(text string) (string, error) {
	if w.key == nil {
		return "", errors.New("the key of tombstones was not given")
	}
	return newGraveyard(w.key).mark("stranger", text)[:16], nil
}

// Tombstones lists everything that must not come back.
func Tombstones(ctx context.Context, q sqlfile.Querier) ([]Tombstone, error) {
	return sqlfile.All(ctx, q, questions.Get("tombstones"), func(scan func(...any) error) (t Tombstone, err error) {
		err = scan(&t.Kind, &t.Mark, &t.Stub, &t.KeepsDomain, &t.ErasedAt)
		return t, err
	})
}

// keepTombstones stores those that are not yet known.
func keepTombstones(ctx context.Context, q sqlfile.Querier, list []Tombstone) error {
	for _, t := range list {
		err := questions.Get("keep_tombstone").Exec(ctx, q, named("kind", t.Kind), named("mark", t.Mark), named("stub", t.Stub),
			named("keeps_domain", t.KeepsDomain), named("erased_at", t.ErasedAt.UTC().Truncate(time.Second)))
		if err != nil {
			return err
		}
	}
	return nil
}

// graveyard recognises the erased: the tombstones with their key.
type graveyard struct {
	key   []byte
	mac   hash.Hash
	by    map[[2]string]Tombstone // kind, mark
	has   map[identity]bool       // kinds there are tombstones of
	words []int                   // how many words the names have, longest first
	added []Tombstone             // found while looking, not yet stored
}

// graveyard reads the tombstones; nil when there are none.
func (w *Warehouse) graveyard(ctx context.Context, q sqlfile.Querier) (*graveyard, error) {
	list, err := Tombstones(ctx, q)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	if w.key == nil {
		return nil, ErrNoKey
	}
	g := newGraveyard(w.key)
	for _, t := range list {
		g.put(t)
	}
	return g, nil
}

func newGraveyard(key []byte) *graveyard {
	return &graveyard{key: key, by: map[[2]string]Tombstone{}, has: map[identity]bool{}}
}

func (g *graveyard) put(t Tombstone) {
	g.by[[2]string{t.Kind, t.Mark}] = t
	g.has[identity(t.Kind)] = true
	var n int
	if _, err := fmt.Sscanf(t.Kind, "name %d", &n); err != nil {
		return
	}
	at := 0
	for at < len(g.words) && g.words[at] > n {
		at++
	}
	if at == len(g.words) || g.words[at] != n {
		g.words = append(g.words[:at], append([]int{n}, g.words[at:]...)...)
	}
}

// add makes a tombstone of an identity unless there is one.
func (g *graveyard) add(kind identity, value string, like Tombstone) {
	if value == "" {
		return
	}
	t := Tombstone{Kind: string(kind), Mark: g.mark(kind, value), Stub: like.Stub, KeepsDomain: like.KeepsDomain, ErasedAt: like.ErasedAt}
	if _, known := g.by[[2]string{t.Kind, t.Mark}]; known {
		return
	}
	if kind != ofPast && !g.has[ofKey] {
		own := KeyMark(g.key, like.ErasedAt)
		g.put(own)
		g.added = append(g.added, own)
	}
	g.put(t)
	g.added = append(g.added, t)
}

func (g *graveyard) mark(kind identity, value string) string {
	if g.mac == nil {
		g.mac = hmac.New(sha256.New, g.key)
	}
	g.mac.Reset()
	g.mac.Write([]byte(string(kind) + "\x00" + value))
	return hex.EncodeToString(g.mac.Sum(nil)[:16])
}

// find returns the tombstone of an identity in its key form.
func (g *graveyard) find(kind identity, key string) (Tombstone, bool) {
	if key == "" || !g.has[kind] {
		return Tombstone{}, false
	}
	t, ok := g.by[[2]string{string(kind), g.mark(kind, key)}]
	return t, ok
}

// recordKey is the key of a contact id within its source.
func recordKey(source, id string) string { return source + "\x00" + id }

// standIn is what stands where an identity of an erased person stood: always
// the same for the same one, so that reading a source again changes nothing.
func (g *graveyard) standIn(kind identity, t Tombstone, key string) string {
	short := t.Stub + "-" + g.mark(kind, key)[:6]
	switch kind {
	case ofHandle:
		return t.Stub
	case ofEmail:
		if t.KeepsDomain {
			domain, _ := g.text(domainOf(key), asKey) // it may be the name of the person
			return short + "@" + domain
		}
		return short + "@" + strings.TrimPrefix(t.Stub, standIn) + nowhere
	default:
		return short
	}
}

// value returns what is to stand for a value of a column of this kind; ok is
// false when the value belongs to nobody who was erased.
func (g *graveyard) value(kind identity, source, value string) (string, bool) {
	key := value
	switch kind {
	case ofEmail:
		key = emailKey(value)
	case ofPhone:
		key = phoneKey(value)
	case ofHandle:
		key = handleKey(value)
	case ofContact:
		key = recordKey(source, value)
	default:
	}
	t, ok := g.find(kind, key)
	if !ok && kind == ofHandle && unusual(handleEnd(key)) {
		t, ok = g.find(ofHandleEnd, handleEnd(key))
	}
	if !ok {
		return "", false
	}
	return g.standIn(kind, t, key), true
}

// cell parts a rejected row into what may be one identity each.
var cell = regexp.MustCompile(`[^,;|\t"{}\[\]<>()]+`)

// namesIn reports whether a text as a source wrote it names somebody erased: as
// any text does, or by a cell that is an id, phone number or handle.
func (g *graveyard) namesIn(text string) bool {
	if len(g.spots(text, asWords)) > 0 {
		return true
	}
	for _, c := range cell.FindAllString(text, -1) {
		for _, part := range []string{strings.TrimSpace(c), afterColon(c)} {
			if part == "" {
				continue
			}
			if _, ok := g.find(ofAnyContact, part); ok {
				return true
			}
			if _, ok := g.find(ofHandle, handleKey(part)); ok {
				return true
			}
			if digits := phoneKey(part); len(digits) >= 6 {
				if _, ok := g.find(ofPhone, digits); ok {
					return true
				}
			}
		}
	}
	return false
}

func afterColon(text string) string {
	_, rest, _ := strings.Cut(text, ":")
	return strings.TrimSpace(rest)
}
