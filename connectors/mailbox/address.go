package mailbox

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxAddresses is how many people of one message are kept; a longer list is a
// mass mail.
const maxAddresses = 1000

// addresses returns the addresses of a From, To or Cc value in lower case.
// Names are passed over, whatever their quoting, encoding (RFC 2047) or
// damage: real mailboxes hold values that a strict parser refuses whole.
func addresses(value string, limit int) []string {
	var out []string
	var (
		token   strings.Builder // text outside quotes, comments and brackets
		angle   string
		inAngle bool
		quoted  bool
		depth   int // of comments
	)
	end := func() {
		addr := angle
		if addr == "" {
			addr = token.String()
		}
		token.Reset()
		angle, inAngle = "", false
		if a := clean(addr); a != "" && len(out) < limit {
			out = append(out, a)
		}
	}
	start := 0
	for i := 0; i < len(value); i++ {
		c := value[i]
		switch {
		case c == '\\' && (quoted || depth > 0):
			i++ // the next character stands for itself
		case quoted:
			if c == '"' {
				quoted = false
			}
		case depth > 0:
			switch c {
			case '(':
				depth++
			case ')':
				depth--
			}
		case inAngle:
			if c == '>' {
				angle, inAngle = value[start:i], false
			}
		case c == '"':
			quoted = true
		case c == '(':
			depth++
		case c == '<':
			inAngle, start = true, i+1
		case c == ',' || c == ';':
			end()
		case c == ':':
			if strings.EqualFold(strings.TrimSpace(token.String()), "mailto") {
				token.Reset()
				continue
			}
			token.Reset() // the name of a group: "undisclosed-recipients:;"
		default:
			token.WriteByte(c)
		}
	}
	if inAngle {
		angle = value[start:]
	}
	end()
	return out
}

// clean returns an address in lower case, or "" when it is none.
func clean(addr string) string {
	addr = strings.TrimSpace(addr)
	if i := strings.LastIndexByte(addr, ':'); i >= 0 { // a source route or mailto:
		addr = addr[i+1:]
	}
	addr = strings.Trim(addr, "'\"` .")
	at := strings.LastIndexByte(addr, '@')
	if at <= 0 || at == len(addr)-1 || len(addr) > 254 || !utf8.ValidString(addr) {
		return ""
	}
	for _, r := range addr {
		if unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`<>()[],;:"\|`, r) || !unicode.IsPrint(r) {
			return ""
		}
	}
	local, domain := addr[:at], strings.TrimRight(addr[at+1:], ".")
	if strings.Contains(local, "@") || domain == "" || strings.HasPrefix(domain, ".") || strings.HasPrefix(domain, "-") {
		return ""
	}
	return strings.ToLower(local + "@" + domain)
}
