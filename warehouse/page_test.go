package warehouse_test

import (
	"testing"

	"credence/warehouse"
)

func TestPageOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ address, want string }{
		{"https://h.example/w", "https://h.example/w"},
		{"https://h.example/w?name=Anna+Lindner&email=a%40b.example&cid=C-1", "https://h.example/w"},
		{"https://h.example/w?utm_source=news&x=1&utm_medium=email&utm_term=anna", "https://h.example/w?utm_source=news&utm_medium=email"},
		{"https://h.example/w?utm_content=post:P1#top", "https://h.example/w?utm_content=post:P1"},
		{"https://h.example/w#utm_campaign=a%20b", "https://h.example/w?utm_campaign=a%20b"},
		{"https://h.example/w?utm_campaign=a@b.example&utm_source=x", "https://h.example/w?utm_source=x"},
		{"https://h.example/w?utm_campaign=a%2540b.example&utm_source=x", "https://h.example/w?utm_source=x"},
		{"https://h.example/w?a=1&gclid=Cj0K", "https://h.example/w?gclid="},
		{"https://h.example/w?msclkid=1", "https://h.example/w?msclkid="},
		{"", ""},
	} {
		if got := warehouse.PageOf(tt.address); got != tt.want {
			t.Errorf("PageOf(%q) = %q, want %q", tt.address, got, tt.want)
		}
	}
}
