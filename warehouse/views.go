package warehouse

import (
	"context"
	"database/sql"
	"embed"
	"fmt"

	"credence/warehouse/sqlfile"
)

//go:embed views/*.sql
var viewFiles embed.FS

// views are the tables that `credence query` sees, in the schema "said".
var views = sqlfile.MustLoad(viewFiles, "views")

// builtLater names the views that stand on tables of the build steps: a
// refresh without those steps has no such view.
var builtLater = map[string]bool{"touch": true, "touch_source": true, "journey": true, "credit": true}

// createViews makes the views of `credence query` over what this refresh made.
func createViews(ctx context.Context, tx *Tx) error {
	for _, name := range views.Names() {
		if builtLater[name] {
			n := int64(0)
			if err := questions.Get("has_table").One(ctx, tx, []sql.NamedArg{named("name", name)}, &n); err != nil {
				return err
			}
			if n == 0 {
				continue
			}
		}
		if err := views.Get(name).Exec(ctx, tx); err != nil {
			return fmt.Errorf("make what query sees: %w", err)
		}
	}
	return nil
}
