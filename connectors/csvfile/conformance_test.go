package csvfile

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"credence/connectors"
	"credence/connectors/connectortest"
)

const foreign = `
path: .
date_format: M/D/YYYY
files:
  - match: agents.csv
    records:
      - stream: teams
        set: {team_id: manager, name: {template: "Team {manager}"}, manager_rep_id: manager, region: office}
      - stream: reps
        set: {rep_id: agent, name: agent, team_id: manager}
      - stream: reps
        keep: first
        set: {rep_id: manager, name: manager}
  - match: pipeline.csv
    join: {file: agents.csv, as: agent, on: {agent: agent}}
    records:
      - stream: deals
        set:
          deal_id: id
          owner_rep_id: agent
          account_id: account
          stage: stage
          status: {column: stage, map: {Won: won, Lost: lost, '*': open}}
          amount: value
          currency: {value: USD}
          created_at: engaged
          closed_at: closed
          region: agent.office
      - stream: accounts
        when: account
        set: {account_id: account, name: account}
      - stream: line_items
        when: value
        set: {line_id: {id: [id, product]}, deal_id: id, product_id: {column: product, map: {GTXPro: GTX Pro}}, quantity: {value: 1}, unit_price: value}
`

// reverse turns the rows of a file round, below its header.
func reverse(t *testing.T, dir, name string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimRight(string(text), "\n")+"\n", "\n")
	lines = lines[:len(lines)-1]
	slices.Reverse(lines[1:])
	write(t, dir, name, strings.Join(lines, ""))
}

func extend(t *testing.T, dir, name, row string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, name, string(text)+row)
}

func TestConformance(t *testing.T) {
	connectortest.Run(
		t, Connector(),
		connectortest.Case{
			Name: "canonical files", Fixture: "testdata/canonical", Golden: "testdata/canonical.golden",
			Settings: map[string]any{"path": "."}, Env: connectors.Env{Location: berlin, Currency: "EUR"},
			Reorder: func(t *testing.T, dir string) {
				t.Helper()
				reverse(t, dir, "deals.csv")
				reverse(t, dir, "activities.csv")
			},
			BadRow: func(t *testing.T, dir string) {
				t.Helper()
				extend(t, dir, "deals.csv", "D-7,\n")
			},
			BadFile: func(t *testing.T, dir string) {
				t.Helper()
				write(t, dir, "products.csv", "product_id,nmae\nP,x\n") //nolint:misspell // the typo is what is tested
			},
			BadFileName: "products.csv",
			Why:         "files hold no bodies",
		},
		connectortest.Case{
			Name: "foreign files", Fixture: "testdata/foreign", Golden: "testdata/foreign.golden",
			Settings: settings(t, foreign),
			Reorder: func(t *testing.T, dir string) {
				t.Helper()
				reverse(t, dir, "pipeline.csv")
			},
			BadRow: func(t *testing.T, dir string) {
				t.Helper()
				extend(t, dir, "pipeline.csv", "X,Y,Z,A,Won,1/32/2017,,\n")
			},
			BadFile: func(t *testing.T, dir string) {
				t.Helper()
				write(t, dir, "agents.csv", "agnt,manager,office\nx,y,z\n")
			},
			BadFileName: "agents.csv",
			Why:         "files hold no bodies",
		},
	)
}
