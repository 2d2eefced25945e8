package ui_test

import (
	"bytes"
	"errors"
	"regexp"
	"strings"
	"testing"

	"credence/ui"
)

// samples is one view for each page, with hostile names where data can be; the
// test below fails for a page that has none.
var samples = map[string]any{
	"overview": sampleOverview, "team": sampleTeam, "rep": sampleRep, "deals": sampleDeals,
	"sign-in": ui.SignIn{Company: evil, Email: evil, Problem: evil},
	"sources": sampleSources, "source": sampleSource, "source-run": sampleRun, "quality": sampleQuality, "quality-rows": sampleQualityRows,
	"deal": sampleDeal, "attribution": sampleAttribution, "efficiency": sampleEfficiency, "reports": sampleReports,
	"settings": sampleSettings, "restatement": sampleRestatement, "close-period": sampleClosePeriod,
	"models": sampleModels, "model": sampleModel,
	"ledger-rows": sampleLedgerRows, "open-pipeline": sampleOpenPipeline, "campaigns": sampleCampaigns, "campaign": sampleCampaign,
	"audit": sampleAudit, "users": sampleUsers, "user": sampleUser, "account": sampleAccount, "code-form": sampleCodeForm,
	"error": ui.ProblemFor(500, evil, "/deals"),
}

const evil = `"><script>alert(1)</script>`

var (
	inlineStyle  = regexp.MustCompile(`\sstyle\s*=`)
	inlineScript = regexp.MustCompile(`<script(?:\s[^>]*)?>`)
	handler      = regexp.MustCompile(`\son[a-z]+\s*=\s*["']`)
)

func TestPagesRenderWithoutInlineScriptOrStyle(t *testing.T) {
	t.Parallel()
	nav, admin := ui.Rail([]string{"manager", "root", "cmo", "admin"})
	layout := ui.Layout{
		Company: evil, User: ui.User{Name: evil, Role: evil}, Nav: nav, Admin: admin, Finding: ui.Say("Won ").Link(evil, "/deals?q="+evil),
		Period: &ui.Selector{Label: "Period", Value: "2026 Q3", Options: []ui.Option{{Text: evil, Href: "?period=2026Q2"}}},
		Crumbs: []ui.Link{{Text: evil}}, Fresh: ui.Freshness{State: "ok", Text: evil}, Notes: []string{evil},
		Messages: []ui.Message{{Kind: "ok", Text: ui.Say(evil)}},
	}
	for _, page := range ui.Pages() {
		view, ok := samples[page]
		if !ok {
			t.Errorf("page %q has no sample in samples: add one, so that its template is opened by a test", page)
			continue
		}
		for _, bare := range []bool{false, true} {
			l := layout
			l.Bare = bare
			var buf bytes.Buffer
			if err := ui.Render(&buf, page, l, view); err != nil {
				t.Errorf("%s: %v", page, err)
				continue
			}
			body := buf.String()
			if inlineStyle.MatchString(body) {
				t.Errorf("%s holds an inline style: %s", page, around(body, inlineStyle))
			}
			for _, tag := range inlineScript.FindAllString(body, -1) {
				if !strings.Contains(tag, "src=") && !strings.Contains(tag, `type="application/json"`) {
					t.Errorf("%s holds an inline script: %s", page, tag)
				}
			}
			if handler.MatchString(body) {
				t.Errorf("%s holds an event handler attribute: %s", page, around(body, handler))
			}
			if strings.Contains(body, "ZgotmplZ") {
				t.Errorf("%s holds a value html/template refused", page)
			}
		}
	}
}

func around(body string, re *regexp.Regexp) string {
	at := re.FindStringIndex(body)
	return body[max(0, at[0]-60):min(len(body), at[1]+60)]
}

func TestAnUnknownPageIsAnError(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"nothing", "../layout", "parts/section"} {
		if err := ui.Render(&bytes.Buffer{}, page, ui.Layout{}, nil); !errors.Is(err, ui.ErrPage) {
			t.Errorf("Render(%q) = %v, want ErrPage", page, err)
		}
	}
}

func TestAFieldTheViewLacksIsAnErrorAndWritesNothing(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	err := ui.Render(&buf, "sign-in", ui.Layout{Bare: true}, struct{ Company string }{"Halden"})
	if err == nil || buf.Len() != 0 {
		t.Errorf("error %v and %d bytes, want an error and none", err, buf.Len())
	}
}

func TestOwnAssetsHaveHashedAddresses(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"app.css", "app.js", "mount.js", "mark.svg"} {
		address := ui.Asset(name)
		if !regexp.MustCompile(`^/static/[a-z]+\.[0-9a-f]{8}\.[a-z]+$`).MatchString(address) {
			t.Errorf("Asset(%q) = %q", name, address)
			continue
		}
		f, ok := ui.Open(strings.TrimPrefix(address, ui.StaticPath))
		if !ok || len(f.Body) == 0 || f.Type == "application/octet-stream" {
			t.Errorf("Open(%q) = %v, %d bytes of %s", address, ok, len(f.Body), f.Type)
		}
	}
	if ui.Asset("app.exe") != "" {
		t.Error("an unknown asset has an address")
	}
}
