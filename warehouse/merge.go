package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// stored is a column of a stream as its table holds it.
type storedColumn struct {
	name    string
	sqlType string
	index   int // in the stream's columns
}

var sqlTypes = map[Kind]string{
	Text: "varchar", Time: "timestamp", Day: "date", Int: "bigint", Money: "bigint",
	Micro: "bigint", Rate: "bigint", Float: "double", Bool: "boolean",
}

// stored lists the columns of the stream's table besides source, source_id and
// the warehouse's own. The key of a stream with one key column is only its
// source_id.
func (s *Stream) stored() []storedColumn {
	keys := 0
	for _, c := range s.Columns {
		if c.Key {
			keys++
		}
	}
	var out []storedColumn
	for i, c := range s.Columns {
		if c.Key && keys == 1 {
			continue
		}
		out = append(out, storedColumn{c.Stored(), sqlTypes[c.Kind], i})
	}
	return out
}

// table is where the stream's records are stored.
func (s *Stream) table() string {
	if s.Name == "spend" { // the derived table has the name
		return "spend_records"
	}
	return s.Name
}

// merge brings the staged rows of one stream into its table. What differs is
// found first, in one pass, so that a repeated sync writes nothing and the
// counts are exact. The statements are put together from the streams of
// records.go, never from values.
func (l *Loader) merge(st *staging) (StreamChange, error) {
	change := StreamChange{Stream: st.stream.Name}
	cols := st.columns[2:]
	newer := "true"
	order := "s.seq desc"
	if st.stream.Column("updated_at") >= 0 {
		newer = "(t.updated_at is null or s.updated_at is null or s.updated_at >= t.updated_at)"
		order = "s.updated_at desc nulls last, s.seq desc"
	}
	differs := make([]string, len(cols))
	for i, c := range cols {
		differs[i] = "s." + c + " is distinct from t." + c
	}
	staged, err := count(l.ctx, l.tx, "select count(*) from "+st.table)
	if err != nil {
		return change, err
	}
	winners := st.table
	unique, err := count(l.ctx, l.tx, "select count(distinct source_id) from "+st.table)
	if err != nil {
		return change, err
	}
	if unique < staged {
		winners = st.table + "_first"
		_, err = l.tx.ExecContext(l.ctx, "create temporary table "+winners+" as select x.* from (select s.*, row_number() over (partition by s.source_id order by "+order+") as place from "+st.table+" s) x where x.place = 1")
		if err != nil {
			return change, fmt.Errorf("pick the newest of equal ids: %w", err)
		}
	}
	delta := "delta_" + st.stream.Name
	var known bool
	if err = l.tx.QueryRowContext(l.ctx, "select exists (select 1 from "+st.stream.table()+" t where t.source = ?)", l.src.Name).Scan(&known); err != nil {
		return change, fmt.Errorf("look for earlier records: %w", err)
	}
	if known {
		_, err = l.tx.ExecContext(l.ctx, "create temporary table "+delta+" as select s.source_id, "+prefixed("s.", cols)+
			", t.source_id is null as is_new from "+winners+" s left join "+st.stream.table()+" t on t.source = ? and t.source_id = s.source_id"+
			" where t.source_id is null or ("+newer+" and (t.deleted or "+strings.Join(differs, " or ")+"))", l.src.Name)
	} else { // all of a first load is new: it need not be copied to see that
		_, err = l.tx.ExecContext(l.ctx, "create temporary view "+delta+" as select s.source_id, "+prefixed("s.", cols)+", true as is_new from "+winners+" s")
	}
	if err != nil {
		return change, fmt.Errorf("find what changed: %w", err)
	}
	if change.Inserted, err = count(l.ctx, l.tx, "select count(*) from "+delta+" where is_new"); err != nil {
		return change, err
	}
	if change.Updated, err = count(l.ctx, l.tx, "select count(*) from "+delta+" where not is_new"); err != nil {
		return change, err
	}
	change.Unchanged = unique - change.Inserted - change.Updated
	if st.stream.Name == "deals" {
		if err = l.noteStages(delta); err != nil {
			return change, err
		}
	}
	if st.stream.Name == "reps" && change.Updated > 0 {
		if err = questions.Get("keep_team_left").Exec(l.ctx, l.tx, sql.Named("source", l.src.Name), sql.Named("at", l.src.At)); err != nil {
			return change, err
		}
	}
	if change.Updated > 0 {
		sets := make([]string, len(cols))
		for i, c := range cols {
			sets[i] = c + " = s." + c
		}
		_, err = l.tx.ExecContext(l.ctx, "merge into "+st.stream.table()+" t using (select * from "+delta+" where not is_new) s on t.source = ? and t.source_id = s.source_id when matched then update set "+
			strings.Join(sets, ", ")+", synced_at = cast(? as timestamp), deleted = false", l.src.Name, l.src.At)
		if err != nil {
			return change, fmt.Errorf("update: %w", err)
		}
	}
	if change.Inserted > 0 {
		_, err = l.tx.ExecContext(l.ctx, "insert into "+st.stream.table()+" (source, source_id, "+strings.Join(cols, ", ")+", synced_at, deleted) select ?, s.source_id, "+
			prefixed("s.", cols)+", cast(? as timestamp), false from "+delta+" s where s.is_new", l.src.Name, l.src.At)
		if err != nil {
			return change, fmt.Errorf("insert: %w", err)
		}
	}
	kind := "table "
	if !known {
		kind = "view "
	}
	for _, thing := range []string{kind + "if exists temp.main." + delta, "table if exists temp.main." + winners, "table if exists temp.main." + st.table} {
		if _, err = l.tx.ExecContext(l.ctx, "drop "+thing); err != nil {
			return change, fmt.Errorf("drop staging: %w", err)
		}
	}
	return change, nil
}

func prefixed(prefix string, columns []string) string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = prefix + c
	}
	return strings.Join(out, ", ")
}

func count(ctx context.Context, tx *Tx, query string) (n int64, err error) {
	if err := tx.QueryRowContext(ctx, query).Scan(&n); err != nil {
		return 0, fmt.Errorf("count rows: %w", err)
	}
	return n, nil
}

// noteStages remembers which known deals come with another stage, before the
// merge overwrites it.
func (l *Loader) noteStages(delta string) error {
	_, err := l.tx.ExecContext(l.ctx, "create temporary table moved_deal as select s.source_id as deal_id, s.stage, coalesce(s.updated_at, cast(? as timestamp)) as changed_at, s.owner_rep_id as rep_id from "+
		delta+" s join deals t on t.source = ? and t.source_id = s.source_id where s.stage is distinct from t.stage and s.stage is not null", l.src.At, l.src.Name)
	if err != nil {
		return fmt.Errorf("note changed stages: %w", err)
	}
	return nil
}

// stageHistory stores a stage change for every deal that came with another
// stage, unless the source tells its stage history itself. It runs after all
// merges, so that the history of the same run is seen.
func (l *Loader) stageHistory() (int64, error) {
	if l.staged[StreamByName("deals")] == nil {
		return 0, nil
	}
	var n int64
	if err := questions.Get("stage_history_count").One(l.ctx, l.tx, []sql.NamedArg{sql.Named("source", l.src.Name)}, &n); err != nil {
		return 0, err
	}
	if n > 0 {
		err := questions.Get("stage_history").Exec(l.ctx, l.tx, sql.Named("source", l.src.Name), sql.Named("at", l.src.At))
		if err != nil {
			return 0, err
		}
	}
	if _, err := l.tx.ExecContext(l.ctx, "drop table temp.main.moved_deal"); err != nil {
		return 0, fmt.Errorf("drop staging: %w", err)
	}
	return n, nil
}

// store writes the run, its rejected rows and the state of the source.
func (l *Loader) store(ctx context.Context, tx *Tx) error {
	if err := storeRun(ctx, tx, &l.run); err != nil {
		return err
	}
	source := sql.Named("source", l.src.Name)
	if err := questions.Get("forget_rejected").Exec(ctx, tx, source, sql.Named("run_id", l.run.ID), sql.Named("whole", l.whole)); err != nil {
		return err
	}
	if l.reject.table != "" {
		if err := questions.Get("keep_rejected").Exec(ctx, tx, source, sql.Named("run_id", l.run.ID)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "drop table temp.main."+l.reject.table); err != nil {
			return fmt.Errorf("drop staging: %w", err)
		}
	}
	return questions.Get("keep_source_state").Exec(ctx, tx, source, sql.Named("kind", l.src.Kind), sql.Named("priority", l.src.Priority),
		sql.Named("cursor", l.cursor), sql.Named("at", l.src.At))
}

// storeRun gives the run its number and writes it with its files.
func storeRun(ctx context.Context, tx *Tx, run *Run) error {
	if err := tx.QueryRowContext(ctx, "select coalesce(max(run_id), 0) + 1 from run").Scan(&run.ID); err != nil {
		return fmt.Errorf("number the run: %w", err)
	}
	message := sql.NullString{String: run.Message, Valid: run.Message != ""}
	err := questions.Get("keep_run").Exec(ctx, tx, sql.Named("run_id", run.ID), sql.Named("source", run.Source), sql.Named("kind", run.Kind),
		sql.Named("started_at", run.StartedAt), sql.Named("finished_at", run.FinishedAt), sql.Named("status", run.Status),
		sql.Named("rows_read", run.Read), sql.Named("rows_kept", run.Kept), sql.Named("rows_rejected", run.Rejected),
		sql.Named("records_changed", run.Changed), sql.Named("message", message))
	if err != nil {
		return err
	}
	return tx.Append(ctx, "run_file", []string{"run_id", "source", "file", "rows_read", "rows_kept", "rows_rejected"}, func(yield func([]any) bool) {
		for _, f := range run.Files {
			if !yield([]any{run.ID, run.Source, f.File, f.Read, f.Kept, f.Rejected}) {
				return
			}
		}
	})
}
