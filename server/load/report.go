package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// report writes what was measured.
type report struct {
	out    io.Writer
	server *served
	err    error // of writing
}

func (r *report) say(format string, args ...any) {
	if _, err := fmt.Fprintf(r.out, format, args...); r.err == nil {
		r.err = err
	}
}

// head says what is measured.
func (r *report) head(ctx context.Context, o options, readers int) error {
	out, err := exec.CommandContext(ctx, o.binary, "--config", o.config(), "query", "--format", "json", //nolint:gosec // the program to measure
		"select (select count(*) from touch) as touches, (select count(*) from deal) as deals, (select count(*) from person) as people").Output()
	if err != nil {
		return fmt.Errorf("count the company: %w", err)
	}
	var counts []map[string]any
	if err := json.Unmarshal(out, &counts); err != nil || len(counts) == 0 {
		return fmt.Errorf("count the company: %q: %w", out, err)
	}
	r.say("%v touches, %v deals, %v people; %d readers signed in\n", counts[0]["touches"], counts[0]["deals"], counts[0]["people"], readers)
	return nil
}

// part measures one part and writes it: together, and by what was asked.
func (r *report) part(name string, do func() ([]outcome, error)) error {
	before, err := r.server.usage()
	if err != nil {
		return err
	}
	load, began := loadAverage(), time.Now()
	outcomes, err := do()
	if err != nil {
		return err
	}
	took := time.Since(began)
	after, err := r.server.usage()
	if err != nil {
		return err
	}
	bad := 0
	for _, o := range outcomes {
		if o.bad() {
			bad++
		}
	}
	sorted := waits(outcomes)
	r.say("\n%s: %d requests in %s; p50 %s, p99 %s, longest %s; %d errors (%s)\n", name, len(outcomes), round(took),
		round(quantile(sorted, .5)), round(quantile(sorted, .99)), round(quantile(sorted, 1)), bad, statuses(outcomes))
	r.say("processor %.1f s, %.0f ms a request; memory at most %d MB; load average %s before, %s after\n", (after.cpu - before.cpu).Seconds(),
		1000*(after.cpu-before.cpu).Seconds()/float64(max(len(outcomes), 1)), after.peak>>20, load, loadAverage())
	r.kinds(outcomes)
	return nil
}

// kinds writes a line for everything that was asked, the slowest first.
func (r *report) kinds(outcomes []outcome) {
	by := map[string][]outcome{}
	for _, o := range outcomes {
		by[o.kind] = append(by[o.kind], o)
	}
	var names []string
	for name := range by {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(quantile(waits(by[b]), .99), quantile(waits(by[a]), .99)), strings.Compare(a, b))
	})
	table := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, name := range names {
		sorted := waits(by[name])
		fmt.Fprintf(table, "%s\t%d\tp50 %s\tp99 %s\tlongest %s\t\n", name, len(sorted), round(quantile(sorted, .5)), round(quantile(sorted, .99)), round(quantile(sorted, 1))) //nolint:errcheck // Flush tells
	}
	if err := table.Flush(); r.err == nil {
		r.err = err
	}
}

// statuses counts the answers that were no answer.
func statuses(outcomes []outcome) string {
	count, told := map[int]int{}, 0
	for _, o := range outcomes {
		if o.bad() {
			count[o.status]++
		}
		if o.status == http.StatusServiceUnavailable && o.after > 0 {
			told++
		}
	}
	if len(count) == 0 {
		return "none"
	}
	var parts []string
	for status, n := range count {
		parts = append(parts, fmt.Sprintf("%d × %d", n, status))
	}
	slices.Sort(parts)
	return fmt.Sprintf("%s; %d with Retry-After", strings.Join(parts, ", "), told)
}

// loadAverage is that of the machine over the last minute.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}
