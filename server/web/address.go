package web

import (
	"bytes"
	"net/netip"
	"slices"

	"github.com/gofiber/fiber/v2"

	"credence/connectors/outgoing"
)

// address is the machine that asks, for limits: who is connected, or what the
// nearest proxy that is not one of ours was asked by. What stands further left in
// X-Forwarded-For was written by whoever asks, and could be another each time.
func (s *Server) address(c *fiber.Ctx) string {
	remote := c.Context().RemoteIP().String()
	if len(s.Config.TrustedProxies) == 0 || !c.IsProxyTrusted() {
		return remote
	}
	ours, err := outgoing.ParseNetworks(s.Config.TrustedProxies)
	if err != nil {
		return remote
	}
	lines := c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) // some proxies add one of their own below the one they got
	hops := bytes.Split(bytes.Join(lines, []byte(",")), []byte(","))
	for _, hop := range slices.Backward(hops) {
		ip, err := netip.ParseAddr(string(bytes.TrimSpace(hop)))
		if err != nil {
			break
		}
		remote = ip.Unmap().WithZone("").String()
		if !slices.ContainsFunc(ours, func(p netip.Prefix) bool { return p.Contains(ip.Unmap()) }) {
			break
		}
	}
	return remote
}
