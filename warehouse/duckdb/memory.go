package duckdb

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// defaultMemoryLimit is 40 % of the memory of the container, else of the
// machine: the engine itself looks only at the machine, and takes some
// 100 MiB beyond its limit.
func defaultMemoryLimit() string {
	total := int64(4 << 30)
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if f := strings.Fields(line); len(f) >= 2 && f[0] == "MemTotal:" {
				if kb, err := strconv.ParseInt(f[1], 10, 64); err == nil {
					total = kb << 10
				}
			}
		}
	}
	for _, name := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		if text, err := os.ReadFile(name); err == nil { //nolint:gosec // one of two constants
			if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && n < total {
				total = n
			}
		}
	}
	return fmt.Sprintf("%dMiB", max(total*2/5>>20, 256))
}
