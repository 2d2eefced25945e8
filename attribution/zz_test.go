package attribution_test

import (
	"context"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/duckdb"
)

func TestZZFill(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("N"))
	people, _ := strconv.Atoi(os.Getenv("PEOPLE"))
	engine, err := duckdb.Open(os.Getenv("DBF"), duckdb.Options{MemoryLimit: "4GB", Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	w, err := warehouse.Open(ctx, engine)
	if err != nil {
		t.Fatal(err)
	}
	base, _ := os.ReadFile("testdata/base.sql")
	run(t, w, string(base))
	fillTouches(t, w, n, people)
	var rules []attribution.Model
	for _, m := range attribution.Models {
		if !m.Learned() {
			rules = append(rules, m)
		}
	}
	err = w.Write(ctx, func(tx *warehouse.Tx) error {
		return attribution.StoreLedger(ctx, tx, attribution.Default(), rules, now)
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
}

func TestZZWhatIf(t *testing.T) {
	engine, err := duckdb.Open(os.Getenv("DBF"), duckdb.Options{MemoryLimit: "1300MB", Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	w, err := warehouse.Open(ctx, engine)
	if err != nil {
		t.Fatal(err)
	}
	s := attribution.Default()
	s.LookbackDays, s.HalfLifeDays = 91, 14
	ms := strings.Split(os.Getenv("MS"), ",")
	for range 2 {
		err = w.Read(ctx, func(q *warehouse.Snapshot) error {
			began, b := time.Now(), busy()
			return attribution.WhatIf(ctx, q, attribution.Trial{Settings: s, Models: sixRules, NoPosts: true}, func(q *warehouse.Snapshot) error {
				t.Logf("prepared %.3f wall %.3f cpu", time.Since(began).Seconds(), busy()-b)
				text := "select count(*)"
				for _, m := range ms {
					text += ", sum(r_" + m + ")"
				}
				text += " from journey_touch"
				for range 2 {
					began, b = time.Now(), busy()
					rows, err := q.QueryContext(ctx, text)
					if err != nil {
						return err
					}
					for rows.Next() {
					}
					rows.Close()
					t.Logf("asked %.3f wall %.3f cpu", time.Since(began).Seconds(), busy()-b)
				}
				rows, err := q.QueryContext(ctx, "explain analyze "+text)
				if err != nil {
					return err
				}
				for rows.Next() {
					var a, b string
					rows.Scan(&a, &b)
					os.WriteFile("/tmp/zz/plan.txt", []byte(b), 0o644)
				}
				rows.Close()
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
}
