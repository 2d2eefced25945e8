package warehouse

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// How somebody erased is recognised in a text:
//
//   - by an e-mail address, however it is escaped;
//   - by a handle: one with a digit, dot, dash or underscore wherever it stands as a
//     word of its own or at the end of one, one of letters alone only behind @ or
//     in/ or as the whole text, because a word is a word;
//   - by a phone number of seven digits or more in any spelling, with or without its
//     country;
//   - by a contact id of six characters or more with a digit, or a shorter one that
//     a link gives as a value (cid=C-1), but not in columns of other records' ids;
//   - by the full name: all of its two to six words side by side, in any order (where
//     they stand in small letters as words of a sentence, in its own), with anything
//     but letters and digits between them, written together, in the genitive, as
//     escaped words or as values of neighbouring fields (first=Anna&last=Lindner),
//     with or without accents and umlauts.
//
// Half a name is nobody's: of a person called Mark May no mark and no may is
// touched, but in words that say the full name too, where a Mr May is that person.
// A namesake in a text is taken for the person; a namesake's own record is not.

// spot is where a text names somebody, and the stand-in of it.
type spot struct {
	from, to int
	key      string // what stands there in a column of keys
	words    string // and in one of words
}

var (
	letters     = regexp.MustCompile(`[\p{L}\p{M}]+`)
	lettersOnly = regexp.MustCompile(`^[\p{L}\p{M}]+$`)
	run         = regexp.MustCompile(`[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}._-]*[\p{L}\p{M}\p{N}])?`)
	alnum       = regexp.MustCompile(`[\p{L}\p{M}\p{N}]+`)
	fieldName   = regexp.MustCompile(`[\p{L}\p{N}_.-]+(?:=|"\s*:)`)
	phoneLike   = regexp.MustCompile(`\+?\(?\d[\d ()./-]{5,}\d`)
	digitRun    = regexp.MustCompile(`\d+`)
)

// nameTitles are words before a name that are no part of it.
var nameTitles = []string{"dr", "prof", "mr", "mrs", "ms", "herr", "frau", "ing", "dipl", "mag", "phd"}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "æ", "ae", "ø", "oe", "å", "aa")

// bare is a word in lower case without accents.
func bare(word string) string {
	word = strings.ToLower(word)
	if strings.IndexFunc(word, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return word
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'ø':
			return 'o'
		default:
			return r
		}
	}, strings.ReplaceAll(norm.NFD.String(word), "ß", "ss"))
}

// nameWords are the words of a name without titles.
func nameWords(name string) []string {
	all := letters.FindAllString(name, -1)
	return slices.DeleteFunc(all, func(w string) bool { return slices.Contains(nameTitles, strings.ToLower(w)) })
}

// inOrder and anyOrder are the keys of a name with its words as they are, and
// whatever their order.
func inOrder(words []string) string { return strings.Join(words, " ") }

func anyOrder(words []string) string {
	sorted := slices.Clone(words)
	slices.Sort(sorted)
	return "any " + strings.Join(sorted, " ")
}

func nameKind(n int) identity { return identity(fmt.Sprintf("%s %d", ofName, n)) }

// addName makes tombstones of a name of two to six words; a single word means too
// many things.
func (g *graveyard) addName(name string, like Tombstone) {
	for _, spelled := range []string{name, umlauts.Replace(strings.ToLower(norm.NFC.String(name)))} {
		words := nameWords(spelled)
		for i := range words {
			words[i] = bare(words[i])
		}
		if n := len(words); n < 2 || n > 6 {
			return
		}
		g.add(nameKind(len(words)), inOrder(words), like)
		g.add(nameKind(len(words)), anyOrder(words), like)
		together := [][]string{words}
		if len(words) == 2 {
			together = append(together, []string{words[1], words[0]})
		}
		for _, order := range together {
			if whole := strings.Join(order, ""); len(whole) >= 6 {
				g.add(nameKind(1), whole, like)
			}
		}
	}
}

// addHandle makes tombstones of a handle, for records and for texts.
func (g *graveyard) addHandle(handle string, like Tombstone) {
	key := handleKey(handle)
	g.add(ofHandle, key, like)
	g.add(ofHandleEnd, handleEnd(key), like)
}

// addPhone makes tombstones of a phone number, for records and for texts.
func (g *graveyard) addPhone(phone string, like Tombstone) {
	key := phoneKey(phone)
	g.add(ofPhone, key, like)
	if end := phoneEnd(key); end != "" {
		g.add(ofPhoneEnd, end, like)
	}
}

// handleEnd is the last part of a handle that is written as an address.
func handleEnd(key string) string {
	key, _, _ = strings.Cut(key, "?")
	key = strings.TrimRight(key, "/")
	return key[strings.LastIndex(key, "/")+1:]
}

// phoneEnd is a number without its country, area's zero included; empty when it is
// too short to be told from others.
func phoneEnd(key string) string {
	if len(key) < 10 {
		return ""
	}
	return key[len(key)-9:]
}

// unusual reports whether a handle is no word that others write too.
func unusual(handle string) bool {
	isSign := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) }
	return len(handle) >= 5 && strings.IndexFunc(handle, unicode.IsLetter) >= 0 && strings.IndexFunc(handle, isSign) >= 0
}

// text puts stand-ins where a text names somebody erased; changed is false when it
// names nobody.
func (g *graveyard) text(text string, as treatment) (string, bool) {
	spots := g.spots(text, as)
	if len(spots) == 0 {
		return text, false
	}
	var out strings.Builder
	done := 0
	for _, s := range spots {
		if s.from < done {
			continue
		}
		out.WriteString(text[done:s.from])
		if as == asWords {
			out.WriteString(s.words)
		} else {
			out.WriteString(s.key)
		}
		done = s.to
	}
	out.WriteString(text[done:])
	return out.String(), true
}

// plainText is a text with its escapes undone, and where each byte came from.
type plainText struct {
	text  string
	at    []int // of each byte and the end; nil: unchanged
	taken []spot
}

func plainOf(text string) *plainText {
	if !strings.Contains(text, "%") {
		return &plainText{text: text}
	}
	var b []byte
	var at []int
	for i := 0; i < len(text); {
		at = append(at, i)
		if text[i] == '%' && i+2 < len(text) {
			if c, err := hex.DecodeString(text[i+1 : i+3]); err == nil {
				b = append(b, c...)
				i += 3
				continue
			}
		}
		b = append(b, text[i])
		i++
	}
	return &plainText{text: string(b), at: append(at, len(text))}
}

// free reports whether nothing was found there yet.
func (p *plainText) free(from, to int) bool {
	return !slices.ContainsFunc(p.taken, func(s spot) bool { return from < s.to && s.from < to })
}

func (p *plainText) take(from, to int, key, words string) {
	p.taken = append(p.taken, spot{from, to, key, words})
}

// gap stands in words for somebody who was named.
const gap = "…"

// spots are the places of a text that name somebody erased, in order.
func (g *graveyard) spots(text string, as treatment) []spot {
	if text == "" {
		return nil
	}
	p := plainOf(text)
	if strings.Contains(p.text, "@") {
		for _, m := range addressLike.FindAllStringIndex(p.text, -1) {
			if to, ok := g.value(ofEmail, "", p.text[m[0]:m[1]]); ok {
				p.take(m[0], m[1], to, to)
			}
		}
	}
	g.runs(p, as)
	maybePhone, maybeName := shape(p.text)
	if maybePhone && (g.has[ofPhone] || g.has[ofPhoneEnd]) {
		for _, m := range phoneLike.FindAllStringIndex(p.text, -1) {
			g.phones(p, m[0], m[1])
		}
	}
	if maybeName && len(g.words) > 0 {
		g.names(p, as)
	}
	slices.SortFunc(p.taken, func(a, b spot) int { return cmp.Compare(a.from, b.from) })
	if p.at != nil {
		for i := range p.taken {
			p.taken[i].from, p.taken[i].to = p.at[p.taken[i].from], p.at[p.taken[i].to]
		}
	}
	return p.taken
}

// shape tells quickly what a text cannot hold: a phone number without seven digits,
// or a name without two words or a long one. Most texts are ids.
func shape(text string) (maybePhone, maybeName bool) {
	digits, words, longest, length := 0, 0, 0, 0
	for i := range len(text) {
		switch c := text[i]; {
		case c >= utf8.RuneSelf:
			return true, true
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			if length++; length == 1 {
				words++
			}
			longest = max(longest, length)
		default:
			length = 0
			if '0' <= c && c <= '9' {
				digits++
			}
		}
	}
	return digits >= 7, words > 1 || longest >= 6
}

// oneRun reports whether a text is one run as ids are: letters and digits, with
// signs of handles between them.
func oneRun(text string) bool {
	for i := range len(text) {
		c := text[i]
		sign := c == '.' || c == '_' || c == '-'
		known := 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || sign && i > 0 && i < len(text)-1
		if !known {
			return false
		}
	}
	return true
}

// runs finds handles and contact ids.
func (g *graveyard) runs(p *plainText, as treatment) {
	if !g.has[ofHandleEnd] && !g.has[ofAnyContact] {
		return
	}
	whole := [][]int{{0, len(p.text)}}
	if !oneRun(p.text) {
		whole = run.FindAllStringIndex(p.text, -1)
	}
	for _, m := range whole {
		found := p.text[m[0]:m[1]]
		before := p.text[:m[0]]
		valued := strings.HasSuffix(before, "=")
		if as != asKey || valued {
			if valued || len(found) >= 6 && strings.IndexFunc(found, unicode.IsDigit) >= 0 {
				if t, ok := g.find(ofAnyContact, found); ok && p.free(m[0], m[1]) {
					p.take(m[0], m[1], g.standIn(ofAnyContact, t, found), gap)
					continue
				}
			}
		}
		named := strings.HasSuffix(before, "@") || strings.HasSuffix(before, "in/") || strings.Trim(p.text, " @") == found
		for from := 0; from >= 0 && from < len(found); {
			part := strings.ToLower(found[from:])
			if unusual(part) || named && from == 0 {
				if t, ok := g.find(ofHandleEnd, part); ok && p.free(m[0]+from, m[1]) {
					p.take(m[0]+from, m[1], t.Stub, gap)
					break
				}
			}
			next := strings.IndexAny(found[from:], "._-")
			if next < 0 {
				break
			}
			from += next + 1
		}
	}
}

// phones finds a phone number between two places: some groups of digits in a row.
func (g *graveyard) phones(p *plainText, from, to int) {
	groups := digitRun.FindAllStringIndex(p.text[from:to], -1)
	for i := range groups {
		for j := len(groups); j > i; j-- {
			start, end := from+groups[i][0], from+groups[j-1][1]
			if i == 0 {
				start = from
			}
			key := strings.Join(digitRun.FindAllString(p.text[start:end], -1), "")
			if p.text[start] == '+' {
				key = phoneKey(p.text[start:end])
			}
			if len(key) < 7 || len(key) > 17 {
				continue
			}
			t, ok := g.find(ofPhone, key)
			if !ok && len(key) >= 9 {
				t, ok = g.find(ofPhoneEnd, key[len(key)-9:])
			}
			if ok && p.free(start, end) {
				p.take(start, end, g.standIn(ofPhone, t, key), gap)
				return
			}
		}
	}
}

// names finds full names.
func (g *graveyard) names(p *plainText, as treatment) {
	keys := fieldName.FindAllStringIndex(p.text, -1)
	type token struct {
		from, to int
		word     string
		joins    bool // nothing but signs and names of fields stands before it
	}
	var tokens []token
	joins := false
	for _, m := range alnum.FindAllStringIndex(p.text, -1) {
		if slices.ContainsFunc(keys, func(k []int) bool { return m[0] >= k[0] && m[1] <= k[1] }) {
			continue
		}
		if !lettersOnly.MatchString(p.text[m[0]:m[1]]) || !p.free(m[0], m[1]) {
			joins = false
			continue
		}
		tokens = append(tokens, token{m[0], m[1], bare(p.text[m[0]:m[1]]), joins})
		joins = true
	}
	var said []string // words of names that were found
	for i := 0; i < len(tokens); i++ {
		for _, n := range g.words {
			if i+n > len(tokens) || n == 1 && len(tokens[i].word) < 6 {
				continue
			}
			window := tokens[i : i+n]
			if slices.ContainsFunc(window[1:], func(t token) bool { return !t.joins }) {
				continue
			}
			words := make([]string, n)
			for j, t := range window {
				words[j] = t.word
			}
			t, ok := g.name(words, !asSentence(p.text[window[0].from:window[n-1].to]))
			if !ok {
				continue
			}
			stand := t.Stub + "-" + g.mark(ofName, strings.Join(words, " "))[:6]
			p.take(window[0].from, window[n-1].to, stand, gap)
			said = append(said, words...)
			i += n - 1
			break
		}
	}
	for _, t := range tokens {
		first, _ := utf8.DecodeRuneInString(p.text[t.from:])
		if as == asWords && len(t.word) > 2 && unicode.IsUpper(first) && slices.Contains(said, t.word) && p.free(t.from, t.to) {
			p.take(t.from, t.to, gap, gap)
		}
	}
}

// asSentence reports whether words are written as any others: small letters and blanks.
// They are a name in its own order alone, because this may mark a sentence.
func asSentence(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r != ' ' && !unicode.IsLower(r) }) < 0
}

// name finds whose name some words are, in their order or any, the last as it is or
// in the genitive.
func (g *graveyard) name(words []string, reordered bool) (Tombstone, bool) {
	kind, keys := nameKind(len(words)), []func([]string) string{inOrder}
	if reordered {
		keys = append(keys, anyOrder)
	}
	for _, key := range keys {
		if t, ok := g.find(kind, key(words)); ok {
			return t, true
		}
	}
	last := len(words) - 1
	stem, is := strings.CutSuffix(words[last], "s")
	if !is || len(stem) < 2 {
		return Tombstone{}, false
	}
	words = append(slices.Clone(words[:last]), stem)
	for _, key := range keys {
		if t, ok := g.find(kind, key(words)); ok {
			return t, true
		}
	}
	return Tombstone{}, false
}
