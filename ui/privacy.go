package ui

// PrivacyPage is what is kept about people: a person's data can be found here,
// handed over, left out of everything, or erased.
type PrivacyPage struct {
	Sync    *SyncBox // the running erasure or refresh, or how the last one ended
	Problem *Message // why nothing was done
	Tiles   []Tile
	Find    Section
	Who     Field        // whom to look for
	Person  *PrivacyCard // who was found
	Out     Section
	Outs    []OptOutLine
	Reps    []Pick // who can be opted out
	Keep    Section
	Kept    []KeptLine
}

// PrivacyCard is one person with what can be done.
type PrivacyCard struct {
	Head    Section
	Facts   []Fact
	Records []ConsentLine
	Email   string // either names the person to a button
	ID      string
	Confirm Field // what must be typed to erase
	Undo    bool  // an admin's opt-out can be taken back
	CanOut  bool
	Busy    bool
}

// ConsentLine is what one record says of consent.
type ConsentLine struct {
	Source string
	Record string
	Basis  string
	State  string
}

// OptOutLine is one opt-out that an admin set.
type OptOutLine struct {
	What string // contact or rep
	Name string
	When string
	Who  string
	Kind string // contact or rep, as the button posts it
	ID   string
}

// KeptLine is how long one kind of data keeps its person.
type KeptLine struct {
	What  string
	Limit string
	Then  string
}
