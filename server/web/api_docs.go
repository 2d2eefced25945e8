package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"
)

// parameter is one query parameter of the API.
type parameter struct{ name, doc string }

// Parameters that several addresses take.
var (
	limitParam   = parameter{"limit", "rows of a page, 1 to 1000; 50 without it"}
	cursorParam  = parameter{"cursor", "next of the page before; it may be called next too"}
	periodParam  = parameter{"period", "2026, 2026Q3, 2026-07 or 2026-07-01..2026-07-31; the newest quarter with closed deals without it"}
	modelParam   = parameter{"model", "attribution model; the company's without it"}
	basisParam   = parameter{"basis", "cash: deals closed in the period, which it is without it; accrual: touches dated in it, what went to no touch at the close"}
	viewParam    = parameter{"view", "channel, campaign, post, content, rep or team"}
	textParam    = parameter{"q", "part of a name"}
	compareParam = parameter{"compare", "year, previous or none"}
)

// whatIfParams ask for the figures under other settings than the company's,
// which stay what they are. Their names are the keys of the configuration.
var whatIfParams = []parameter{
	{"lookback_days", "what if: days of the window before the anchor, 0 to 3660"},
	{"lookback_by_channel", "what if: days of channels instead, such as Event=180,Display=30"},
	{"anchor", "what if: creation or close"},
	{"people", "what if: account, deal or primary"},
	{"path", "what if: all, exposure, first or drop_direct"},
	{"touches", "what if: all, marketing or sales"},
	{"sent_mail", "what if: true lets mail merely sent earn"},
	{"opened_mail", "what if: true lets mail merely opened earn"},
	{"half_life_days", "what if: half-life of time_decay"},
	{"custom.first", "what if: weight of the first touch in custom; the five sum to 1"},
	{"custom.lead", "what if: weight of lead creation in custom"},
	{"custom.creation", "what if: weight of deal creation in custom"},
	{"custom.close", "what if: weight of the close in custom"},
	{"custom.others", "what if: weight of all other touches in custom"},
	{"markov_order", "what if: order of markov, 1 to 4"},
	{"exclude", "what if: a rule such as channel=Display; once for each rule, empty for none"},
}

// apiDoc describes one address of the API.
type apiDoc struct {
	method  string
	path    string
	summary string
	query   []parameter
	body    any // of the request; nil when there is none
	answer  any // of status 200; nil is 204
}

// apiDocs describes every address of the API. A test names the one that is
// forgotten here.
func apiDocs() []apiDoc {
	const (
		get   = fiber.MethodGet
		post  = fiber.MethodPost
		erase = fiber.MethodDelete
	)
	return []apiDoc{
		{post, "/api/v1/session", "Sign in, or renew a session by its renewal token", nil, sessionRequest{}, sessionAnswer{}},
		{erase, "/api/v1/session", "Sign out", nil, nil, nil},
		{get, "/api/v1/me", "Who the reader is to the server", nil, nil, meAnswer{}},
		{get, "/api/v1/deals", "Deals in scope", []parameter{
			limitParam, cursorParam, textParam,
			{"status", "open, won, lost or decided"},
			{"period", "closed in it"},
			{"rep_id", "owner"},
			{"team_id", "and teams below"},
			{"account_id", "account"},
			{"product_id", "product"},
			{"stage", "name of the stage"},
			{"sort", "amount, closed, created, expected, name or stage; - before it turns the order round"},
		}, nil, list[apiDeal]{}},
		{get, "/api/v1/deals/:id", "One deal", nil, nil, apiOneDeal{}},
		{get, "/api/v1/deals/:id/journey", "Every touch of a deal with what it earned under each model, or why it earns nothing, and by what lawful basis its person is known: lawful_basis, and the source that says it", nil, nil, apiJourney{}},
		{get, "/api/v1/reps", "Reps that may be named to the reader", []parameter{limitParam, cursorParam}, nil, list[apiRep]{}},
		{get, "/api/v1/reps/:id", "One rep with the numbers of the period", []parameter{periodParam}, nil, apiOneRep{}},
		{get, "/api/v1/accounts", "Accounts in scope", []parameter{limitParam, cursorParam, textParam}, nil, list[apiAccount]{}},
		{get, "/api/v1/campaigns", "Credit of each campaign; the rows of all pages sum to the total", slices.Concat([]parameter{limitParam, cursorParam, periodParam, modelParam, basisParam}, whatIfParams), nil, apiView{}},
		{get, "/api/v1/channels", "Credit of each channel; the rows of all pages sum to the total", slices.Concat([]parameter{limitParam, cursorParam, periodParam, modelParam, basisParam}, whatIfParams), nil, apiView{}},
		{get, "/api/v1/credits", "The ledger in scope; all time without a period, all models without a model. With a view it is the rows behind one group of it, under one model and in the reporting currency: they sum to the group's credit", []parameter{
			limitParam, cursorParam, periodParam, modelParam, viewParam,
			{"id", "of the group, with a view"},
			{"kind", "none, withheld or unattributed instead of an id, with a view"},
			{"reason", "with kind unattributed: why the deal has no touch"},
			basisParam,
		}, nil, list[apiLedgerRow]{}},
		{get, "/api/v1/credits/:view", "Credit of each group of a view: channel, campaign, post, content, rep or team; the rows of all pages sum to the total, figures of two views are never added", slices.Concat([]parameter{limitParam, cursorParam, periodParam, modelParam, basisParam}, whatIfParams), nil, apiView{}},
		{get, "/api/v1/pipeline", "Amounts of the open deals by what touched them so far, never to be added to credit", []parameter{limitParam, cursorParam, modelParam, viewParam}, nil, apiOpenPipeline{}},
		{get, "/api/v1/metrics/:name", "One metric of the period", []parameter{
			periodParam, compareParam, {"by", "company, team, rep, manager or product"}, {"team_id", "only this team"}, {"rep_id", "only this rep"},
		}, nil, apiMetricAnswer{}},
		{get, "/api/v1/efficiency", "What the marketing money of the period brought, in total and by channel", []parameter{periodParam, modelParam}, nil, apiEfficiency{}},
		{get, "/api/v1/sources", "Sources with what is held of them and their last run", nil, nil, list[apiSource]{}},
		{get, "/api/v1/quality", "What may be wrong with the data, and how often", nil, nil, list[apiQuality]{}},
		{get, "/api/v1/search", "Deals and accounts by name, in scope", []parameter{textParam, limitParam}, nil, list[apiFound]{}},
		{get, "/api/v1/openapi.json", "This description", nil, nil, map[string]any{}},
	}
}
