package cli

import "testing"

func TestServingLeavesProcessorsToOthers(t *testing.T) {
	t.Parallel()
	for processors, want := range map[int]int{1: 1, 2: 1, 3: 1, 4: 2, 16: 8} {
		if got := servingThreads(processors); got != want {
			t.Errorf("of %d processors one question has %d, want %d", processors, got, want)
		}
	}
}
