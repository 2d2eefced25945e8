package main

import (
	"context"
	"slices"
	"testing"

	"credence/warehouse"
)

// TestIntervalsAndAggregatesAreReadWhereABuildHasThem asks an empty warehouse,
// then one with the tables of the learned models.
func TestIntervalsAndAggregatesAreReadWhereABuildHasThem(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w, err := (&bench{threads: 1}).open(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if cerr := w.Close(); cerr != nil {
			t.Error(cerr)
		}
	})
	read := func() (intervals []interval, ledgers map[string]*ledger) {
		t.Helper()
		ledgers = map[string]*ledger{}
		rerr := w.Read(ctx, func(q *warehouse.Snapshot) (err error) {
			if intervals, err = readIntervals(ctx, q, byChannel); err == nil {
				err = readAggregates(ctx, q, 1000, ledgers)
			}
			return err
		})
		if rerr != nil {
			t.Fatal(rerr)
		}
		return intervals, ledgers
	}
	if intervals, ledgers := read(); len(intervals)+len(ledgers) > 0 {
		t.Errorf("got %v and %v from a build without either", intervals, ledgers)
	}
	err = w.Write(ctx, func(tx *warehouse.Tx) error {
		for _, text := range []string{
			"create table incremental_effect (level varchar, id varchar, credit_minor bigint, credit_low bigint, credit_high bigint)",
			"insert into incremental_effect values ('channel', 'Sales', 50, 20, 80), ('channel', 'E-mail', 5, -10, 20), ('rep', 'r1', 1, 0, 2)",
			"create table learned_effect (level varchar, id varchar, markov_minor bigint, shapley_minor bigint)",
			"insert into learned_effect values ('channel', 'Sales', 600, null), ('campaign', 'c1', 200, null), ('campaign', '', 400, null)",
		} {
			if _, xerr := tx.ExecContext(ctx, text); xerr != nil {
				return xerr
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	intervals, ledgers := read()
	if want := []interval{{"E-mail", -10, 20}, {"Sales", 20, 80}}; !slices.Equal(intervals, want) {
		t.Errorf("intervals are %v, want %v", intervals, want)
	}
	markov := ledgers["markov (aggregate)"]
	if markov == nil || len(ledgers) != 1 {
		t.Fatalf("aggregates are %v, want markov alone: shapley says nothing", ledgers)
	}
	channel, campaign := markov.splits[byChannel], markov.splits[byCampaign]
	if channel.named["Sales"] != 600 || channel.unattributed != 400 || campaign.named["c1"] != 200 || campaign.none != 400 || campaign.unattributed != 400 {
		t.Errorf("by channel %+v and by campaign %+v; want 600 to Sales, 200 to c1, 400 to no campaign and 400 unattributed in each", channel, campaign)
	}
	if _, said := markov.splits[byRep]; said {
		t.Error("an aggregate without reps has a split by rep")
	}
}
