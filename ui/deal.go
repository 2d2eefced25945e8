package ui

// Deal is the view of /deals/{id}: what happened, with whom, in which order, and
// who gets how much under each model.
type Deal struct {
	Facts      []Fact
	Missing    *State // stands for the journey when there is none
	Journey    Section
	Timeline   Timeline
	Milestones []WhyAnchor   // where the four stand
	Matrix     *CreditMatrix // nil unless won with an amount
	Open       *State        // says why there is no credit yet
	Why        *WhyAmount
	Nothing    Section
	Silent     []Silent // touches that earn nothing
	More       int      // of them not shown
	Models     Section
	Weighs     []Weigh
	WhatIf     *WhatIf
	Known      Section
	People     []Known // by what right each is known
	MorePeople int     // of them not shown
}

// Known is a person on the deal and by what right the person is known.
type Known struct {
	Name    string
	Role    string
	Basis   string
	Told    string // source and date
	Unknown bool   // no source tells a basis
}

// CreditMatrix is touches, channels or reps by models; each column sums to the
// won amount.
type CreditMatrix struct {
	Section Section
	Columns []MatrixColumn
	Rows    []MatrixRow
	Rest    []MatrixRow // unattributed and withheld
	Sums    []string
	Split   Section // who holds how much under the chosen model
	Parts   Whole
	Legend  []Fact // the parts' words, by rep
}

// MatrixColumn is one model.
type MatrixColumn struct {
	Text   string
	Title  string // its formula
	Href   string
	Chosen bool
}

// MatrixRow is one touch, channel or rep.
type MatrixRow struct {
	Number  int // of a touch; 0 for a group
	Channel string
	Name    string
	Sub     string
	Flags   string // milestones of a touch: FT OC
	Cells   []Heat
	Range   Range
}

// WhyAmount is the arithmetic behind one credit, each line checkable by hand.
type WhyAmount struct {
	Title  string
	Sub    string
	Lines  []WhyLine
	Total  WhyLine
	Grade  string
	Proof  Words
	Anchor []WhyAnchor
	Close  string // address without the panel
	Rules  string
}

// WhyLine is one step.
type WhyLine struct {
	Name  string
	Value string
	Note  string
	Steps []string // how the value came about, a sentence each
}

// WhyAnchor is a milestone in words.
type WhyAnchor struct {
	Code    string
	Text    string
	Missing bool // no touch stands for it
}

// Silent is a touch that earns nothing, with the reason.
type Silent struct {
	When   string
	Touch  string
	Who    string
	Reason string
	Grade  string
}

// Weigh says how one model weighs.
type Weigh struct {
	Name    string
	Formula string
	Anchors string
	Href    string
	Chosen  bool
}
