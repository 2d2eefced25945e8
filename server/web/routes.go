package web

import "github.com/gofiber/fiber/v2"

// routes is every route of the program, with who may use it. A new page or API
// question is one file with its handler and one line here.
func (s *Server) routes() []route {
	const (
		get   = fiber.MethodGet
		post  = fiber.MethodPost
		erase = fiber.MethodDelete
	)
	return []route{
		// What needs no session.
		{get, "/healthz", anyone, s.healthz},
		{get, "/readyz", anyone, s.readyz},
		{get, "/metrics", machines, s.pageMetrics},
		{get, "/static/:file", anyone, s.static},
		{post, reportPath, reportsOpen, s.policyReport},
		{get, "/sign-in", anyone, s.pageSignIn},
		{post, "/sign-in", anyone, s.signIn},
		{get, "/sign-in/oidc", anyone, s.beginSSO},
		{get, "/sign-in/oidc/callback", anyone, s.endSSO},
		{post, "/sign-out", signedIn, s.signOut},
		{post, "/theme", signedIn, s.setTheme},
		{post, "/api/v1/session", anyone, s.apiSession},
		{erase, "/api/v1/session", signedIn, s.apiSignOut},
		{get, "/set-up", anyone, s.pageSetUp},
		{post, "/set-up", anyone, s.setUp},
		{get, "/invitation", anyone, s.pageInvitation},
		{post, "/invitation", anyone, s.acceptInvitation},
		{get, "/account", signedIn, s.pageAccount},
		{post, "/account/password", signedIn, s.changePassword},
		{post, "/account/sessions", signedIn, s.endOwnSessions},
		{post, "/account/tokens", signedIn, s.makeToken},
		{post, "/account/tokens/revoke", signedIn, s.revokeOwnToken},

		// Pages.
		{get, "/", signedIn, s.pageOverview},
		{get, "/me", onlyReps, s.pageMe},
		{get, "/teams/:id", seesDeals, s.pageTeam},
		{get, "/reps/:id", seesDeals, s.pageRep},
		{get, "/deals", seesDeals, s.pageDeals},
		{get, "/deals/:id", seesDeals, s.pageDeal},
		{get, "/attribution", seesDeals, s.pageAttribution},
		{get, "/attribution/rows", seesDeals, s.pageLedgerRows},
		{get, "/attribution/pipeline", seesDeals, s.pageOpenPipeline},
		{get, "/attribution/models", signedIn, s.pageModels},
		{get, "/attribution/models/:id", signedIn, s.pageModel},
		{get, "/campaigns", seesDeals, s.pageCampaigns},
		{get, "/campaigns/:id", seesDeals, s.pageCampaign},
		{get, "/efficiency", seesSpend, s.pageEfficiency},
		{get, "/reports", seesSpend, s.pageReports},
		{get, "/reports/:period/restatement", seesSpend, s.pageRestatement},
		{get, "/reports/:period/close", seesSpend, s.pageClose},
		{post, "/reports/:period/close", seesSpend, s.closeQuarter},
		{get, "/sources", onlyAdmins, s.pageSources},
		{get, "/sources/:name", onlyAdmins, s.pageSource},
		{get, "/sources/:name/rejected", onlyAdmins, s.pageRejected},
		{get, "/sources/:name/runs/:run", onlyAdmins, s.pageRun},
		{get, "/sync", onlyAdmins, s.partSync},
		{post, "/sync", onlyAdmins, s.startSync},
		{get, "/quality", adminOrCMO, s.pageQuality},
		{get, "/quality/:check", adminOrCMO, s.pageQualityRows},
		{get, "/users", onlyAdmins, s.pageUsers},
		{post, "/users", onlyAdmins, s.addUser},
		{get, "/users/:id", onlyAdmins, s.pageUser},
		{post, "/users/:id", onlyAdmins, s.changeUser},
		{post, "/users/:id/disable", onlyAdmins, s.disableUser},
		{post, "/users/:id/enable", onlyAdmins, s.enableUser},
		{post, "/users/:id/reset", onlyAdmins, s.resetUser},
		{post, "/users/:id/sessions", onlyAdmins, s.endUserSessions},
		{post, "/users/:id/tokens", onlyAdmins, s.revokeUserToken},
		{post, "/users/:id/view-as", onlyAdmins, s.startViewing},
		{post, "/view-as/stop", signedIn, s.stopViewing},
		{get, "/audit", onlyAdmins, s.pageAudit},
		{get, "/settings", onlyAdmins, s.pageSettings},
		{post, "/settings", onlyAdmins, s.saveSettings},
		{get, "/privacy", onlyAdmins, s.pagePrivacy},
		{post, "/privacy", onlyAdmins, s.doPrivacy},

		// Files.
		{get, "/reports/:file", seesSpend, s.reportFile},
		{get, "/sources/:name/rejected.csv", onlyAdmins, s.fileRejected},
		{get, "/audit.csv", onlyAdmins, s.fileAudit},
		{get, "/quality/:check/rows.csv", adminOrCMO, s.fileQualityRows},

		// The API.
		{get, "/api/v1/me", signedIn, s.apiMe},
		{get, "/api/v1/deals", seesDeals, s.apiDeals},
		{get, "/api/v1/deals/:id", seesDeals, s.apiDeal},
		{get, "/api/v1/deals/:id/journey", seesDeals, s.apiDealJourney},
		{get, "/api/v1/reps", seesDeals, s.apiReps},
		{get, "/api/v1/reps/:id", seesDeals, s.apiRep},
		{get, "/api/v1/accounts", seesDeals, s.apiAccounts},
		{get, "/api/v1/campaigns", seesDeals, s.apiCampaigns},
		{get, "/api/v1/channels", seesDeals, s.apiChannels},
		{get, "/api/v1/credits", seesDeals, s.apiCredits},
		{get, "/api/v1/credits/:view", seesDeals, s.apiCreditsBy},
		{get, "/api/v1/pipeline", seesDeals, s.apiPipeline},
		{get, "/api/v1/metrics/:name", seesDeals, s.apiMetric},
		{get, "/api/v1/efficiency", seesSpend, s.apiEfficiency},
		{get, "/api/v1/sources", onlyAdmins, s.apiSources},
		{get, "/api/v1/quality", adminOrCMO, s.apiQuality},
		{get, "/api/v1/search", seesDeals, s.apiSearch},
		{get, "/api/v1/openapi.json", anyone, s.apiOpenAPI},
	}
}
