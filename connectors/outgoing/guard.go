package outgoing

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"syscall"
)

// reserved are addresses that no public server has although they look like one
// (RFC 6890): private, shared, documentation, benchmarking, and the ways to
// write another address inside.
var reserved = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
	"192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

// metadata is where clouds hand out the credentials of the machine. No setting
// allows them.
var metadata = prefixes("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "100.100.100.200/32", "168.63.129.16/32")

// public6 is what of IPv6 is given out to the public.
var public6 = netip.MustParsePrefix("2000::/3")

func prefixes(texts ...string) (out []netip.Prefix) {
	for _, text := range texts {
		out = append(out, netip.MustParsePrefix(text))
	}
	return out
}

// ParseNetworks reads networks and single addresses: 10.1.0.0/16, 10.1.2.3.
func ParseNetworks(texts []string) ([]netip.Prefix, error) {
	out := make([]netip.Prefix, 0, len(texts))
	for _, text := range texts {
		text = strings.TrimSpace(text)
		p, err := netip.ParsePrefix(text)
		if err != nil {
			one, aerr := netip.ParseAddr(text)
			if aerr != nil || one.Zone() != "" {
				return nil, fmt.Errorf("%q is no network; write for example 10.1.0.0/16 or 10.1.2.3", text)
			}
			p = netip.PrefixFrom(one, one.BitLen())
		}
		if p.Bits() == 0 {
			return nil, fmt.Errorf("%q allows every address; name the network that is meant", text)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// guard decides about addresses as they are dialled.
type guard struct{ allow []netip.Prefix }

func (g guard) secure(_, address string, _ syscall.RawConn) error { return g.check(address, false) }

func (g guard) plain(_, address string, _ syscall.RawConn) error { return g.check(address, true) }

// check refuses the address of one connection.
func (g guard) check(address string, plain bool) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%q, which is no address, %w", address, ErrRefused)
	}
	ip := at.Addr().Unmap().WithZone("")
	switch allowed := within(g.allow, ip); {
	case within(metadata, ip):
		return fmt.Errorf("%s, which belongs to the machine itself, %w", ip, ErrRefused)
	case allowed:
		return nil
	case within(reserved, ip), ip.Is6() && !public6.Contains(ip):
		return fmt.Errorf("the private address %s %w; if it is meant, name its network under outgoing.allow", ip, ErrRefused)
	case plain:
		return fmt.Errorf("%s without https %w", ip, ErrRefused)
	case at.Port() != httpsPort:
		return fmt.Errorf("port %d of %s %w; if it is meant, name the address under outgoing.allow", at.Port(), ip, ErrRefused)
	}
	return nil
}

func within(networks []netip.Prefix, ip netip.Addr) bool {
	return slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(ip) })
}
