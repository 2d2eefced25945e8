// Package logging makes the log of the server, which names nobody: whatever an
// error of a source, a directory or the engine quotes, no e-mail address, no
// token of ours and no whole IP address of another machine reaches the log.
//
// It is the last line: callers log no value that is somebody's in the first
// place.
package logging

import (
	"io"
	"log/slog"
	"net/netip"
	"regexp"
	"strings"
)

// New is a log of lines that name nobody.
func New(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		switch text := a.Value.Any().(type) {
		case string:
			a.Value = slog.StringValue(mask(text))
		case error:
			a.Value = slog.StringValue(mask(text.Error()))
		}
		return a
	}}))
}

var (
	address = regexp.MustCompile(`[\pL\pN._%+'~=-]+(?:@|%40)([\pL\pN-]+\.[\pL\pN.-]*[\pL\pN])`)
	// API tokens (cred_ID_SECRET), and JWTs.
	token = regexp.MustCompile(`\bcred_\w+|\beyJ[\w-]+(?:\.[\w-]*)*`)
	ip    = regexp.MustCompile(`[0-9A-Fa-f:.]*[:.][0-9A-Fa-f:.]*[0-9A-Fa-f]`)
)

// mask leaves of an e-mail address its domain, of a token nothing, and of an IP
// address its network.
func mask(text string) string {
	text = token.ReplaceAllString(text, "(token)")
	text = address.ReplaceAllString(text, "(somebody)@$1")
	return ip.ReplaceAllStringFunc(text, func(found string) string {
		host, port := found, ""
		addr, err := netip.ParseAddr(host)
		if err != nil {
			at := strings.LastIndexByte(found, ':')
			if at < 0 {
				return found
			}
			host, port = found[:at], found[at:]
			if addr, err = netip.ParseAddr(host); err != nil {
				return found
			}
		}
		addr = addr.Unmap()
		if addr.IsLoopback() || addr.IsUnspecified() {
			return found
		}
		bits := 24
		if addr.Is6() {
			bits = 48
		}
		return netip.PrefixFrom(addr, bits).Masked().String() + port
	})
}
