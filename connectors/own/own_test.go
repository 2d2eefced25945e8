package own

import "testing"

func TestHas(t *testing.T) {
	t.Parallel()
	p, err := New("Halden.example", "@second.example", "anna@free.example", "")
	if err != nil {
		t.Fatal(err)
	}
	p = p.With("ben@free.example")
	tests := []struct {
		name, address string
		want          bool
	}{
		{"a domain", "x@halden.example", true},
		{"a domain with an at sign", "x@second.example", true},
		{"a domain below ours", "x@sales.halden.example", true},
		{"a domain that ends like ours", "x@nothalden.example", false},
		{"an address", "anna@free.example", true},
		{"an address added later", "ben@free.example", true},
		{"another address of that domain", "kim@free.example", false},
		{"nothing", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := p.Has(tt.address); got != tt.want {
				t.Errorf("%s: got %v, want %v", tt.address, got, tt.want)
			}
		})
	}
	for _, bad := range []string{"a b", "a@", "a@b@c", "x;y"} {
		if _, err := New(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
