package warehouse

// Rejection is a row that was read and not kept.
type Rejection struct {
	Line   int    // in the current file, from 1; 0 when the input has no lines
	Field  string // as the source names it
	Reason string // one sentence with the remedy
	Row    string // the row as read, cut to 2,000 characters; empty for messages
}
