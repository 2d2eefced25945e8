package ui

// SettingsPage is how the company attributes, who changed it and why, and what
// else the configuration says.
type SettingsPage struct {
	Sync     *SyncBox  // the running refresh, or how the last one ended
	Problem  *Message  // why nothing was saved
	Notice   *Notice   // which settings hold, when that is not plain
	Proposal *Proposal // what a link proposes
	Edit     Section
	Fields   []Field
	Version  string // of the state that the form was made upon
	Reason   Field
	Back     *Field // the reason for going back to the file; nil when the file holds
	File     string // name of the configuration: credence.yaml
	Changes  Section
	Lines    []ChangeLine
	None     string // instead of lines
	Others   Section
	Keys     []KeyLine
}

// Proposal is what a link to the page proposes.
type Proposal struct {
	Changes []string // "Lookback: 90 days → 30 days"
	Drop    string   // address of the page without it
}

// ChangeLine is one saved change.
type ChangeLine struct {
	When    string
	Who     string
	Email   string
	Reason  string
	ToFile  bool
	Changes []string
}

// KeyLine is one key of the configuration that this page does not change.
type KeyLine struct {
	Key   string
	Value string
	Href  string // the page about it
}

// Field is one setting in a form. Kind says how it is asked for.
type Field struct {
	Kind    string // choice, number, text, area, group or rules
	Name    string // of the parameter: the key of the configuration
	ID      string // in the page; empty: made of the name
	Label   string
	Hint    string
	Value   string
	Unit    string // after a number
	Min     string
	Max     string
	Step    string
	Blank   string        // what an empty value means
	Was     string        // the value in force, when this one is another
	Error   string        // why it is refused, with the remedy
	Options []FieldOption // of a choice
	Parts   []Field       // of a group
	Rules   []string      // of rules, the last ones blank
	Suggest []Suggestion  // of rules
	Summary string        // of a group or of rules: what it says
	Open    bool          // a group that shows its parts
}

// Anchor is the field's id in the page.
func (f Field) Anchor() string {
	if f.ID != "" {
		return f.ID
	}
	return "f-" + f.Name
}

// FieldOption is one value of a choice.
type FieldOption struct {
	Value  string
	Text   string
	Chosen bool
}

// Suggestion is a rule that can be chosen, and what it names.
type Suggestion struct {
	Value string
	Text  string
}
