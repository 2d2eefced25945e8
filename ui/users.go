package ui

// UsersPage lists who may sign in, with a form that invites another.
type UsersPage struct {
	List  Section
	Lines []UserLine
	Add   UserForm
	Shown *Secret // an invitation just made
}

// UserLine is one user.
type UserLine struct {
	Name      string
	Email     string
	Href      string
	Roles     string
	Rep       string
	Sessions  string
	SeenAt    string // "" when not signed in
	State     string // ok, late or down
	StateText string
}

// Mark is the sign before a state.
func (u UserLine) Mark() string { return stateMark(u.State) }

// UserForm asks for what an administrator decides about a user.
type UserForm struct {
	Action  string
	Button  string
	Email   string // of a new user alone
	New     bool
	Name    string
	Roles   []Pick
	Reps    []Pick // empty: there are no reps yet
	RepHint string
	Problem string
}

// Secret is a text that is shown once.
type Secret struct {
	Title string
	Text  string
	Value string
}

// UserPage is one user.
type UserPage struct {
	Facts      []Fact
	Shown      *Secret
	Problem    string
	Edit       UserForm
	Base       string // /users/ID: its forms post below it
	Disabled   bool
	Self       bool
	Invited    bool
	Viewable   bool   // an administrator may see what they see
	ViewReason string // as somebody wrote it, when it was refused
	Sessions   SessionList
	Tokens     TokenList
}

// SessionList is where somebody is signed in.
type SessionList struct {
	Head   Section
	Action string // its forms post there: session=ID, or all
	Lines  []SessionLine
	None   string
	All    string // what the button for all of them says; "" has none
}

// SessionLine is one session.
type SessionLine struct {
	ID      string
	Agent   string
	Started string
	Seen    string
	Ends    string
	Current bool
}

// TokenList is the API tokens of somebody.
type TokenList struct {
	Head   Section
	Action string // its forms post there: token=ID
	Lines  []TokenLine
	None   string
}

// TokenLine is one API token.
type TokenLine struct {
	ID      string
	Name    string
	Opens   string
	Made    string
	Expires string
	State   string // ok or down
	Text    string // of the state
	Live    bool
}

// Mark is the sign before a state.
func (t TokenLine) Mark() string { return stateMark(t.State) }

// AccountPage is what users look after themselves: password, sessions, tokens.
type AccountPage struct {
	Facts       []Fact
	Shown       *Secret
	Problem     string // why the password or a token was refused
	HasPassword bool
	MinPassword int
	Sessions    SessionList
	Tokens      TokenList
	TokenName   string
	Scopes      []Pick
	Lives       []Pick
	CanMake     bool
}

// The forms of a list carry the token of the session, which the layout has.
type (
	csrfForm struct {
		CSRF string
		Form UserForm
	}
	csrfSessions struct {
		CSRF string
		List SessionList
	}
	csrfTokens struct {
		CSRF string
		List TokenList
	}
)
