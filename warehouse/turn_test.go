package warehouse

import (
	"context"
	"errors"
	"testing"
)

func TestWhoWaitsForTheWriterCanGiveUp(t *testing.T) {
	t.Parallel()
	writer := newTurn()
	if err := writer.take(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	waited := make(chan error)
	go func() { waited <- writer.take(ctx) }()
	cancel()
	if err := <-waited; !errors.Is(err, context.Canceled) {
		t.Errorf("whoever gave up is told %v", err)
	}
	writer.end()
	if err := writer.take(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the turn is taken by somebody who is gone: %v", err)
	}
	if err := writer.take(t.Context()); err != nil {
		t.Errorf("nobody has the turn, and it is not to be had: %v", err)
	}
}
