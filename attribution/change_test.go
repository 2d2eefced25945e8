package attribution_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"credence/attribution"
	"credence/warehouse"
	"credence/warehouse/sqlfile"
)

// unlike are settings that differ from the defaults in every key.
func unlike() attribution.Settings {
	return attribution.Settings{
		Model: "last", LookbackDays: 30, LookbackByChannel: map[string]int{"Event": 180, "Display": 7}, Anchor: attribution.AnchorClose,
		People: attribution.PeopleDeal, Path: attribution.PathExposure, Touches: attribution.TouchesMarketing, SentMail: true, OpenedMail: true,
		Exclude: []string{"channel=Direct", "campaign=c-17 & kind=click"}, HalfLifeDays: 2.5,
		Custom: attribution.Milestones{First: .5, Close: .5}, MarkovOrder: 3,
	}
}

func TestSettingsComeBackAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	for _, s := range []attribution.Settings{attribution.Default(), unlike()} {
		got, err := attribution.ParseSettings(s.String())
		if err != nil || !got.Equal(s) {
			t.Errorf("ParseSettings(%s) = %s, %v", s, got, err)
		}
	}
}

func TestDifferencesNameEverySettingInWords(t *testing.T) {
	t.Parallel()
	var got []string
	for _, d := range attribution.Default().Differences(unlike()) {
		got = append(got, d.String())
	}
	want := []string{
		"Model: Linear → Last touch",
		"Lookback: 90 days → 30 days",
		"Lookback of a channel: as all → Display 7 days, Event 180 days",
		"Counted back from: the deal's creation → the close",
		"People: all people of the account → people with a role on the deal",
		"Path: every touch counts → repeats in sequence are one",
		"Touches: marketing and sales touches → marketing touches",
		"Mail merely sent: earns nothing → may earn",
		"Mail merely opened: earns nothing → may earn",
		"Left out: nothing → campaign=c-17 & kind=click; channel=Direct",
		"Half-life: 7 days → 2.5 days",
		"Custom weights: 0.3 first, 0.2 lead, 0.3 creation, 0.1 close, 0.1 others → 0.5 first, 0 lead, 0 creation, 0.5 close, 0 others",
		"Markov order: 1 → 3",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if same := unlike().Differences(unlike()); len(same) != 0 {
		t.Errorf("equal settings differ in %v", same)
	}
}

// save saves a change upon the newest one and returns the error.
func save(t *testing.T, w *warehouse.Warehouse, seen int64, c attribution.Change) error {
	t.Helper()
	return w.Write(t.Context(), func(tx *warehouse.Tx) error {
		_, err := attribution.SaveChange(t.Context(), tx, seen, c)
		return err
	})
}

func inForce(t *testing.T, w *warehouse.Warehouse, file attribution.Settings) attribution.InForce {
	t.Helper()
	var f attribution.InForce
	asked(t, w, func(q sqlfile.Querier) (err error) {
		f, err = attribution.SettingsInForce(t.Context(), q, file)
		return err
	})
	return f
}

func TestSavedSettingsHoldUntilTheNextChange(t *testing.T) {
	t.Parallel()
	w := open(t, 1)
	file := attribution.Default()
	at := time.Date(2026, 11, 3, 9, 30, 0, 0, time.UTC)
	change := attribution.Change{At: at, UserID: "u1", Name: "Robin", Email: "robin@halden.example", File: file, Reason: "  the board asked for a month  "}

	if f := inForce(t, w, file); f.Saved || f.Last != nil || !f.Settings.Equal(file) || f.Version() != 0 {
		t.Fatalf("before any change %+v is in force, want the file's", f)
	}
	change.After = unlike()
	if err := save(t, w, 0, change); err != nil {
		t.Fatal(err)
	}
	if f := inForce(t, w, file); !f.Saved || f.FileEdited || !f.Settings.Equal(unlike()) || f.Last.Reason != "the board asked for a month" ||
		!f.Last.At.Equal(at) || f.Last.Name != "Robin" || !f.Last.Before.Equal(file) {
		t.Errorf("after the change %+v is in force", f)
	}

	edited := file
	edited.LookbackDays = 60
	if f := inForce(t, w, edited); !f.Saved || !f.FileEdited || f.Settings.LookbackDays != 30 {
		t.Errorf("after the file was edited %+v is in force, want the saved settings and a word about the file", f)
	}

	change.File, change.ToFile, change.Reason = edited, true, "the file says it all again"
	if err := save(t, w, 1, change); err != nil {
		t.Fatal(err)
	}
	if f := inForce(t, w, edited); f.Saved || f.FileEdited || !f.Settings.Equal(edited) || f.Version() != 2 {
		t.Errorf("back to the file, %+v is in force", f)
	}
	if f := inForce(t, w, file); !f.Settings.Equal(file) {
		t.Errorf("back to the file, an edit of the file is not in force: %+v", f)
	}

	asked(t, w, func(q sqlfile.Querier) error {
		all, err := attribution.Changes(t.Context(), q)
		if err != nil {
			return err
		}
		if len(all) != 2 || all[0].ID != 2 || !all[0].ToFile || all[1].ID != 1 || len(all[1].Differences()) != 13 || len(all[0].Differences()) != 13 {
			t.Errorf("the list of changes is %+v, want two, the newest first", all)
		}
		return nil
	})
}

func TestAChangeIsRefused(t *testing.T) {
	t.Parallel()
	file := attribution.Default()
	short := file
	short.LookbackDays = 30
	bad := file
	bad.LookbackDays = -1
	const reason = "the board asked for it"
	tests := []struct {
		name   string
		seen   int64
		change attribution.Change
		want   error
		words  string
	}{
		{"without a reason", 0, attribution.Change{After: short, Reason: "  because  "}, attribution.ErrReason, "10 to 500"},
		{"with an endless reason", 0, attribution.Change{After: short, Reason: strings.Repeat("ä", 501)}, attribution.ErrReason, "10 to 500"},
		{"that changes nothing", 0, attribution.Change{After: file, Reason: reason}, attribution.ErrNoChange, "in force already"},
		{"back to a file that holds already", 0, attribution.Change{ToFile: true, Reason: reason}, attribution.ErrNoChange, "in force already"},
		{"made upon another state", 7, attribution.Change{After: short, Reason: reason}, attribution.ErrOtherSaved, "meanwhile"},
		{"to what cannot be", 0, attribution.Change{After: bad, Reason: reason}, nil, "write 0 to 3660"},
	}
	w := open(t, 1)
	for _, tt := range tests {
		tt.change.File = file
		err := save(t, w, tt.seen, tt.change)
		if err == nil || tt.want != nil && !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.words) {
			t.Errorf("a change %s: got %v, want %q", tt.name, err, tt.words)
		}
	}
	if f := inForce(t, w, file); f.Last != nil {
		t.Errorf("a refused change was kept: %+v", f.Last)
	}
	if err := save(t, w, 0, attribution.Change{After: short, File: file, Reason: strings.Repeat("ä", 500)}); err != nil {
		t.Errorf("a reason of 500 characters is refused: %v", err)
	}
}
