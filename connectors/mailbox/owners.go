package mailbox

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// owners knows which addresses are our own people's.
type owners struct {
	domains   map[string]bool
	addresses map[string]bool
}

func newOwners(list []string) (owners, error) {
	o := owners{domains: map[string]bool{}, addresses: map[string]bool{}}
	for _, item := range list {
		item = strings.ToLower(strings.TrimSpace(item))
		switch {
		case item == "":
		case strings.HasPrefix(item, "@"):
			o.domains[item[1:]] = true
		case strings.Contains(item, "@"):
			addr := clean(item)
			if addr == "" {
				return owners{}, fmt.Errorf("the key \"own\" holds %q, which is neither an address nor a domain", item)
			}
			o.addresses[addr] = true
		default:
			o.domains[item] = true
		}
	}
	return o, nil
}

// with adds the owners of mailboxes that are named after an address:
// "anna.berg@halden.example.mbox".
func (o owners) with(boxes []box) owners {
	out := owners{domains: o.domains, addresses: map[string]bool{}}
	for a := range o.addresses {
		out.addresses[a] = true
	}
	for _, b := range boxes {
		base := path.Base(b.name)
		for _, ext := range []string{".mbox", ".mbx"} {
			base = strings.TrimSuffix(base, ext)
		}
		if addr := clean(base); addr != "" && b.kind == mboxFile {
			out.addresses[addr] = true
		}
	}
	return out
}

func (o owners) empty() bool { return len(o.domains)+len(o.addresses) == 0 }

// has says whether addr is one of us: by address, or by its domain or a domain
// above it.
func (o owners) has(addr string) bool {
	if o.addresses[addr] {
		return true
	}
	domain := addr[strings.LastIndexByte(addr, '@')+1:]
	for {
		if o.domains[domain] {
			return true
		}
		_, rest, ok := strings.Cut(domain, ".")
		if !ok {
			return false
		}
		domain = rest
	}
}

// list is every owner, sorted, for the cursor: who is one of us decides directions.
func (o owners) list() []string {
	var out []string
	for d := range o.domains {
		out = append(out, "@"+d)
	}
	for a := range o.addresses {
		out = append(out, a)
	}
	slices.Sort(out)
	return out
}
