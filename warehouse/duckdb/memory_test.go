package duckdb

import (
	"io/fs"
	"testing"
)

// The limit is that of the innermost group that has one, else the machine's.
func TestMemoryOfTheContainer(t *testing.T) {
	t.Parallel()
	const machine = "MemTotal:       16777216 kB\nMemFree: 1 kB\n"
	tests := []struct {
		name  string
		files map[string]string
		want  int64
	}{
		{"nothing is told", nil, 4 << 30},
		{"a machine", map[string]string{"/proc/meminfo": machine}, 16 << 30},
		{"a container", map[string]string{"/proc/meminfo": machine, "/sys/fs/cgroup/memory.max": "1073741824\n"}, 1 << 30},
		{"a container without limit", map[string]string{"/proc/meminfo": machine, "/sys/fs/cgroup/memory.max": "max\n"}, 16 << 30},
		{"a container of the older kind", map[string]string{"/proc/meminfo": machine, "/sys/fs/cgroup/memory/memory.limit_in_bytes": "2147483648\n"}, 2 << 30},
		{
			"a service", map[string]string{
				"/proc/meminfo": machine, "/proc/self/cgroup": "0::/system.slice/credence.service\n",
				"/sys/fs/cgroup/system.slice/credence.service/memory.max": "536870912\n", "/sys/fs/cgroup/system.slice/memory.max": "max\n",
			}, 512 << 20,
		},
		{
			"the group around a service", map[string]string{
				"/proc/meminfo": machine, "/proc/self/cgroup": "0::/apps.slice/credence.service\n",
				"/sys/fs/cgroup/apps.slice/credence.service/memory.max": "max\n", "/sys/fs/cgroup/apps.slice/memory.max": "805306368\n",
			}, 768 << 20,
		},
		{
			"a service of the older kind", map[string]string{
				"/proc/meminfo": machine, "/proc/self/cgroup": "5:cpu:/x\n4:memory:/credence\n",
				"/sys/fs/cgroup/memory/credence/memory.limit_in_bytes": "805306368\n",
			}, 768 << 20,
		},
		{"more than the machine", map[string]string{"/proc/meminfo": machine, "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, 16 << 30},
	}
	for _, tt := range tests {
		got := memory(func(name string) ([]byte, error) {
			text, ok := tt.files[name]
			if !ok {
				return nil, fs.ErrNotExist
			}
			return []byte(text), nil
		})
		if got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}
