package paths_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"credence/attribution/exact"
	"credence/attribution/markov"
	"credence/attribution/pathdata"
	"credence/attribution/paths"
)

// pair is conversions and value.
type pair [2]float64

// straight is what each model gives each channel, worked out row by row from
// its definition: the weights of a row's touches, times what the row brought.
func straight(t *testing.T, rows [][]string) map[string]map[string]pair {
	t.Helper()
	credits := map[string]map[string]pair{}
	for _, row := range rows {
		var touches []string
		for touch := range strings.SplitSeq(row[0], ">") {
			if touch = strings.TrimSpace(touch); touch != "" {
				touches = append(touches, touch)
			}
		}
		var brought pair
		for i := range brought {
			f, err := strconv.ParseFloat(strings.TrimSpace(row[1+i]), 64)
			if err != nil {
				t.Fatal(err)
			}
			brought[i] = f
		}
		for model, weigh := range weights {
			if credits[model] == nil {
				credits[model] = map[string]pair{}
			}
			for i, w := range weigh(touches) {
				was := credits[model][touches[i]]
				credits[model][touches[i]] = pair{was[0] + w*brought[0], was[1] + w*brought[1]}
			}
		}
	}
	return credits
}

var weights = map[string]func(touches []string) []float64{
	"first": func(touches []string) []float64 {
		w := make([]float64, len(touches))
		w[0] = 1
		return w
	},
	"last": func(touches []string) []float64 {
		w := make([]float64, len(touches))
		w[len(w)-1] = 1
		return w
	},
	"last_non_direct": func(touches []string) []float64 {
		w := make([]float64, len(touches))
		for i := len(touches) - 1; i >= 0; i-- {
			if touches[i] != "Direct" {
				w[i] = 1
				return w
			}
		}
		w[len(w)-1] = 1
		return w
	},
	"linear": func(touches []string) []float64 {
		return slices.Repeat([]float64{1 / float64(len(touches))}, len(touches))
	},
	"position": func(touches []string) []float64 {
		n := len(touches)
		switch n {
		case 1:
			return []float64{1}
		case 2:
			return []float64{.5, .5}
		}
		w := slices.Repeat([]float64{.2 / float64(n-2)}, n)
		w[0], w[n-1] = .4, .4
		return w
	},
	"any_touch": func(touches []string) []float64 {
		w := make([]float64, len(touches))
		for i, touch := range touches {
			if slices.Index(touches, touch) == i {
				w[i] = 1
			}
		}
		return w
	},
	"shapley": func(touches []string) []float64 {
		distinct := len(slices.Compact(slices.Sorted(slices.Values(touches))))
		w := make([]float64, len(touches))
		for i, touch := range touches {
			if slices.Index(touches, touch) == i {
				w[i] = 1 / float64(distinct)
			}
		}
		return w
	},
}

func run(t *testing.T, table string, order int, models ...string) []paths.Credit {
	t.Helper()
	o := paths.Defaults()
	o.Models, o.Order = models, order
	credits, err := paths.Run(t.Context(), strings.NewReader(table), o)
	if err != nil {
		t.Fatal(err)
	}
	return credits
}

// rulesAgree compares every model that is a rule with its definition.
func rulesAgree(t *testing.T, table string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := straight(t, rows[1:])
	ids := slices.DeleteFunc(paths.ModelIDs(), func(id string) bool { return id == "markov" })
	if len(ids) != len(want) {
		t.Errorf("rules %v, want %d", ids, len(want))
	}
	got := run(t, table, 1, ids...)
	if len(got) != len(ids)*len(want["any_touch"]) {
		t.Errorf("%d credits, want %d models times %d channels", len(got), len(ids), len(want["any_touch"]))
	}
	for _, c := range got {
		w := want[c.Model][c.Channel]
		if math.Abs(c.Conversions-w[0]) > 1e-9 || math.Abs(c.Value-w[1]) > 1e-9 {
			t.Errorf("%s gives %s %v and %v, want %v", c.Model, c.Channel, c.Conversions, c.Value, w)
		}
	}
}

func TestRealPathsByRule(t *testing.T) {
	t.Parallel()
	table := pathdata.Table(t)
	rulesAgree(t, table)
	for _, model := range []string{"first", "last", "last_non_direct", "linear", "position", "shapley", "markov"} {
		var sum pair
		for _, c := range run(t, table, 2, model) {
			sum[0] += c.Conversions
			sum[1] += c.Value
		}
		if math.Abs(sum[0]-pathdata.Conversions) > 1e-9 || math.Abs(sum[1]-pathdata.Value) > 1e-6 {
			t.Errorf("%s sums to %v, want 19785 and 74802.971587", model, sum)
		}
	}
}

// TestRealPathsByMarkov reads the table another way and counts it with the
// same chain, which the tests of package markov compare with the definition.
func TestRealPathsByMarkov(t *testing.T) {
	t.Parallel()
	table := pathdata.Table(t)
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for order := 1; order <= markov.MostOrder; order++ {
		b, err := markov.New(order)
		if err != nil {
			t.Fatal(err)
		}
		numbers := map[string]int32{}
		for _, row := range rows[1:] {
			var touches []int32
			for name := range strings.SplitSeq(row[0], " > ") {
				if _, known := numbers[name]; !known {
					numbers[name] = int32(len(numbers))
				}
				touches = append(touches, numbers[name])
			}
			var n [3]exact.Number
			for i := range n {
				if n[i], err = exact.Parse(row[1+i]); err != nil {
					t.Fatal(err)
				}
			}
			b.Add(touches, n[0], n[1], n[2])
		}
		result, err := b.Solve(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		conversions, value, err := result.Credits()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range run(t, table, order, "markov") {
			i := numbers[c.Channel]
			if math.Abs(c.Conversions-conversions[i]) > 1e-9 || math.Abs(c.Value-value[i]) > 1e-9 {
				t.Errorf("order %d gives %s %v and %v, want %v and %v", order, c.Channel, c.Conversions, c.Value, conversions[i], value[i])
			}
		}
	}
}

const head = "path,total_conversions,total_conversion_value,total_null\n"

// odd has every form a row may take and every place a name may have.
const odd = "\ufeff total_null , path ,note,total_conversion_value,total_conversions\r\n" +
	"1,Direct > Event>E-mail,plain,10.5,1\r\n" +
	"\r\n" +
	"0,\" > Event > > Direct,\"\"x\"\" >\",quoted,+2.25,2\n" +
	"0,\"Direct\n>\tDirect \",\"two\nlines\",-.5,.5\n" +
	"3,\u00a0Event\u00a0,,1e2,1E0\n" +
	"0.000,DIRECT > a b > Direct,\"é,\",0,000\n"

func TestRowsOfEveryForm(t *testing.T) {
	t.Parallel()
	// Written out as their only reading.
	plain := head + "Direct>Event>E-mail,1,10.5,1\n\"Event>Direct,\"\"x\"\"\",2,2.25,0\nDirect>Direct,0.5,-0.5,0\nEvent,1,100,3\nDIRECT>a b>Direct,0,0,0\n"
	rulesAgree(t, plain)
	want, got := run(t, plain, 1, paths.ModelIDs()...), run(t, odd, 1, paths.ModelIDs()...)
	if !slices.Equal(got, want) {
		t.Errorf("credits %v, want %v", got, want)
	}
	var b strings.Builder
	for _, c := range got {
		if c.Model == "last_non_direct" {
			fmt.Fprintf(&b, "%s %v %v; ", c.Channel, c.Conversions, c.Value)
		}
	}
	if want := `DIRECT 0 0; Direct 0.5 -0.5; Direct,"x" 2 2.25; E-mail 1 10.5; Event 1 100; a b 0 0; `; b.String() != want {
		t.Errorf("last_non_direct is %s, want %s", b.String(), want)
	}
}

// randomTable has exact decimals whose float64 sums depend on their order.
func randomTable(r *rand.Rand, rows int) []string {
	lines := make([]string, rows)
	for i := range lines {
		var touches []string
		for range 1 + r.IntN(9) {
			touches = append(touches, benchChannels[r.IntN(12)])
		}
		path := strings.Join(touches, []string{">", " > "}[r.IntN(2)])
		if r.IntN(3) == 0 {
			path = `"` + path + `"`
		}
		lines[i] = fmt.Sprintf("%s,%d.%d,%d.%06d,%d\n", path, r.IntN(4), r.IntN(10), r.IntN(1000), r.IntN(1_000_000), r.IntN(5))
	}
	return lines
}

func TestOrderAndRepetitionOfRowsChangeNoBit(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 9))
	lines := randomTable(r, 20_000) // several blocks
	var many strings.Builder        // channels
	for i := range 3000 {
		fmt.Fprintf(&many, "c%d > c%d > c%d,1,%d.25,0\n", i, r.IntN(3000), r.IntN(3000), i)
	}
	rulesAgree(t, head+many.String())
	rulesAgree(t, head+strings.Join(lines[:200], "")) // sums small enough for the float64 of the comparison
	for order := 1; order <= 2; order++ {
		want := run(t, head+strings.Join(lines, ""), order, paths.ModelIDs()...)
		shuffled := slices.Clone(lines)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if got := run(t, head+strings.Join(shuffled, ""), order, paths.ModelIDs()...); !slices.Equal(got, want) {
			t.Errorf("order %d: rows in another order give other credits", order)
		}
		slow, err := paths.Run(t.Context(), iotest.OneByteReader(strings.NewReader(head+strings.Join(lines, ""))), options(order, paths.ModelIDs()...))
		if err != nil || !slices.Equal(slow, want) {
			t.Errorf("order %d: read byte by byte gives other credits (%v)", order, err)
		}
		for i, c := range run(t, head+strings.Join(lines, "")+strings.Join(lines, ""), order, paths.ModelIDs()...) {
			if w := want[i]; math.Abs(c.Conversions-2*w.Conversions) > 1e-9*w.Conversions || math.Abs(c.Value-2*w.Value) > 1e-9*w.Value {
				t.Errorf("order %d: every row twice gives %v, want twice %v", order, c, w)
			}
		}
	}
}

// TestCoresChangeNoBit is not parallel: it changes how many cores there are.
func TestCoresChangeNoBit(t *testing.T) { //nolint:paralleltest // see above
	table := head + strings.Join(randomTable(rand.New(rand.NewPCG(7, 7)), 20_000), "")
	var want []paths.Credit
	for _, cores := range []int{1, 2, 7} {
		was := runtime.GOMAXPROCS(cores)
		for order := 1; order <= 3; order++ {
			credits := run(t, table, order, paths.ModelIDs()...)
			if cores == 1 {
				want = append(want, credits...)
			} else if at := (order - 1) * len(credits); !slices.Equal(credits, want[at:at+len(credits)]) {
				t.Errorf("order %d on %d cores gives other credits than on one", order, cores)
			}
		}
		runtime.GOMAXPROCS(was)
	}
}

func options(order int, models ...string) paths.Options {
	o := paths.Defaults()
	o.Models, o.Order = models, order
	return o
}

func TestFaultsNameLineAndColumn(t *testing.T) {
	t.Parallel()
	good := "A > B,1,2.5,0\n"
	many := strings.Repeat(good, 100_000) // several blocks
	for _, c := range []struct{ name, table, want string }{
		{"an empty table", "", "line 1: the table is empty"},
		{"only blank lines", "\n\n", "line 1: the table is empty"},
		{"no column of paths", "paht,total_conversions,total_conversion_value,total_null\n" + good, "line 1, column path: the table has no such column, only paht, total_conversions, total_conversion_value, total_null; say --path-col NAME"},
		{"no column of losses", "path,total_conversions,total_conversion_value\nA,1,2\n", `line 1, column total_null: the table has no such column, only path, total_conversions, total_conversion_value; say --null-col NAME, or --null-col "" when there is none`},
		{"two columns of one name", "path,path,total_conversions,total_conversion_value,total_null\n", "line 1, column path: two columns have this name"},
		{"a head that is not UTF-8", "p\xff,b\n", "line 1, column 1: the name of the column is not UTF-8"},
		{"a quote in the head", "path,a\"b,c\n", `line 1, column 2: bare " in non-quoted`},
		{"a negative count", head + good + "A,-1,0,0\n", `line 3, column total_conversions: "-1" is negative`},
		{"a negative loss", head + good + "A,1,0,-0.5\n", `line 3, column total_null: "-0.5" is negative`},
		{"an empty path", head + good + ",1,0,0\n", "line 3, column path: the path has no touch"},
		{"a path of separators", head + good + "\" > >\",1,0,0\n", "line 3, column path: the path has no touch"},
		{"no number", head + good + "A,one,0,0\n", `line 3, column total_conversions: "one" is not a number`},
		{"an empty number", head + "A,1,,0\n", `line 2, column total_conversion_value: "" is not a number`},
		{"NaN", head + "A,1,NaN,0\n", `line 2, column total_conversion_value: "NaN" is not a number`},
		{"infinity", head + "A,1,1,Inf\n", `line 2, column total_null: "Inf" is not a number`},
		{"a hexadecimal number", head + "A,0x1p-2,1,0\n", `line 2, column total_conversions: "0x1p-2" is not a number`},
		{"a thousands separator", head + "A,\"1,000\",1,0\n", `line 2, column total_conversions: "1,000" is not a number`},
		{"a number beyond all money", head + "A,1,1e300,0\n", `line 2, column total_conversion_value: "1e300" is beyond 10¹⁵`},
		{"sums beyond the exact", head + strings.Repeat("A,1,1e15,0\n", 100_001), "the numbers sum to more than 10²⁰"},
		{"a field too few", head + good + "A,1,2\n", "line 3, column total_null: the row has 3 fields, the first row 4"},
		{"a field too many", head + good + "A,1,2,3,4\n", "line 3, column 5: the row has 5 fields, the first row 4"},
		{"a line of blanks", head + good + "  \n", "line 3, column total_conversions: the row has 1 fields, the first row 4"},
		{"a bare quote", head + good + "A,1,2\"3,0\n", `line 3, column total_conversion_value: bare "`},
		{"a text after a quote", head + good + "\"A\"B,1,2,0\n", `line 3, column path: extraneous or missing "`},
		{"a quote never closed", head + good + "\"A,1,2,0\n" + good, `column path: extraneous or missing "`},
		{"a quote never closed in a long table", head + good + "\"A,1,2,0\n" + many, "line 3, column path: the row is longer than 1 MiB"},
		{"a touch that is not UTF-8", head + good + "A > \xff,1,2,0\n", `line 3, column path: "\xff" is not UTF-8`},
		{"a path of 10 MB", head + good + strings.Repeat("A > ", 2_500_000) + "A,1,2,0\n", "line 3, column path: the row is longer than 1 MiB"},
		{"a number of 10 MB", head + good + "A,1," + strings.Repeat("1", 10_000_000) + ",0\n", "line 3, column total_conversion_value: the row is longer than 1 MiB"},
		{"a head of 10 MB", strings.Repeat("path,", 2_000_000), "line 1, column 209716: the row is longer than 1 MiB"},
		{"a long row with a bare quote", head + good + "\n\nA\"" + strings.Repeat("x", 2_000_000) + "\",1,2,3\n" + many, "line 5, column path: the row is longer than 1 MiB"},
		{"the first of many faults", head + many + "A,-7,0,0\n" + strings.Repeat("A,-1,0,0\n"+many, 3), `line 100002, column total_conversions: "-7" is negative`},
		{"a fault after quoted lines", head + "\"A\n\nB\",1,2,3\n\nA,1,2,x\n", `line 6, column total_null: "x"`},
		{"a fault within quoted lines", head + "\"A\n\nB\",1,2,x\n", `line 4, column total_null: "x"`},
		{"a quote after quoted lines", head + "\"A\n\nB\",1,2,3\n\nA,1\"1,2,0\n", `line 6, column total_conversions: bare "`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			credits, err := paths.Run(t.Context(), strings.NewReader(c.table), options(1, "first", "markov"))
			var fault *paths.InputError
			if !errors.As(err, &fault) || !strings.Contains(err.Error(), c.want) || credits != nil {
				t.Errorf("error %v with %d credits, want %s", err, len(credits), c.want)
			}
		})
	}
}

func TestOptionsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		change func(*paths.Options)
		want   string
	}{
		{func(o *paths.Options) { o.Models = nil }, "name a model: first, last, last_non_direct, linear, position, any_touch, markov, shapley"},
		{func(o *paths.Options) { o.Models = []string{"lineer"} }, `there is no model "lineer"`},
		{func(o *paths.Options) { o.Models = []string{"first", "time_decay"} }, "model time_decay needs the time of every touch"},
		{func(o *paths.Options) { o.Models = []string{"first", "first"} }, "named twice"},
		{func(o *paths.Options) { o.Order = 0 }, "order 0"},
		{func(o *paths.Options) { o.Order = 5 }, "order 5"},
		{func(o *paths.Options) { o.Separator = "" }, "separator"},
		{func(o *paths.Options) { o.Conversions = "" }, "must be named"},
		{func(o *paths.Options) { o.Value = o.Nulls }, `column "total_null" is named for two things`},
	} {
		o := options(1, "first")
		c.change(&o)
		if _, err := paths.Run(t.Context(), strings.NewReader(head), o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %s", err, c.want)
		}
	}
}

func TestOtherColumnsAndSeparators(t *testing.T) {
	t.Parallel()
	o := options(1, "last")
	o.Path, o.Conversions, o.Value, o.Nulls, o.Separator = "way", "n", "", "", "->"
	got, err := paths.Run(t.Context(), strings.NewReader("n,way\n2,a > b -> c\n1,c->a > b\n"), o)
	want := []paths.Credit{{Channel: "a > b", Model: "last", Conversions: 1}, {Channel: "c", Model: "last", Conversions: 2}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("credits %v (%v), want %v", got, err, want)
	}
	if got, err = paths.Run(t.Context(), strings.NewReader("n,way\n"), o); err != nil || len(got) != 0 {
		t.Errorf("a table without rows gives %v (%v), want nothing", got, err)
	}
}

func TestReadingThatFailsIsNoFaultOfTheTable(t *testing.T) {
	t.Parallel()
	broken := io.MultiReader(strings.NewReader(head+strings.Repeat("A,1,2,3\n", 100_000)), iotest.ErrReader(errors.New("gone")))
	var fault *paths.InputError
	if _, err := paths.Run(t.Context(), broken, options(1, "first")); !errors.Is(err, paths.ErrRead) || errors.As(err, &fault) {
		t.Errorf("error %v, want one of reading", err)
	}
	ctx, end := context.WithCancel(t.Context())
	end()
	if _, err := paths.Run(ctx, strings.NewReader(head+strings.Repeat("A,1,2,3\n", 1_000_000)), options(1, "first")); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that the context ended", err)
	}
}

// FuzzRead: no table makes the reader panic, a fault names its line, and what
// encoding/csv reads as rows sums to the same.
func FuzzRead(f *testing.F) {
	f.Add([]byte(odd))
	f.Add([]byte(head + "A > B,1,2.5,0\n\"A\",1,2,3\nB,1,\"2\",3"))
	f.Add([]byte(head + "A\"B,1,2,3\n"))
	f.Add([]byte(head + "\"A\"\"\nB\",1e-2,2,3\r\nx>y,1,2,3,4\n"))
	f.Add([]byte("\xff\xfep\x00a\x00"))
	f.Fuzz(func(t *testing.T, table []byte) {
		credits, err := paths.Run(t.Context(), bytes.NewReader(table), options(2, "first", "shapley"))
		in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(table, []byte("\ufeff"))))
		rows, bad := in.ReadAll()
		if err != nil {
			var fault *paths.InputError
			if !errors.As(err, &fault) || fault.Line < 1 || fault.Line > bytes.Count(table, []byte{'\n'})+1 || len(credits) > 0 {
				t.Fatalf("fault %v of %q", err, table)
			}
			return
		}
		if bad != nil {
			t.Fatalf("%q was read, but %v", table, bad)
		}
		names := slices.Clone(rows[0])
		for i := range names {
			names[i] = strings.TrimSpace(names[i])
		}
		at := slices.Index(names, "total_conversions")
		var want, first, shapley float64
		for _, row := range rows[1:] {
			n, err := strconv.ParseFloat(strings.TrimSpace(row[at]), 64)
			if err != nil {
				t.Fatalf("%q was read, but %v", table, err)
			}
			want += n
		}
		for _, c := range credits {
			if c.Model == "first" {
				first += c.Conversions
			} else {
				shapley += c.Conversions
			}
		}
		if math.Abs(first-want) > 1e-9*max(1, want) || math.Abs(shapley-want) > 1e-9*max(1, want) {
			t.Fatalf("first sums to %v and shapley to %v, want %v of %q", first, shapley, want, table)
		}
	})
}
