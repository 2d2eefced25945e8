package ui

// DealsPage is the list of deals with its filters, all of them in the URL.
type DealsPage struct {
	Empty   *State
	Filters DealFilters
	Chips   []Chip
	Heads   []SortHead
	Rows    []DealLine
	Owners  bool // a column says who owns the deal
	Sum     Words
	First   string // address of the first page; "" on it
	Next    string // address of the next page; "" on the last
}

// DealFilters is the form above the list.
type DealFilters struct {
	Status  Segments
	Text    string
	Hidden  []Hidden // what else the URL says
	Owners  []Pick
	Teams   []Pick
	Product []Pick
}

// Hidden is a value a form passes on.
type Hidden struct{ Name, Value string }

// Pick is an option of a select.
type Pick struct {
	Value, Text string
	Chosen      bool
}

// SortHead heads a column that the list can be ordered by.
type SortHead struct {
	Text  string
	Href  string // "" for a column without order
	Num   bool
	Order string // "ascending", "descending" or ""
}

// Mark is the arrow of the present order.
func (s SortHead) Mark() string {
	switch s.Order {
	case "ascending":
		return "▲"
	case "descending":
		return "▼"
	}
	return ""
}

// DealLine is one deal.
type DealLine struct {
	Deal    string
	Account string
	Href    string
	Owner   string
	Team    string
	Product string
	Stage   string
	Status  string
	Created string
	Date    string // closed, or expected
	Expects bool   // Date is the expected close
	Amount  string
	Aside   string // in the reporting currency, when the deal's is another
}
