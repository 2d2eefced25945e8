package main

// change is a rule in a file and the same without it; MUTANT stands for the
// switch. In SQL the rule is made true.
type change struct{ text, without, spared string }

// given are the rules that are no question in SQL about a reader's reps.
var given = map[string][]change{
	"warehouse/resolve/visible_rep.sql": {
		{text: "p.roles like '%;cmo;%'"},
		{text: "o.roles like '%;manager;%'\n)"},
		{text: "t.manager_rep_id = o.rep_id"},
		{text: "c.ancestor_team_id = l.team_id"},
		{text: "m.team_id = c.team_id"},
		{text: "t.team_id = l.team_id"},
	},
	"server/web/policy.go": {
		{text: "case p.spend && (!r.Has", without: "case !MUTANT && p.spend && (!r.Has"},
		{text: "case !r.Has(p.roles...):", without: "case !MUTANT && !r.Has(p.roles...):"},
	},
	"server/web/reader.go": {
		{text: "return s.Config.Privacy.CMOSeesReps || r.Root", without: "return MUTANT || s.Config.Privacy.CMOSeesReps || r.Root"},
		{text: "return r.Has(auth.CMO) || r.Root }", without: "return MUTANT || r.Has(auth.CMO) || r.Root }"},
		{text: "if r.Disabled || ", without: "if !MUTANT && r.Disabled || "},
		{text: "|| r.SessionVersion != session.Version {", without: "|| !MUTANT && r.SessionVersion != session.Version {"},
	},
	"server/web/sql/reader.sql": {
		{text: "m.rep_id = l.manager_rep_id"},
	},
	"server/web/sql/led_reps.sql": {
		{text: "m.rep_id = t.manager_rep_id"},
	},
	"server/web/namer.go": {
		{text: "!n.reader.Has(auth.CMO) && n.reader.Has", without: "(MUTANT || !n.reader.Has(auth.CMO)) && n.reader.Has"},
		{text: "return id != \"\" && (", without: "return MUTANT || id != \"\" && ("},
		{text: "if v.Reader.Has(auth.CMO) && !v.Reader.Root {", without: "if !MUTANT && v.Reader.Has(auth.CMO) && !v.Reader.Root {"},
	},
	"server/web/small_groups.go": {
		{text: "if names.named() || v.Generation == 0 {", without: "if MUTANT || names.named() || v.Generation == 0 {"},
		{text: "t.reps < fewest || len(together)", without: "!MUTANT && t.reps < fewest || len(together)"},
	},
	"server/web/overview.go": {
		{text: "if sizes[t.ID] < fewest || out", without: "if !MUTANT && sizes[t.ID] < fewest || out"},
		{text: "if err != nil || g.s.SeesReps(g.v.Reader) {\n\t\treturn teams", without: "if MUTANT || err != nil || g.s.SeesReps(g.v.Reader) {\n\t\treturn teams"},
	},
	"server/web/deals.go": {
		{text: "case f.RepID != \"\" && !names.mayName(f.RepID):", without: "case !MUTANT && f.RepID != \"\" && !names.mayName(f.RepID):"},
		{text: "case hidden.nested[f.TeamID]:", without: "case !MUTANT && hidden.nested[f.TeamID]:"},
	},
	"server/web/deal.go": {
		{text: "if hidden.alone[k.teamID] {", without: "if !MUTANT && hidden.alone[k.teamID] {"},
	},
	"server/web/api_deals.go": {
		{text: "if !names.named() {", without: "if !MUTANT && !names.named() {"},
		{text: "if hidden.alone[d.TeamID] {", without: "if !MUTANT && hidden.alone[d.TeamID] {"},
	},
	"server/web/api_metrics.go": {
		{text: "case ask.By == \"rep\" || ask.By == \"manager\":", without: "case !MUTANT && (ask.By == \"rep\" || ask.By == \"manager\"):"},
		{text: "case ask.RepID != \"\" && !names.mayName(ask.RepID):", without: "case !MUTANT && ask.RepID != \"\" && !names.mayName(ask.RepID):"},
		{text: "if hidden.nested[ask.TeamID] {", without: "if !MUTANT && hidden.nested[ask.TeamID] {"},
		{text: "if !hidden.nested[value.Key] {", without: "if MUTANT || !hidden.nested[value.Key] {"},
		{text: "if value.Key != \"\" && (ask.By", without: "if !MUTANT && value.Key != \"\" && (ask.By"},
	},
	"server/web/api_reps.go": {
		{text: "if names.mayName(r.RepID) && len", without: "if (MUTANT || names.mayName(r.RepID)) && len"},
	},
	"server/web/rep.go": {
		{text: "if !names.mayName(rep.ID) {", without: "if !MUTANT && !names.mayName(rep.ID) {"},
	},
	"server/web/api_credits.go": {
		{text: "if !asked.names.named() {", without: "if !MUTANT && !asked.names.named() {"},
		{text: "if !names.named() {", without: "if !MUTANT && !names.named() {"},
		{text: "if by == attribution.Rep && !a.names.named() {", without: "if !MUTANT && by == attribution.Rep && !a.names.named() {"},
		{text: "if !v.Reader.SeesSpend() {", without: "if !MUTANT && !v.Reader.SeesSpend() {", spared: "the question itself answers nothing to who does not see the company"},
	},
	"server/web/api_journey.go": {
		{text: "if !names.named() {", without: "if !MUTANT && !names.named() {"},
	},
	"server/web/attribution.go": {
		{text: "case by == attribution.Rep && !n.named():", without: "case !MUTANT && by == attribution.Rep && !n.named():"},
	},
	"server/web/attribution_table.go": {
		{text: "return by == attribution.Team && !a.names.named()", without: "return !MUTANT && by == attribution.Team && !a.names.named()"},
	},
	"server/web/attribution_rows.go": {
		{text: "|| p.names.named() || p.place.Kind", without: "|| MUTANT || p.names.named() || p.place.Kind"},
		{text: "if !p.names.named() {", without: "if !MUTANT && !p.names.named() {"},
	},
	"server/web/pipeline.go": {
		{text: "if p.by == attribution.Team && !p.names.named() {", without: "if !MUTANT && p.by == attribution.Team && !p.names.named() {"},
	},
	"server/web/whatif.go": {
		{text: "if w.names.named() || w.wrong", without: "if MUTANT || w.names.named() || w.wrong"},
	},
	"server/web/quality_told.go": {
		{text: "if r.Has(auth.Admin) {\n\t\treturn rows", without: "if MUTANT || r.Has(auth.Admin) {\n\t\treturn rows"},
	},
	"server/web/restatement.go": {
		{text: "return r.Root || r.Has(auth.CMO) && s", without: "return MUTANT || r.Root || r.Has(auth.CMO) && s"},
	},
	"server/web/campaign.go": {
		{text: "if p.v.Reader.SeesSpend() {", without: "if MUTANT || p.v.Reader.SeesSpend() {"},
	},
	"server/web/view_as.go": {
		{text: "if !slices.Contains(safeMethods, c.Method()) && !slices", without: "if !MUTANT && !slices.Contains(safeMethods, c.Method()) && !slices"},
		{text: "viewed.Roles = sellerRoles(viewed.User)", without: "if !MUTANT {\n\t\tviewed.Roles = sellerRoles(viewed.User)\n\t}"},
		{text: "if !s.Now().Before(v.until) {", without: "if !MUTANT && !s.Now().Before(v.until) {"},
		{text: "!viewable(viewed.User)", without: "!MUTANT && !viewable(viewed.User)"},
		{text: "case user.Disabled:", without: "case !MUTANT && user.Disabled:"},
	},
}

const refusedBefore = "who may not see spend is refused before it is asked, by the route and by the page"

const journeyBefore = "the page asks for the deal's journey first, which is not there for who may not see the deal"

// spared are questions in SQL that no test of the matrix can miss, and why.
var spared = map[string]string{
	"attribution/sql/efficiency_basis.sql exists (select 1 from visible_rep v where v.user_id = $user_id and v.rep_id = '')":      refusedBefore,
	"attribution/sql/efficiency_spend.sql exists (select 1 from visible_rep v where v.user_id = $user_id and v.rep_id = '')":      refusedBefore,
	"attribution/sql/efficiency_touch.sql exists (select 1 from visible_rep v where v.user_id = $user_id and v.rep_id = '')":      refusedBefore,
	"attribution/sql/sees_company.sql v.user_id = $user_id":                                                                       refusedBefore + "; what models learned shows money to who sees the company alone",
	"performance/sql/deal_names.sql d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)":           "it names deals that the reader was shown by another question",
	"server/web/sql/deal_card.sql d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)":             journeyBefore,
	"server/web/sql/deal_consent.sql d.membership_id in (select v.rep_id from visible_rep v where v.user_id = $user_id)":          journeyBefore,
	"attribution/sql/earned_elsewhere.sql c.membership_id not in (select v.rep_id from visible_rep v where v.user_id = $user_id)": "it keeps out what the reader sees elsewhere",
}
