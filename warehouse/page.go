package warehouse

import (
	"regexp"
	"slices"
	"strings"
)

// pageColumns are the addresses of pages that acts happened on. Of what stands
// behind the page only tags are used, and whatever else does is often an address,
// name or number from a form: it is cut off before a row is kept. The addresses of
// posts stay whole (a video's is its query), and so do those of daily counts,
// which are of nobody and would run into one another.
var pageColumns = map[string][]string{
	"engagements": {"url"},
	"visits":      {"landing_url", "referrer"},
}

// usedTags are the tags of an address that credit is worked out by.
var usedTags = []string{"utm_source", "utm_medium", "utm_campaign", "utm_content"}

// atSign is @ as it is or escaped, also by each of several programs a link went through.
var atSign = regexp.MustCompile(`@|%(?:25)*40`)

// PageOf is an address of a page with what is used of it: the page, the tags that
// hold no e-mail address, and that a paid click led there, without its number.
func PageOf(address string) string {
	at := strings.IndexAny(address, "?#")
	if at < 0 {
		return address
	}
	page, sign := address[:at], "?"
	var b strings.Builder
	b.WriteString(page)
	for piece := range strings.FieldsFuncSeq(address[at+1:], func(r rune) bool { return r == '&' || r == '#' }) {
		key, value, _ := strings.Cut(piece, "=")
		if _, after, nested := strings.Cut(key, "?"); nested {
			key = after
		}
		kept := ""
		switch {
		case strings.HasSuffix(key, "gclid"):
			kept = "gclid="
		case strings.HasSuffix(key, "msclkid"):
			kept = "msclkid="
		case slices.Contains(usedTags, key) && !atSign.MatchString(value):
			kept = key + "=" + value
		}
		if kept != "" {
			b.WriteString(sign + kept)
			sign = "&"
		}
	}
	return b.String()
}

// siteOf is the site of an address alone.
func siteOf(address string) string {
	from := 0
	if at := strings.Index(address, "://"); at >= 0 {
		from = at + len("://")
	}
	if at := strings.IndexAny(address[from:], "/?#"); at >= 0 {
		return address[:from+at] + "/"
	}
	return address
}
