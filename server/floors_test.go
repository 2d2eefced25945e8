package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// floors are versions below which something is known to be open to attack.
var floors = map[string]string{
	"go":                           "1.26.8", // net/mail, mime, archive/zip, html/template
	"github.com/gofiber/fiber/v2":  "2.52.13",
	"github.com/valyala/fasthttp":  "1.70.0", // GO-2026-4950; the framework asks for an older one
	"github.com/golang-jwt/jwt/v5": "5.2.2",
	"golang.org/x/oauth2":          "0.27.0",
}

func TestNoModuleIsOlderThanItsFixes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for module, floor := range floors {
		m := regexp.MustCompile(`(?m)^\s*` + regexp.QuoteMeta(module) + ` v?([0-9.]+)`).FindStringSubmatch(string(text))
		if m == nil {
			t.Errorf("go.mod names no %s", module)
			continue
		}
		if older(m[1], floor) {
			t.Errorf("%s is %s; %s is the first that is whole", module, m[1], floor)
		}
	}
	if !older("1.9.9", "1.10.0") || older("2.0.0", "1.99.99") || older("1.2.3", "1.2.3") {
		t.Error("versions are compared as text")
	}
}

func older(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(as), len(bs)) {
		x, errx := strconv.Atoi(as[i])
		y, erry := strconv.Atoi(bs[i])
		if errx != nil || erry != nil || x != y {
			return x < y
		}
	}
	return len(as) < len(bs)
}
