package ui_test

import "credence/ui"

var (
	sampleSecret   = &ui.Secret{Title: "An invitation", Text: "Shown once.", Value: evil}
	sampleUserForm = ui.UserForm{
		Action: "/users", Button: "Invite", Email: evil, New: true, Name: evil, Roles: []ui.Pick{{Value: "rep", Text: "Rep", Chosen: true}, {Value: "cmo", Text: "CMO"}},
		Reps: []ui.Pick{{Text: "by e-mail"}, {Value: evil, Text: evil, Chosen: true}}, RepHint: "Whose deals are the own", Problem: evil,
	}
	sampleSessions = ui.SessionList{
		Head: ui.Section{ID: "sessions", Finding: ui.Say("One session")}, Action: "/account/sessions", All: "End the others",
		Lines: []ui.SessionLine{{ID: "A", Agent: evil, Started: "13 Sep 2026, 08:40", Seen: "13 Sep 2026, 08:50", Ends: "13 Sep 2026, 20:50", Current: true}},
	}
	sampleTokens = ui.TokenList{
		Head: ui.Section{ID: "token-list", Finding: ui.Say("One token")}, Action: "/account/tokens/revoke",
		Lines: []ui.TokenLine{{ID: "B", Name: evil, Opens: "deals", Made: "13 Sep 2026", Expires: "13 Dec 2026", State: "ok", Text: "in use", Live: true}, {Name: "old", State: "down", Text: "revoked"}},
	}
	sampleUsers = ui.UsersPage{
		List: ui.Section{ID: "users", Finding: ui.Say("2 users")}, Add: sampleUserForm, Shown: sampleSecret,
		Lines: []ui.UserLine{{Name: evil, Email: evil, Href: "/users/1", Roles: "Manager", Rep: evil, Sessions: "2", SeenAt: "08:40", State: "ok", StateText: "active"}, {Name: "Bo", Href: "/users/2", State: "down", StateText: "disabled"}},
	}
	sampleUser = ui.UserPage{
		Facts: []ui.Fact{{Name: "E-mail", Value: evil}}, Shown: sampleSecret, Problem: evil, Edit: sampleUserForm, Base: "/users/1", Sessions: sampleSessions, Tokens: sampleTokens,
	}
	sampleAccount = ui.AccountPage{
		Facts: []ui.Fact{{Name: "E-mail", Value: evil}}, Shown: sampleSecret, Problem: evil, HasPassword: true, MinPassword: 10, Sessions: sampleSessions, Tokens: sampleTokens,
		TokenName: evil, Scopes: []ui.Pick{{Value: "all", Text: "everything"}}, Lives: []ui.Pick{{Value: "30", Text: "30 days", Chosen: true}}, CanMake: true,
	}
	sampleCodeForm = ui.CodeForm{Kind: "set-up", Company: evil, Code: evil, Email: evil, Name: evil, MinPassword: 10, Problem: evil}
)
