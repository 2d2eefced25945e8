package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// connections is how many readers wrk plays. Each thinks for as long as it takes
// that all together ask at the rate when answers come at once.
const connections = 50

// askWrk has wrk ask the same: a script of its own language lists addresses and
// cookies and says how long to think between an answer and the next request. So
// wrk asks less while answers are slow, which makes its figures the kinder ones.
func (o options) askWrk(ctx context.Context, m *mix, r *report) error {
	base, err := url.Parse(m.base)
	if err != nil {
		return err
	}
	var script strings.Builder
	script.WriteString("local asks = {\n")
	for range 2000 {
		a := m.next()
		var cookies []string
		for _, c := range a.to.client.Jar.Cookies(base) {
			cookies = append(cookies, c.Name+"="+c.Value)
		}
		fmt.Fprintf(&script, "  {%q, %q},\n", a.path, strings.Join(cookies, "; "))
	}
	fmt.Fprintf(&script, `}
local n = 0
function request()
  n = n %% #asks + 1
  return wrk.format("GET", asks[n][1], {["Cookie"] = asks[n][2], ["Accept-Encoding"] = "gzip"})
end
function delay() return math.random(0, %d) end
function done(summary, latency)
  io.write(string.format("wrk: %%d requests, p50 %%.0f ms, p99 %%.0f ms, longest %%.0f ms, %%d errors\n", summary.requests,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout))
end
`, 2*1000*connections/o.rate)
	path := filepath.Join(o.dir, "load.lua")
	if err = os.WriteFile(path, []byte(script.String()), 0o600); err != nil {
		return err
	}
	out, err := exec.CommandContext(ctx, "wrk", "-t1", fmt.Sprintf("-c%d", connections), fmt.Sprintf("-d%.0fs", o.lasts.Seconds()), //nolint:gosec // what is measured
		"--timeout", patience.String(), "-s", path, m.base).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ask wrk: %w: %s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "wrk: ") {
			r.say("%s", line)
		}
	}
	return nil
}
