package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"credence/attribution/paths"
	"credence/server/export"
	"credence/server/jobs"
)

func (c *command) pathsVerb() *cobra.Command {
	o := paths.Defaults()
	verb := &cobra.Command{
		Use: "paths --model M[,M…] < paths.csv", Short: "Run attribution models on a path table", Args: cobra.NoArgs,
		Long: "Reads a table of paths from standard input, one row per path with how often it converted, for how much\n" +
			"in total and how often it was lost, and writes channel,model,conversions,value. It needs neither\n" +
			"configuration nor database.\n\n" +
			"Models: " + strings.Join(paths.ModelIDs(), ", ") + ". The channel that last_non_direct\n" +
			"passes over is the one called Direct, in any case. any_touch gives each channel the whole of every path\n" +
			"it is on, so it sums to more than there is. Lost paths count in markov only. A name that a spreadsheet would\n" +
			"run as a formula is written with an apostrophe before it.",
		Example: "  credence paths --model first,last,linear < paths.csv\n" +
			"  credence paths --model markov --order 2 --null-col \"\" < paths.csv",
		RunE: c.does(func(ctx context.Context, _ []string) int { return c.fail(c.paths(ctx, o)) }),
	}
	flags := verb.Flags()
	flags.StringSliceVar(&o.Models, "model", nil, "models, joined by commas")
	flags.IntVar(&o.Order, "order", o.Order, "order of the Markov chain, 1 to 4")
	flags.StringVar(&o.Separator, "sep", o.Separator, "what stands between two touches of a path")
	flags.StringVar(&o.Path, "path-col", o.Path, "column of paths")
	flags.StringVar(&o.Conversions, "conv-col", o.Conversions, "column of conversions of the path")
	flags.StringVar(&o.Value, "value-col", o.Value, `column of the value of these conversions together; "" means none`)
	flags.StringVar(&o.Nulls, "null-col", o.Nulls, `column of how often the path was lost; "" means none`)
	return verb
}

// paths writes all credits or nothing.
func (c *command) paths(ctx context.Context, o paths.Options) error {
	for i, id := range o.Models {
		o.Models[i] = strings.TrimSpace(id)
	}
	if err := o.Check(); err != nil {
		return jobs.Misuse(err)
	}
	if f, ok := c.Stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return jobs.Misuse(errors.New("give the table on standard input: credence paths --model first < paths.csv"))
	}
	credits, err := paths.Run(ctx, c.Stdin, o)
	if _, bad := errors.AsType[*paths.InputError](err); bad {
		return jobs.Misuse(err)
	}
	if err != nil {
		return err
	}
	return writePaths(c.Stdout, credits)
}

// writePaths writes numbers with as many digits as it takes to read the same
// numbers back.
func writePaths(to io.Writer, credits []paths.Credit) error {
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	rows := [][]string{{"channel", "model", "conversions", "value"}}
	for _, credit := range credits {
		rows = append(rows, []string{export.Defuse(credit.Channel), credit.Model, number(credit.Conversions), number(credit.Value)})
	}
	if err := csv.NewWriter(to).WriteAll(rows); err != nil {
		return fmt.Errorf("write the credits: %w", err)
	}
	return nil
}
