package csvfile

import (
	"strings"
	"testing"

	"github.com/knadh/koanf/parsers/yaml"
)

// settings reads the configuration of one source as credence.yaml has it.
func settings(tb testing.TB, text string) map[string]any {
	tb.Helper()
	m, err := yaml.Parser().Unmarshal([]byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func TestForeignFilesBecomeRecords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		files   map[string]string
		config  string
		want    map[string][]string
		rejects []string
	}{
		{
			"several records from one row, maps, constants, templates and ids",
			map[string]string{"pipeline.csv": "id,agent,product,account,stage,closed,value\n" +
				"1,Ann,GTXPro, Acme  Corp ,Won,3/1/2017,1054\n" +
				"2,Ann,MG,,Prospecting,,\n" +
				"3,Bob,MG,Acme Corp,Lost,12/31/2016,0\n"},
			`
files:
  - match: pipeline.csv
    date_format: M/D/YYYY
    records:
      - stream: deals
        set:
          deal_id: id
          owner_rep_id: agent
          name: {template: "{product} for {account}"}
          account_id: {column: account, trim: true}
          status: {column: stage, map: {Won: won, Lost: lost, '*': open}}
          closed_at: closed
          amount: value
          currency: {value: USD}
      - stream: accounts
        when: account
        keep: first
        set: {account_id: {column: account, trim: true}, name: {column: account, trim: yes}}
      - stream: line_items
        when: [{column: stage, equals: Won}, {column: value, not: "0"}]
        set:
          line_id: {id: [id, product]}
          deal_id: id
          product_id: {column: product, map: {GTXPro: GTX Pro}}
          quantity: {value: 1}
          unit_price: value
`,
			map[string][]string{
				"deals": {
					"deal_id=1 account_id=Acme Corp owner_rep_id=Ann name=GTXPro for  Acme  Corp  status=won amount=105400 currency=USD closed_at=2017-03-01T22:59:59Z",
					"deal_id=2 owner_rep_id=Ann name=MG for  status=open currency=USD",
					"deal_id=3 account_id=Acme Corp owner_rep_id=Bob name=MG for Acme Corp status=lost amount=0 currency=USD closed_at=2016-12-31T22:59:59Z",
				},
				"accounts":   {"account_id=Acme Corp name=Acme Corp"},
				"line_items": {"line_id=1c76719e8ed8fe46034419baeac5712a deal_id=1 product_id=GTX Pro quantity=1000000 unit_price=1054000000"},
			},
			nil,
		},
		{
			"joins through two files without headers, quotes as text, Unix time",
			map[string]string{
				"messages.tsv":   "1\tx/1\t910930020\t\"Ale\" papers\t7\n2\tx/2\t910930021\tRe: it\t8\n",
				"recipients.tsv": "1\t1\t8\n1\t2\t9\n3\t1\t8\n",
				"people.tsv":     "7\tAnn\tann@x.example\n8\tBob\tbob@x.example\n",
			},
			`
separator: tab
header: no
files:
  - match: people.tsv
    columns: [id, name, email]
  - match: messages.tsv
    quotes: no
    date_format: unix
    columns: [mid, file, sent, subject, sender]
    join: {file: people.tsv, as: sender, on: {sender: id}}
    records:
      - stream: activities
        set: {activity_id: mid, kind: {value: email}, occurred_at: sent, rep_id: sender, email: sender.email, thread_id: {column: subject, extract: '^(?:Re: )?(.*)$', lower: yes}}
  - match: recipients.tsv
    columns: [mid, n, to]
    join:
      - {file: messages.tsv, as: m, on: {mid: mid}}
      - {file: people.tsv, as: from, on: {m.sender: id}}
      - {file: people.tsv, as: to, on: {to: id}}
    records:
      - stream: activity_people
        set: {activity_id: mid, contact_id: to, email: {column: to.email, default: nobody@x.example}, role: {value: to}}
      - stream: contacts
        when: {column: from.name, empty: no}
        set: {contact_id: m.sender, name: from.name, title: {template: "{_file}:{_line}"}}
`,
			map[string][]string{
				"activities": {
					"activity_id=1 kind=email occurred_at=1998-11-13T04:07:00Z rep_id=7 email=ann@x.example thread_id=\"ale\" papers",
					"activity_id=2 kind=email occurred_at=1998-11-13T04:07:01Z rep_id=8 email=bob@x.example thread_id=it",
				},
				"activity_people": {
					"activity_id=1 contact_id=8 email=bob@x.example role=to",
					"activity_id=1 contact_id=9 email=nobody@x.example role=to",
					"activity_id=3 contact_id=8 email=bob@x.example role=to",
				},
				"contacts": {"contact_id=7 name=Ann title=recipients:1", "contact_id=7 name=Ann title=recipients:2"},
			},
			nil,
		},
		{
			"a row is rejected whole, with the source's name of the field",
			map[string]string{"x.csv": "No,Betrag,Wann\n1;1.000,50;n/a\n2;x;2026-01-01\n"},
			`
separator: ";"
files:
  - match: "*.csv"
    columns: [No, Betrag, Wann]
    header: no
    skip_lines: 1
    decimal: comma
    blank: [n/a]
    records:
      - stream: accounts
        set: {account_id: No}
      - stream: deals
        set: {deal_id: No, status: {value: open}, amount: Betrag, created_at: Wann}
`,
			map[string][]string{"accounts": {"account_id=1"}, "deals": {"deal_id=1 status=open amount=100050"}},
			[]string{`x.csv:3 Betrag: amount "x" is no number with a decimal comma; write it as 1234,50, or set decimal to point`},
		},
		{
			"a canonical file under another name",
			map[string]string{"export_2026.csv": "rep_id;name\nR;Ann\n", "reps.csv": "rep_id\nS\n", "notes.csv": "free text\n"},
			"files: [{match: 'export_*.csv', stream: reps}]",
			map[string][]string{"reps": {"rep_id=R name=Ann", "rep_id=S"}},
			nil,
		},
		{
			"a date as the file does not have it",
			map[string]string{"p.csv": "Month;Hour;like\n12;3;79\n"},
			`
files:
  - match: p.csv
    records:
      - stream: posts
        set: {post_id: {template: "p-{_line}"}, published_at: {template: "2014-{Month}-1 {Hour}", date_format: "YYYY-M-D H"}}
      - stream: post_metrics
        set: {post_id: {template: "p-{_line}"}, day: {template: "2014-{Month}-1", date_format: YYYY-M-D}, reactions: like}
`,
			map[string][]string{"posts": {"post_id=p-2 published_at=2014-12-01T02:00:00Z"}, "post_metrics": {"post_id=p-2 day=2014-12-01 reactions=79"}},
			nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, tt.files)
			rec, _, err := read(t, dir, settings(t, tt.config))
			if err != nil {
				t.Fatal(err)
			}
			for stream, want := range tt.want {
				equalLines(t, stream, rec.rows[stream], want)
			}
			if len(rec.rows) != len(tt.want) {
				t.Errorf("got streams %v", rec.rows)
			}
			equalLines(t, "rejected", rec.rejects, tt.rejects)
		})
	}
}

func TestMappedFilesAreReadAgainTogether(t *testing.T) {
	t.Parallel()
	config := settings(t, `
files:
  - match: a.csv
    join: {file: b.csv, as: b, on: {id: id}}
    records: [{stream: accounts, set: {account_id: id, name: b.name}}]
  - match: c.csv
    records: [{stream: accounts, set: {account_id: id}}]
`)
	dir := folder(t, map[string]string{"a.csv": "id\n1\n", "b.csv": "id,name\n1,x\n", "c.csv": "id\n1\n", "reps.csv": "rep_id\nR\n"})
	rec, cursor, err := read(t, dir, config)
	if err != nil {
		t.Fatal(err)
	}
	equalLines(t, "accounts", rec.rows["accounts"], []string{"account_id=1 name=x", "account_id=1"})
	for _, tt := range []struct{ change, text, want string }{
		{"b.csv", "id,name\n1,y\n", "a.csv c.csv"},
		{"reps.csv", "rep_id\nS\n", "reps.csv"},
		{"", "", ""},
	} {
		if tt.change != "" {
			write(t, dir, tt.change, tt.text)
		}
		src, err := Connector().Open(config, env(dir))
		if err != nil {
			t.Fatal(err)
		}
		again := newRecorder()
		if cursor, err = src.Read(t.Context(), cursor, again); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(again.files, " "); got != tt.want {
			t.Errorf("after a change of %q: read %q, want %q", tt.change, got, tt.want)
		}
	}
}

func TestAWrongMappingNamesItsPlace(t *testing.T) {
	t.Parallel()
	deals := func(set string) string {
		return "files: [{match: a.csv, records: [{stream: deals, set: {deal_id: id, status: {value: open}, " + set + "}}]}]"
	}
	tests := []struct{ name, config, want string }{
		{"unknown key", "files: [{match: a.csv, recods: []}]", `unknown key "files[0].recods"; did you mean "records"?`},
		{"unknown stream", "files: [{match: a.csv, records: [{stream: deal, set: {a: b}}]}]", `files[0].records[0].stream: there is no stream "deal"; did you mean "deals"?`},
		{"unknown canonical column", deals("ammount: id"), `files[0].records[0].set.ammount: deals has no column "ammount"; did you mean "amount"?`}, //nolint:misspell // the typo is what is tested
		{"unknown column of the file", deals("amount: valu"), `a.csv: files[0].records[0].set.amount: a.csv has no column "valu"; did you mean "value"?`},
		{"unknown column in a template", deals("name: {template: '{x}'}"), `files[0].records[0].set.name.template: a.csv has no column "x"; known are id, value, _line, _file`},
		{"unknown column in an id", deals("name: {id: [id, valeu]}"), `files[0].records[0].set.name.id[1]: a.csv has no column "valeu"; did you mean "value"?`},
		{"no key", "files: [{match: a.csv, records: [{stream: deals, set: {status: {value: open}}}]}]", `files[0].records[0].set has no deal_id, which every record of deals needs`},
		{"two origins", deals("name: {value: x, column: y}"), `files[0].records[0].set.name needs exactly one of column, value, template and id; it has 2`},
		{"no origin", deals("name: {trim: yes}"), `files[0].records[0].set.name needs exactly one of column, value, template and id; it has 0`},
		{"bad expression", deals("name: {column: id, extract: '('}"), `files[0].records[0].set.name.extract: "(" is no regular expression`},
		{"bad date format", deals("closed_at: {column: id, date_format: DD.MM}"), `files[0].records[0].set.closed_at.date_format: date format "DD.MM" needs a year, a month and a day`},
		{"unknown date token", "date_format: YYYY-MM-DDxHH", `date_format: date format "YYYY-MM-DDxHH": "x" is unknown`},
		{"bad keep", "files: [{match: a.csv, records: [{stream: reps, keep: some, set: {rep_id: id}}]}]", `files[0].records[0].keep is "some"; write first or last`},
		{"empty condition", "files: [{match: a.csv, records: [{stream: reps, when: {column: id}, set: {rep_id: id}}]}]", `files[0].records[0].when[0] needs a column and one of equals, not and empty`},
		{"no such file", "files: [{match: b.csv}]", `files[0].match: no file in`},
		{"no file to join", "files: [{match: a.csv, join: {file: b.csv, as: b, on: {id: id}}}]", `files[0].join[0].file: there is no file b.csv in`},
		{"join outside", "files: [{match: a.csv, join: {file: ../b.csv, as: b, on: {id: id}}}]", `files[0].join[0].file: ../b.csv lies outside path`},
		{"join on nothing", "files: [{match: a.csv, join: {file: a.csv, as: b, on: {idd: id}}, records: [{stream: reps, set: {rep_id: id}}]}]", `files[0].join[0].on: a.csv has no column "idd"; did you mean "id"?`},
		{"bad separator", "separator: semi", `separator: separator "semi" is unknown; write comma, semicolon, tab, pipe, or one character`},
		{"bad encoding", "encoding: ebcdic", `encoding: encoding "ebcdic" is unknown`},
		{"bad decimal", "files: [{match: a.csv, decimal: dots}]", `files[0].decimal: "dots" is unknown; write point or comma`},
		{"no names", "files: [{match: a.csv, header: no}]", `files[0]: header is no, so columns must name the fields in order`},
		{"stream and records", "files: [{match: a.csv, stream: reps, records: [{stream: reps, set: {rep_id: id}}]}]", `files[0]: stream reads the file as it is; leave out records and join, or leave out stream`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t, map[string]string{"a.csv": "id,value\n1,2\n"})
			_, _, err := read(t, dir, settings(t, tt.config))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}
