package ui

// SignIn is the view of /sign-in.
type SignIn struct {
	Company   string
	Email     string // typed before, when the attempt failed
	Next      string // where to go afterwards, a path of this server
	Directory Link   // the way over the company's directory; the zero Link: there is none
	Problem   string // why the last attempt failed, in words that name no account
}
