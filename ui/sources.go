package ui

import "strconv"

// SourcesPage is the list of sources: is everything in step?
type SourcesPage struct {
	Empty   *State
	Snippet string   // lines of credence.yaml that add a source
	Sync    *SyncBox // the running sync, or how the last one ended
	List    Section  // heads the table
	Lines   []SourceLine
	Checks  Section // of data quality
	Found   []CheckLine
	Kinds   []SourceKind
	CanSync bool
}

// SourceLine is one source in the list.
type SourceLine struct {
	Name         string
	Href         string
	What         string // title of its kind
	Strip        RunStrip
	LastRun      string
	LastHref     string
	Records      string
	Rejected     string
	RejectedHref string // "" when none is
	State        string // ok, late or down
	StateText    string
	Why          string // of a failed run, one sentence
	SyncName     string // posted by its button; "" has none
}

// Mark is the sign before a state, so that colour never speaks alone.
func (s SourceLine) Mark() string { return stateMark(s.State) }

func stateMark(state string) string {
	switch state {
	case "ok":
		return "✓"
	case "down":
		return "✕"
	default:
		return "▲"
	}
}

// RunStrip draws the newest runs of a source, the newest last: a square each,
// tall when rows were rejected, a cross when it failed.
type RunStrip struct {
	Runs  []RunMark // at most RunSlots, the newest last
	Label string    // what a screen reader says
}

// RunMark is one run of a strip.
type RunMark struct {
	Kind  string // done, rejected or failed
	Title string
	Href  string
}

// RunSlots is how many runs a strip has room for.
const RunSlots = 30

const runPitch = 8 // px from run to run

// Width of the strip in px.
func (RunStrip) Width() int { return RunSlots * runPitch }

// X is the left edge of the i-th run.
func (RunStrip) X(i int) string { return strconv.Itoa(i * runPitch) }

// SyncBox says how far a sync is that somebody started, or how it ended.
type SyncBox struct {
	Running bool
	State   string // ok, late or down, once it has ended
	Title   string
	Lines   []string // what is read, newest last
	Poll    string   // address of this box while it runs
}

// Mark is the sign before the title of an ended sync.
func (s SyncBox) Mark() string { return stateMark(s.State) }

// SourceKind is a kind of source that can be connected.
type SourceKind struct {
	Title string
	Kind  string
	Doc   string
}

// SourcePage is one source with its runs.
type SourcePage struct {
	Facts    []Fact
	Problem  *Notice // why its last run failed
	Sync     *SyncBox
	SyncName string // posted by the button; "" has none
	Runs     Section
	Lines    []RunLine
	Empty    *State
}

// RunLine is one run.
type RunLine struct {
	Started   string
	Href      string
	Took      string
	Read      string
	Kept      string
	Rejected  string
	Changed   string
	State     string
	StateText string
	Why       string
}

// Mark is the sign before a state.
func (r RunLine) Mark() string { return stateMark(r.State) }

// RunPage is one run: the files it read and the rows it rejected.
type RunPage struct {
	Facts    []Fact
	Problem  *Notice
	Files    Section
	Lines    []FileLine
	Rejected Section
	Rows     []RejectedLine
	None     *State // instead of rows
	First    string // address of the first page; "" on it
	Next     string // address of the next page; "" on the last
}

// FileLine is a file of a run.
type FileLine struct {
	Name     string
	Read     string
	Kept     string
	Rejected string
	Bad      bool
}

// RejectedLine is a row that was read and not kept.
type RejectedLine struct {
	File   string
	Line   string
	Field  string
	Reason string
	Row    string
}

// QualityPage counts what may be wrong with the data.
type QualityPage struct {
	Empty      *State
	Found      Section
	Lines      []CheckLine
	CleanTitle string
	Clean      []string // checks that found nothing
}

// CheckLine is one check that found something.
type CheckLine struct {
	Title string
	Href  string
	Rows  string
	Why   string // what it does to the figures
}

// QualityRowsPage is the rows behind one check.
type QualityRowsPage struct {
	Table Section
	Heads []Column
	Rows  [][]QualityCell
	None  *State
	First string
	Next  string
}

// QualityCell is one value of such a row.
type QualityCell struct {
	Text string
	Href string
	Num  bool
}
