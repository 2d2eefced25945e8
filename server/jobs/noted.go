package jobs

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"credence/connectors/catalog"
	"credence/server/audit"
	"credence/warehouse"
)

// exporting is a verb that hands rows to whoever asks. That it begins is kept before the
// first byte leaves, and afterwards with how many rows it ended, or broke off at the
// latest. It never waits for the writer.
func exporting(export func(*Jobs, context.Context, Call, Out) (rows int, err error)) func(*Jobs, context.Context, Call, Out) error {
	return func(j *Jobs, ctx context.Context, call Call, out Out) (err error) {
		if err = j.noteExport(call, "state", "begun"); err != nil {
			return err
		}
		rows, state := 0, "broken off"
		defer func() { err = errors.Join(err, j.noteExport(call, "state", state, "rows", strconv.Itoa(rows))) }()
		if rows, err = export(j, ctx, call, out); err == nil {
			state = "ended"
		}
		return err
	}
}

// noteExport keeps what was asked for. A statement is told by its hash: its words
// may name somebody.
func (j *Jobs) noteExport(call Call, more ...string) error {
	if j.Audit == nil {
		return nil
	}
	detail := map[string]string{}
	for name, value := range map[string]string{"model": call.Model, "period": call.Period, "format": call.Format} {
		if value != "" {
			detail[name] = value[:min(len(value), 40)]
		}
	}
	if call.SQL != "" {
		sum := sha256.Sum256([]byte(call.SQL))
		detail["statement"] = hex.EncodeToString(sum[:8])
	}
	for i := 0; i+1 < len(more); i += 2 {
		detail[more[i]] = more[i+1]
	}
	return j.Audit.Note(audit.Event{At: j.Now(), Actor: j.actor(), Action: audit.Export, Object: "credence " + call.Verb, Detail: detail})
}

// noteMerges keeps how many people are joined from how many records, and how many
// accounts, when that is not what the last refresh found; which key joined whom
// stands in person_merge.
func (j *Jobs) noteMerges(ctx context.Context, tx *warehouse.Tx, now time.Time) error {
	var people, records, accounts, accountRecords int
	if err := questions.Get("merged").One(ctx, tx, nil, &people, &records, &accounts, &accountRecords); err != nil {
		return fmt.Errorf("count merged people and accounts: %w", err)
	}
	detail := map[string]string{
		"people": strconv.Itoa(people), "records": strconv.Itoa(records),
		"accounts": strconv.Itoa(accounts), "account records": strconv.Itoa(accountRecords),
	}
	last, err := audit.List(ctx, tx, audit.Filter{Action: audit.Merge, Limit: 1})
	if err != nil || len(last) == 0 && people+accounts == 0 || len(last) > 0 && maps.Equal(last[0].Detail, detail) {
		return err
	}
	return audit.Record(ctx, tx, audit.Event{At: now, Actor: j.actor(), Action: audit.Merge, Object: "people and accounts", Detail: detail})
}

// configured is the object of a change in credence.yaml or the environment.
const configured = "configuration"

// noteRules keeps what the configuration says about figures, people and sources, when
// that is not what the last refresh found, and what of it changed; and anew before the
// note of it is so old that it goes. What is saved on the page of settings is noted
// there, with its reason.
func (j *Jobs) noteRules(ctx context.Context, tx *warehouse.Tx, now time.Time) error {
	rules, err := j.rules()
	if err != nil {
		return err
	}
	last, err := audit.List(ctx, tx, audit.Filter{Action: audit.Setting, Of: configured, Limit: 1})
	if err != nil {
		return err
	}
	if len(last) > 0 {
		before := last[0].Detail
		delete(before, "changed")
		names := maps.Clone(before)
		maps.Copy(names, rules)
		var changed []string
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if before[name] != rules[name] {
				changed = append(changed, name+": "+cmp.Or(before[name], "none")+" → "+cmp.Or(rules[name], "none"))
			}
		}
		if len(changed) == 0 && last[0].At.After(now.Add(-days(j.Config.Privacy.RetentionDays.Audit)/2)) {
			return nil
		}
		if len(changed) > 0 {
			rules["changed"] = strings.Join(changed, "; ")
		}
	}
	return audit.Record(ctx, tx, audit.Event{At: now, Actor: j.actor(), Action: audit.Setting, Object: configured, Detail: rules})
}

// rules are the configuration's words by key. Of a source they tell its kind and a hash
// of its settings without the secret ones, which nobody could guess it by.
func (j *Jobs) rules() (map[string]string, error) {
	out := map[string]string{}
	for _, e := range j.Config.Attribution.Entries() {
		out["attribution."+e.Key] = e.Value
	}
	for _, k := range j.Config.Keys() {
		if section, _, _ := strings.Cut(k.Name, "."); slices.Contains([]string{"company", "efficiency", "privacy"}, section) {
			out[k.Name] = k.Value
		}
	}
	for _, s := range j.Config.Sources {
		open := maps.Clone(s.Settings)
		if kind, err := catalog.Get(s.Kind); err == nil { // of another no sync takes settings
			for _, setting := range kind.Settings {
				if setting.Secret {
					delete(open, setting.Name)
				}
			}
		}
		settings, err := json.Marshal(open)
		if err != nil {
			return nil, fmt.Errorf("note the settings of the source %s: %w", s.Name, err)
		}
		sum := sha256.Sum256(settings)
		out["sources."+s.Name] = s.Kind + ", settings " + hex.EncodeToString(sum[:4])
	}
	return out, nil
}
