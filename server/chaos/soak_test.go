package chaos

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// soakSample is what the server took of the machine at one moment.
type soakSample struct {
	at                             time.Duration
	memory, goroutines, files, wal float64 // bytes, count, count, bytes
	temporary                      int     // files of large sorts
}

// K14: a server that is asked ten times a second and reads every source again
// every few minutes takes no more of the machine from hour to hour. SOAK says how
// long; below three hours the slope of memory is told and not judged.
func TestSoak(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("SOAK"))
	if err != nil {
		t.Skip("tried by make soak, with SOAK=24h")
	}
	c := &company{dir: t.TempDir()}
	c.config, c.database = filepath.Join(c.dir, "credence.yaml"), filepath.Join(c.dir, "credence.db")
	c.must(t, "demo", "--dir", c.dir, "--seed", "1")
	c.must(t, "sync")
	c.must(t, "refresh")
	server, base := c.serve(t)
	user := strings.Fields(server.until(t, " cmo@"))
	client, token := signInAs(t, base, user[len(user)-2], user[len(user)-1])

	asking, judging := time.NewTicker(100*time.Millisecond), time.NewTicker(max(length/240, 2*time.Second))
	reading := time.NewTicker(min(5*time.Minute, length/4))
	end := time.After(length)
	begun, asked, failed, synced := time.Now(), 0, 0, 0
	paths := []string{"/", "/deals", "/attribution", "/api/v1/credits/channel", "/quality", "/campaigns", "/efficiency"}
	busy := make(chan struct{}, 1)
	var samples []soakSample
	for going := true; going; {
		select {
		case <-asking.C:
			asked++
			if status := ask(t.Context(), client, http.MethodGet, base+paths[asked%len(paths)], token); status == http.StatusUnauthorized {
				client, token = signInAs(t, base, user[len(user)-2], user[len(user)-1])
			} else if status >= 400 || status == 0 {
				if failed++; failed < 10 {
					t.Errorf("%s answered %d after %v", paths[asked%len(paths)], status, time.Since(begun).Round(time.Second))
				}
			}
		case <-reading.C:
			select {
			case busy <- struct{}{}:
				synced++
				go func() {
					defer func() { <-busy }()
					for _, verb := range [][]string{{"sync", "--full"}, {"refresh"}} {
						if r := c.run(t, verb...); r.exit != 0 {
							t.Errorf("%s: exit %d, said %s", verb[0], r.exit, r.stderr)
						}
					}
				}()
			default: // the last one still goes on
			}
		case <-judging.C:
			samples = append(samples, c.sample(t, client, base, time.Since(begun)))
		case <-end:
			going = false
		}
	}
	busy <- struct{}{} // the last sync is over
	judgeSoak(t, length, samples)
	t.Logf("%v: %d requests, %d failed, %d full syncs and refreshes", length, asked, failed, synced)
}

// sample reads what the server says of itself.
func (c *company) sample(t *testing.T, client *http.Client, base string, at time.Duration) soakSample {
	t.Helper()
	res, err := client.Get(base + "/metrics") //nolint:noctx // the client has a deadline
	if err != nil {
		t.Fatalf("after %v: %v", at, err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	values := map[string]float64{}
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		values[name], _ = strconv.ParseFloat(value, 64)
	}
	spilled, err := filepath.Glob(filepath.Join(c.database+".d", "tmp", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return soakSample{at, values["process_resident_memory_bytes"], values["go_goroutines"], values["process_open_fds"], values["credence_wal_bytes"], len(spilled)}
}

// judgeSoak wants what is taken to be flat once the server is warm.
func judgeSoak(t *testing.T, length time.Duration, samples []soakSample) {
	t.Helper()
	from := min(2*time.Hour, length/4)
	for len(samples) > 0 && samples[0].at < from {
		samples = samples[1:]
	}
	if len(samples) < 8 {
		t.Fatalf("%d samples after %v: too few to judge", len(samples), from)
	}
	memory := slope(samples, func(s soakSample) float64 { return s.memory / (1 << 20) })
	goroutines := slope(samples, func(s soakSample) float64 { return s.goroutines })
	files := slope(samples, func(s soakSample) float64 { return s.files })
	longest, last := 0.0, samples[len(samples)-1]
	for _, s := range samples {
		longest = max(longest, s.wal)
	}
	t.Logf("after %v, an hour: memory %+.1f MiB (now %.0f MiB), goroutines %+.1f (now %.0f), open files %+.1f (now %.0f); the longest log %.1f MiB, %d temporary files in the end",
		from, memory, last.memory/(1<<20), goroutines, last.goroutines, files, last.files, longest/(1<<20), last.temporary)
	judged := length >= 3*time.Hour
	for _, fault := range []struct {
		is   bool
		what string
	}{
		{judged && memory >= 1, fmt.Sprintf("memory grows by %.1f MiB an hour", memory)},
		{judged && goroutines >= 1, fmt.Sprintf("goroutines grow by %.1f an hour", goroutines)},
		{judged && files >= 1, fmt.Sprintf("open files grow by %.1f an hour", files)},
		{longest > 64<<20, fmt.Sprintf("the log came to %.0f MiB", longest/(1<<20))},
		{last.temporary > 0, fmt.Sprintf("%d temporary files are left", last.temporary)},
	} {
		if fault.is {
			t.Error(fault.what)
		}
	}
}

// slope is the growth an hour of the straight line nearest to the samples.
func slope(samples []soakSample, of func(soakSample) float64) float64 {
	var n, x, y, xx, xy float64
	for _, s := range samples {
		h, v := s.at.Hours(), of(s)
		n, x, y, xx, xy = n+1, x+h, y+v, xx+h*h, xy+h*v
	}
	return (n*xy - x*y) / (n*xx - x*x)
}
