package cli

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"credence/server/jobs"
)

// meter shows progress on stderr: a bar on a terminal, a line at the start of
// each step elsewhere. Lines for people go through it, so that they do not
// run into the bar.
type meter struct {
	mu       sync.Mutex
	w        io.Writer
	terminal bool
	bar      *progressbar.ProgressBar
	label    string
}

func newMeter(w io.Writer) *meter {
	f, ok := w.(*os.File)
	return &meter{w: w, terminal: ok && term.IsTerminal(int(f.Fd()))}
}

// Write implements io.Writer for lines between the bars.
func (m *meter) Write(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clear()
	return m.w.Write(p)
}

func (m *meter) show(p jobs.Progress) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.terminal {
		if p.Label != m.label {
			fmt.Fprintf(m.w, "%s …\n", p.Label) //nolint:errcheck // nobody to tell when stderr is gone
			m.label = p.Label
		}
		return
	}
	if m.bar == nil || p.Label != m.label {
		m.clear()
		total := p.Total
		if total == 0 {
			total = -1
		}
		m.bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(m.w), progressbar.OptionSetDescription(p.Label),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionShowCount(), progressbar.OptionSetWidth(30))
		m.label = p.Label
	}
	if p.Total > 0 {
		m.bar.ChangeMax64(p.Total)
	}
	m.bar.Set64(p.Done) //nolint:errcheck,gosec // a bar that cannot be drawn harms nothing
}

func (m *meter) finish() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clear()
}

func (m *meter) clear() {
	if m.bar != nil {
		m.bar.Clear() //nolint:errcheck,gosec // a bar that cannot be drawn harms nothing
		m.bar = nil
	}
}
