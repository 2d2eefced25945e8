package ui

import "fmt"

// Problem is the view of an error page.
type Problem struct {
	Icon      string
	Title     string
	Text      string
	Holds     string // what still holds
	RequestID string
	Actions   []Button
}

// Button is a link drawn as a button.
type Button struct {
	Text    string
	Href    string
	Primary bool
}

// ProblemFor is the error page of an HTTP status. A record one may not see and
// one that does not exist have the same page. retry is the address asked for.
func ProblemFor(status int, requestID, retry string) Problem {
	home := Button{Text: "Back to Today", Href: "/"}
	again := Button{Text: "Try again", Href: retry, Primary: true}
	switch {
	case status == 404:
		return Problem{Icon: "eye-off", Title: "Nothing here", Text: "This record does not exist or is not shown to you.", Actions: []Button{home}}
	case status == 403:
		return Problem{Icon: "shield-lock", Title: "Not for this account", Text: "Your role does not include this page. An administrator can change roles.", Actions: []Button{home}}
	case status == 429:
		return Problem{Icon: "hourglass", Title: "Too many attempts", Text: "Ten failed sign-ins close the door for 15 minutes. Wait, then try again; an administrator can set a new password.", Actions: []Button{{Text: "To sign-in", Href: "/sign-in"}}}
	case status == 400 || status == 422:
		return Problem{Icon: "alert-circle", Title: "That address was not understood", Text: "A filter in the address has a value this page does not know.", RequestID: requestID, Actions: []Button{home}}
	case status == 503:
		return Problem{Icon: "hourglass", Title: "Busy at the moment", Text: "The figures are being worked on. Your data is as it was; try again in a few seconds.", RequestID: requestID, Actions: []Button{again, home}}
	case status < 500:
		return Problem{Icon: "alert-circle", Title: fmt.Sprintf("Refused (%d)", status), Text: "The server did not accept this request.", RequestID: requestID, Actions: []Button{home}}
	}
	return Problem{
		Icon: "alert-circle", Title: "This page could not be made", Text: "Something went wrong on the server. It has been logged with the request number below.",
		Holds: "Stored figures are unchanged; other pages work.", RequestID: requestID, Actions: []Button{again, home},
	}
}
