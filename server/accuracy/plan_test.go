package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestUnusableArgumentsAreNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"an unknown process names the known ones", []string{"-process", "magic"}, `no process is called "magic"; known are hazard`},
		{"seeds are numbers", []string{"-seeds", "a-b"}, `-seeds "a-b" is not a list`},
		{"a range goes upwards", []string{"-seeds", "9-7"}, `-seeds "9-7" is not a list`},
		{"no worlds at a time make none", []string{"-jobs", "0"}, "-jobs must be at least 1"},
		{"a word is no flag", []string{"hazard"}, `"hazard" is not a flag`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var stderr bytes.Buffer
			if exit := run(context.Background(), c.args, io.Discard, &stderr); exit != 2 {
				t.Errorf("exit is %d, want 2", exit)
			}
			if !strings.Contains(stderr.String(), c.want) {
				t.Errorf("stderr is %q, want %q in it", stderr.String(), c.want)
			}
		})
	}
}

func TestSeeds(t *testing.T) {
	t.Parallel()
	got, err := parseSeeds("7,20-22,9,21")
	if want := []uint64{7, 9, 20, 21, 22}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	if text := seedText(got); text != "7,9,20-22" {
		t.Errorf("written as %q, want 7,9,20-22", text)
	}
}

// TestAWorldIsMeasuredFromItsFiles goes the whole way with one small world,
// twice: once from the beginning, once from what was kept.
func TestAWorldIsMeasuredFromItsFiles(t *testing.T) {
	dir := t.TempDir()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	t.Setenv("TMPDIR", dir)
	var first string
	for _, what := range []string{"measured", "measured from the kept world"} {
		var stdout, stderr bytes.Buffer
		args := []string{"-process", "hazard", "-seeds", "5", "-deals", "60", "-keep", filepath.Join(dir, "kept"), "-out", filepath.Join(dir, "out")}
		if exit := run(context.Background(), args, &stdout, &stderr); exit != 0 {
			t.Fatalf("%s: exit %d: %s", what, exit, stderr.String())
		}
		if first == "" {
			first = stdout.String()
		}
		if stdout.String() != first {
			t.Errorf("%s: the report differs:\n%s\nwas\n%s", what, stdout.String(), first)
		}
		written, rerr := os.ReadFile(filepath.Join(dir, "out", "ACCURACY.md"))
		if rerr != nil || string(written) != first {
			t.Errorf("%s: ACCURACY.md is not what was printed (%v)", what, rerr)
		}
	}
	table, err := os.ReadFile(filepath.Join(dir, "out", "accuracy.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"process,level,model,figure,mean,low,high,n\n", "\nhazard,all,linear,unattributed_share,", "\nhazard,rep,last,money_error,", "\nhazard,channel,markov (aggregate),money_error,", "\nhazard,channel,truth,money_error,"} {
		if !strings.Contains(string(table), want) {
			t.Errorf("accuracy.csv has no %q:\n%s", want, table)
		}
	}
	if left, err := filepath.Glob(filepath.Join(dir, "credence-accuracy-*")); err != nil || len(left) > 0 {
		t.Errorf("the run leaves %v behind (%v)", left, err)
	}
}
