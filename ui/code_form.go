package ui

// CodeForm is the view of the one-time set-up and of an invitation: a code and a
// first password.
type CodeForm struct {
	Kind        string // set-up or invitation
	Company     string
	Code        string
	Email       string // of the set-up
	Name        string // of the set-up
	MinPassword int
	Problem     string
}
