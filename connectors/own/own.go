// Package own tells our own people from the outside world by address and
// domain. Mail and chat connectors derive the direction of an act from it, all
// by the same rule.
package own

import (
	"fmt"
	"slices"
	"strings"
)

// People knows which addresses are ours. The zero value knows none.
type People struct {
	domains   map[string]bool
	addresses map[string]bool
}

// New makes People of domains ("halden.example", "@halden.example") and
// addresses ("anna@free.example").
func New(list ...string) (People, error) {
	p := People{domains: map[string]bool{}, addresses: map[string]bool{}}
	for _, item := range list {
		item = strings.ToLower(strings.TrimSpace(item))
		local, domain, isAddress := strings.Cut(item, "@")
		switch {
		case item == "":
		case strings.ContainsAny(item, " \t,;<>") || isAddress && (domain == "" || strings.Contains(domain, "@")):
			return People{}, fmt.Errorf("%q is neither an address (anna@halden.example) nor a domain (halden.example)", item)
		case isAddress && local != "":
			p.addresses[item] = true
		case isAddress:
			p.domains[domain] = true
		default:
			p.domains[item] = true
		}
	}
	return p, nil
}

// With is p and further addresses.
func (p People) With(addresses ...string) People {
	out := People{domains: p.domains, addresses: map[string]bool{}}
	for a := range p.addresses {
		out.addresses[a] = true
	}
	for _, a := range addresses {
		out.addresses[a] = true
	}
	return out
}

// Empty says that nothing is known about us.
func (p People) Empty() bool { return len(p.domains)+len(p.addresses) == 0 }

// Has says whether a lower-case address is ours: by itself, or by its domain or
// one above it.
func (p People) Has(address string) bool {
	if p.addresses[address] {
		return true
	}
	domain := address[strings.LastIndexByte(address, '@')+1:]
	for {
		if p.domains[domain] {
			return true
		}
		_, rest, ok := strings.Cut(domain, ".")
		if !ok {
			return false
		}
		domain = rest
	}
}

// List is all of p as sorted text, for cursors: who is one of us decides the
// direction of every act.
func (p People) List() []string {
	out := make([]string, 0, len(p.domains)+len(p.addresses))
	for d := range p.domains {
		out = append(out, "@"+d)
	}
	for a := range p.addresses {
		out = append(out, a)
	}
	slices.Sort(out)
	return out
}
