package connectortest

import (
	"strings"
	"testing"
	"time"

	"credence/connectors"
	"credence/warehouse"
)

// TestRecorderFindsFaults proves that the suite sees what it promises to see.
func TestRecorderFindsFaults(t *testing.T) {
	t.Parallel()
	activity := func(change func(row warehouse.Row)) func(*Recorder) error {
		return func(r *Recorder) error {
			r.File("x")
			stream, row := warehouse.RowOf(warehouse.Activity{ActivityID: "A1", Kind: "email", OccurredAt: Now, Email: "a@b.example"})
			change(row)
			return r.PutRow(stream, row)
		}
	}
	at := func(name string) int { return warehouse.StreamByName("activities").Column(name) }
	tests := []struct {
		name string
		do   func(*Recorder) error
		want string // in the fault; "" for none
	}{
		{"a good row", activity(func(warehouse.Row) {}), ""},
		{"a row without id", activity(func(r warehouse.Row) { r[at("activity_id")] = nil }), "has no id"},
		{"a missing required column", activity(func(r warehouse.Row) { r[at("occurred_at")] = nil }), "occurred_at is required"},
		{"a word outside the vocabulary", activity(func(r warehouse.Row) { r[at("kind")] = "fax" }), "not one of"},
		{"empty text", activity(func(r warehouse.Row) { r[at("email")] = "" }), "empty text"},
		{"broken UTF-8", activity(func(r warehouse.Row) { r[at("email")] = "\xff" }), "not clean UTF-8"},
		{"a NUL", activity(func(r warehouse.Row) { r[at("email")] = "a\x00b" }), "not clean UTF-8"},
		{"a fraction of a second", activity(func(r warehouse.Row) { r[at("occurred_at")] = Now.Add(time.Millisecond) }), "whole seconds"},
		{"another zone", activity(func(r warehouse.Row) { r[at("occurred_at")] = Now.In(time.FixedZone("x", 3600)) }), "not UTC"},
		{"another type", activity(func(r warehouse.Row) { r[at("length")] = 3 }), "length is a int"},
		{"a row before any file", func(r *Recorder) error { r.Read(1); return nil }, "before any file"},
		{"a reason of two lines", func(r *Recorder) error { r.File("x"); return r.Reject(connectors.Rejection{Reason: "a\nb"}) }, "one sentence"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var r Recorder
			if err := tt.do(&r); err != nil {
				t.Fatal(err)
			}
			got := strings.Join(r.Faults, "; ")
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("faults: got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLinesAreSortedAndComplete(t *testing.T) {
	t.Parallel()
	var r Recorder
	r.File("x")
	for _, record := range []any{
		warehouse.Deal{DealID: "D2", Status: "won", Amount: warehouse.Known[int64](100), Currency: "EUR"},
		warehouse.Deal{DealID: "D1", Status: "open"},
		warehouse.Deal{DealID: "D1", Status: "lost"}, // put again: replaces
		warehouse.Spend{Day: Now, Channel: "Paid Social", CampaignID: "C", Kind: "media", Amount: warehouse.Known[int64](5), Currency: "EUR"},
	} {
		if err := r.Put(record); err != nil {
			t.Fatal(err)
		}
	}
	want := `{"deals":{"deal_id":"D1","status":"lost"}}
{"deals":{"deal_id":"D2","status":"won","amount":100,"currency":"EUR"}}
{"spend":{"day":"2026-11-22","channel":"Paid Social","campaign_id":"C","amount":5,"currency":"EUR","kind":"media"}}`
	if got := strings.Join(r.Lines(), "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
