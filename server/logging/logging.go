// Package logging makes the log of the server, which names nobody: whatever an
// error of a source, a directory or the engine quotes, no e-mail address, no
// token of ours and no whole IP address of another machine reaches the log.
//
// It is the last line: callers log no value that is somebody's in the first
// place.
package logging

import (
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"regexp"
	"strings"
)

// New is a log of lines that name nobody.
func New(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		switch a.Value.Kind() {
		case slog.KindString, slog.KindAny: // the others are numbers and times
			text := a.Value.Any()
			if bytes, ok := text.([]byte); ok {
				text = string(bytes)
			}
			a.Value = slog.StringValue(mask(fmt.Sprintf("%+v", text)))
		default:
		}
		return a
	}}))
}

var (
	// Quoted parts and all else up to what stands around an address; a domain, or an IP address.
	address = regexp.MustCompile(`(?:"[^"\n]+"|[^\s"<>()\[\],;:/\\]+)+(?:@|%(?:25)*40)([\pL\pN](?:[\pL\pN.-]*[\pL\pN])?|\[[^\]\s]*\])`)
	// API tokens (cred_ID_SECRET), and JWTs, behind an escape such as %20 or \n too.
	token = regexp.MustCompile(`cred_\w+|eyJ[\w-]+(?:\.[\w-]*)*`)
	ip4   = regexp.MustCompile(`(?i:::ffff:)?\d{1,3}(?:\.\d{1,3}){3}`)
	ip6   = regexp.MustCompile(`[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f]*`)
)

// mask leaves of an e-mail address its domain, of a token nothing, and of an IP
// address its network.
func mask(text string) string {
	text = token.ReplaceAllString(text, "(token)")
	text = address.ReplaceAllString(text, "(somebody)@$1")
	text = ip4.ReplaceAllStringFunc(text, func(found string) string {
		masked, _ := network(found)
		return masked
	})
	return ip6.ReplaceAllStringFunc(text, func(found string) string {
		for from := 0; from >= 0; { // a word and a colon may stand before it, a port or a colon after it
			host := found[from:]
			for _, end := range []int{len(host), strings.LastIndexByte(host, ':')} {
				if end < 0 {
					continue
				}
				if masked, ok := network(host[:end]); ok {
					return found[:from] + masked + host[end:]
				}
			}
			next := strings.IndexByte(host, ':')
			if next < 0 {
				break
			}
			from += next + 1
		}
		return found
	})
}

// network masks an IP address, unless it is this machine's; ok is false when it is
// none.
func network(found string) (masked string, ok bool) {
	addr, err := netip.ParseAddr(found)
	if err != nil {
		return found, false
	}
	addr = addr.Unmap()
	if addr.IsLoopback() || addr.IsUnspecified() {
		return found, true
	}
	bits := 24
	if addr.Is6() {
		bits = 48
	}
	return netip.PrefixFrom(addr, bits).Masked().String(), true
}
