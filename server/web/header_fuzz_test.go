package web

import (
	"html"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"credence/server/config"
)

// FuzzWhoAsks sends any X-Forwarded-For, which one of our proxies adds whom it was
// asked by to, at its end or in a line of its own: nothing that was sent is believed.
func FuzzWhoAsks(f *testing.F) {
	ours := netip.MustParsePrefix("10.0.0.0/8")
	s := newTestServer(f, func(c *config.Config) { c.TrustedProxies = []string{ours.String()} })
	for _, sent := range []string{"", "1.1.1.1", "1.1.1.1, 10.0.0.2", "x", ",", "::ffff:10.0.0.1", "fe80::1%eth0", "1.1.1.1:80", "[::1]", "10.0.0.1,10.0.0.1", "unknown"} {
		f.Add([]byte{203, 0, 113, 9}, []byte{198, 51, 100, 1}, sent)
		f.Add([]byte{10, 0, 0, 1}, []byte("\x20\x01\x0d\xb8567890abcdef"), sent)
	}
	f.Fuzz(func(t *testing.T, connected, asker []byte, sent string) {
		remote, ok := netip.AddrFromSlice(connected)
		peer, known := netip.AddrFromSlice(asker)
		if remote, peer = remote.Unmap(), peer.Unmap(); !ok || !known || ours.Contains(peer) || strings.ContainsAny(sent, "\r\n\x00") {
			return
		}
		for _, lines := range [][]string{{sent + ", " + peer.String()}, {sent, peer.String()}, {sent, peer.String() + ", 10.1.2.3"}, {sent, peer.String(), "10.1.2.3"}, {sent}} {
			var rc fasthttp.RequestCtx
			rc.Init(&fasthttp.Request{}, &net.TCPAddr{IP: remote.AsSlice()}, nil)
			for _, line := range lines {
				rc.Request.Header.Add(fiber.HeaderXForwardedFor, line)
			}
			c := s.app.AcquireCtx(&rc)
			got := s.address(c)
			s.app.ReleaseCtx(c)
			if addr, err := netip.ParseAddr(got); err != nil || addr.String() != got || addr.Zone() != "" || addr.Is4In6() {
				t.Errorf("%s asks with %q and is %q, no plain address: %v", remote, lines, got, err)
			}
			want := peer
			switch {
			case !ours.Contains(remote):
				want = remote
			case len(lines) == 1 && lines[0] == sent: // no proxy wrote it
				continue
			}
			if got != want.String() {
				t.Errorf("%s asks with %q and is %s, want %s", remote, lines, got, want)
			}
		}
	})
}

// FuzzAgent reads any User-Agent: what a list of sessions shows is of our words alone.
func FuzzAgent(f *testing.F) {
	for _, header := range []string{"", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Safari/604.1", "curl/8", "Firefox/<script>alert(1)</script> Linux", "python-requests/2", strings.Repeat("Chrome/", 2000), "\xff\x00Edg/"} {
		f.Add(header)
	}
	ours := strings.Fields("another program Edge Opera Firefox Chrome Safari curl Python a Go program on iPhone iPad Android Windows Mac Linux")
	f.Fuzz(func(t *testing.T, header string) {
		got := agentOf(header)
		for word := range strings.SplitSeq(got, " ") {
			if !slices.Contains(ours, word) {
				t.Errorf("%q is shown as %q, with %q", header, got, word)
			}
		}
		if len(got) > 30 || html.EscapeString(got) != got {
			t.Errorf("%q is shown as %q", header, got)
		}
	})
}
