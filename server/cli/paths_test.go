package cli

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"credence/attribution/pathdata"
)

const pathTable = "path,total_conversions,total_conversion_value,total_null\n" +
	"A > B,1,10.2,0\nA > A,0,0,1\nB,1,20.1,1\n\"=A > Direct > B > Direct\",2,1,0\n"

func TestPaths(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, table, args, want string }{
		{"rules in the order asked for", pathTable, "--model last_non_direct,first,linear,position", `channel,model,conversions,value
'=A,last_non_direct,0,0
A,last_non_direct,0,0
B,last_non_direct,4,31.3
Direct,last_non_direct,0,0
'=A,first,2,1
A,first,1,10.2
B,first,1,20.1
Direct,first,0,0
'=A,linear,0.5,0.25
A,linear,0.5,5.1
B,linear,2,25.45
Direct,linear,1,0.5
'=A,position,0.8,0.4
A,position,0.5,5.1
B,position,1.7,25.3
Direct,position,1,0.5
`},
		{"sets of channels", pathTable, "--model any_touch --model shapley", `channel,model,conversions,value
'=A,any_touch,2,1
A,any_touch,1,10.2
B,any_touch,4,31.3
Direct,any_touch,2,1
'=A,shapley,0.6666666666666666,0.3333333333333333
A,shapley,0.5,5.1
B,shapley,2.1666666666666665,25.533333333333335
Direct,shapley,0.6666666666666666,0.3333333333333333
`},
		// Of three visits to B, one comes after A; every conversion ends at B.
		{"effects of A a third and of B all", "path,total_conversions,total_conversion_value,total_null\nA>B,1,10,0\nA>A,0,0,1\nB,1,20,1\n", "--model markov", `channel,model,conversions,value
A,markov,0.5,7.5
B,markov,1.5,22.5
`},
		// Without the loss of A alone: B's three visits become two, one after A.
		{"without losses", "path,total_conversions,total_conversion_value\nA>B,1,10\nA>A,0,0\nB,1,20\n", `--model markov --null-col `, `channel,model,conversions,value
A,markov,0.6666666666666666,10
B,markov,1.3333333333333333,20
`},
		{"no journeys", "p,n\n", "--model first,markov --path-col p --conv-col n --value-col  --null-col ", "channel,model,conversions,value\n"},
	} {
		args := append([]string{"--config", "/nowhere/credence.yaml", "paths"}, strings.Split(c.args, " ")...)
		r := runWith(t, c.table, args...)
		if r.exit != 0 || r.stdout != c.want || r.stderr != "" {
			t.Errorf("%s: exit %d, %q, and\n%swant\n%s", c.name, r.exit, r.stderr, r.stdout, c.want)
		}
	}
}

func TestPathsThatAreWrong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, table, args, want string }{
		{"no model", pathTable, "", "name a model: first, last"},
		{"no such model", pathTable, "--model first,lst", `there is no model "lst"`},
		{"a model of the ledger", pathTable, "--model w_shaped", "model w_shaped needs the days of lead and deal creation, which a path table does not have"},
		{"an order beyond", pathTable, "--model markov --order 5", "order 5: a Markov chain has order 1 to 4"},
		{"an order that is none", pathTable, "--model markov --order two", `"two"`},
		{"a column for two things", pathTable, "--model first --conv-col path", `column "path" is named for two things`},
		{"an argument", pathTable, "--model first paths.csv", "paths.csv"},
		{"a missing column", "path,total_conversions,total_conversion_value\nA,1,2\n", "--model first", `line 1, column total_null: the table has no such column, only path, total_conversions, total_conversion_value; say --null-col NAME, or --null-col "" when there is none`},
		{"a negative count", pathTable + "A,-1,0,0\n", "--model first", `line 6, column total_conversions: "-1" is negative`},
		{"an empty path", pathTable + ",1,0,0\n", "--model first", "line 6, column path: the path has no touch"},
		{"no number", pathTable + "A,1,many,0\n", "--model first", `line 6, column total_conversion_value: "many" is not a number`},
		{"a line of 10 MB", pathTable + strings.Repeat("A > ", 2_500_000) + "A,1,0,0\n" + pathTable, "--model markov", "line 6, column path: the row is longer than 1 MiB"},
	} {
		r := runWith(t, c.table, append([]string{"paths"}, strings.Fields(c.args)...)...)
		if r.exit != 2 || r.stdout != "" || !strings.Contains(r.stderr, c.want) || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%s: exit %d, stdout %q, stderr %q, want 2, nothing and %s", c.name, r.exit, r.stdout, r.stderr, c.want)
		}
	}
}

// TestRealPathsSumToTheTable asks for the public table of ../shared/data by
// name, as a script does.
func TestRealPathsSumToTheTable(t *testing.T) {
	t.Parallel()
	r := runWith(t, pathdata.Table(t), "paths", "--model", "first,last,linear,position,markov", "--order", "3")
	sums := map[string][2]float64{}
	for line := range strings.Lines(strings.TrimPrefix(r.stdout, "channel,model,conversions,value\n")) {
		fields := strings.Split(strings.TrimSpace(line), ",")
		sum := sums[fields[1]]
		for i := range sum {
			f, err := strconv.ParseFloat(fields[2+i], 64)
			if err != nil {
				t.Fatal(err)
			}
			sum[i] += f
		}
		sums[fields[1]] = sum
	}
	for _, model := range []string{"first", "last", "linear", "position", "markov"} {
		if sum := sums[model]; math.Abs(sum[0]-pathdata.Conversions) > 1e-9 || math.Abs(sum[1]-pathdata.Value) > 1e-6 {
			t.Errorf("%s sums to %v, want 19785 and 74802.971587 (exit %d, %s)", model, sum, r.exit, r.stderr)
		}
	}
}
