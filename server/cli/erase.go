package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"credence/server/jobs"
)

func (c *command) eraseVerb() *cobra.Command {
	call := jobs.Call{Verb: "erase"}
	verb := &cobra.Command{
		Use: "erase", Short: "Take one person out of everything that is kept, for good", Args: cobra.NoArgs,
		Long: "Finds the person by an address, over every record, address, phone number and handle, and takes the person out\nof all tables, rejected rows and closed quarters; then writes the database into a fresh file. What the person's\nacts earned stays, to the cent, without the person. A later sync or an old backup does not bring the person back.",
		RunE: c.does(func(ctx context.Context, _ []string) int {
			if call.Email == "" {
				return c.fail(jobs.Misuse(errors.New("say whom: credence erase --email ADDRESS")))
			}
			return c.call(ctx, call, c.Stdout)
		}),
	}
	verb.Flags().StringVar(&call.Email, "email", "", "an address of the person")
	return verb
}
