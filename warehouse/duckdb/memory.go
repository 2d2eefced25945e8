package duckdb

import (
	"fmt"
	"os"
	"path"
	"strconv"
	"strings"
)

// defaultMemoryLimit is 40 % of the memory of the container or service, else of
// the machine: the engine itself looks only at the machine, and takes some
// 100 MiB beyond its limit.
func defaultMemoryLimit() string {
	return fmt.Sprintf("%dMiB", max(memory(os.ReadFile)*2/5>>20, 256))
}

// memory is how many bytes this process may take. read is os.ReadFile.
func memory(read func(string) ([]byte, error)) int64 {
	total := int64(4 << 30)
	if text, err := read("/proc/meminfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if f := strings.Fields(line); len(f) >= 2 && f[0] == "MemTotal:" {
				if kb, err := strconv.ParseInt(f[1], 10, 64); err == nil {
					total = kb << 10
				}
			}
		}
	}
	for _, name := range limitFiles(read) {
		if text, err := read(name); err == nil {
			if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && n < total {
				total = n
			}
		}
	}
	return total
}

// limitFiles are where the kernel tells the memory limits of this process: of
// its own group and of every group around that. In a container the groups begin
// at the container.
func limitFiles(read func(string) ([]byte, error)) []string {
	files := []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}
	text, err := read("/proc/self/cgroup")
	if err != nil {
		return files
	}
	for line := range strings.Lines(string(text)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		root, name := "", ""
		switch parts[1] {
		case "":
			root, name = "/sys/fs/cgroup", "memory.max"
		case "memory":
			root, name = "/sys/fs/cgroup/memory", "memory.limit_in_bytes"
		default:
			continue
		}
		for group := path.Clean(parts[2]); group != "/" && group != "."; group = path.Dir(group) {
			files = append(files, path.Join(root, group, name))
		}
	}
	return files
}
