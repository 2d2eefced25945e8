package main

// change is a rule in a file and the same without it; MUTANT stands for the
// switch. A predicate in SQL without a change is made true.
type change struct{ text, without, spared string }

// A switch within a join would change how the engine answers it, so that no test
// ends in time; these give the join more to find instead.
const (
	everyRep   = "join (select s.rep_id, s.from_at, s.until_at from seen_rep s union select m.rep_id, s.from_at, s.until_at from seen_rep s cross join membership m where MUTANT) s on"
	everyTeam  = "join (select s.team_id from seen_team s union select t.team_id from team t where MUTANT) s on"
	atAllTimes = `select distinct m.rep_id,
	case when MUTANT then cast('0001-01-01' as timestamp) else m.from_at end as from_at,
	case when MUTANT then cast('9999-01-01' as timestamp) else m.until_at end as until_at`
)

// given are the rules that are no question in SQL about a reader's reps.
var given = map[string][]change{
	"warehouse/resolve/visible_rep.sql": {
		{text: "not u.disabled"},
		{text: "r.rep_id = p.rep_id"},
		{text: "r.email = p.email"},
		{text: "r.email <> ''", spared: "no user is without an address"},
		{text: "t.parent_team_id = ''"},
		{text: "count(*) = 1"},
		{text: "p.roles like '%;cmo;%'"},
		{text: "o.roles like '%;rep;%' or o.roles like '%;manager;%'"},
		{text: "m.rep_id = o.rep_id"},
		{text: "o.roles like '%;manager;%'\n)", without: "(o.roles like '%;manager;%' or MUTANT)\n)"},
		{text: "t.manager_rep_id = o.rep_id"},
		{text: "c.ancestor_team_id = l.team_id"},
		{text: "m.team_id = c.team_id"},
		{text: "t.team_id = l.team_id"},
	},
	"performance/metrics/with/seen_team.sql": {
		{text: "sum(case when m.rep_id is not null and v.rep_id is null then 1 else 0 end) = 0"},
		{text: "count(m.rep_id) > 0"},
	},
	"performance/metrics/with/quota_sum.sql": {
		{text: "left join seen_rep r on", without: `left join (
	select s.rep_id, s.team_id, s.from_day, s.until_day from seen_rep s where not MUTANT
	union select s.rep_id, s.team_id, cast('0001-01-01' as date), cast('9999-01-01' as date) from seen_rep s where MUTANT
) r on`},
		{text: "r.rep_id is not null"},
	},
	"performance/sql/teams.sql": {
		{text: "join seen_team s on", without: everyTeam},
	},
	"performance/sql/team_sizes.sql": {
		{text: "join seen_team s on", without: everyTeam, spared: "sizes are looked up by the teams that the reader was told of"},
	},
	"performance/sql/group_names.sql": {
		{text: "r.rep_id in (select s.rep_id from seen_rep s)"},
	},
	"performance/sql/active_reps.sql": {
		{text: "from seen_rep s", without: "from (select s.rep_id, s.team_id, s.until_day from seen_rep s union select m.rep_id, m.team_id, m.until_day from membership m where MUTANT) s", spared: "it is asked for a team all of whose reps the reader sees, by a page that opens to nobody else"},
	},
	"performance/sql/rep_posts.sql": {
		{text: "s.rep_id = p.author_rep_id"},
		{text: "p.published_at >= s.from_at and p.published_at < s.until_at"},
		{text: "where p.author_rep_id = $rep_id", without: "where (p.author_rep_id = $rep_id or MUTANT)", spared: "whose page it is; the others are reps whom the reader sees too"},
	},
	"attribution/sql/ledger.sql": {
		{text: "select m.rep_id, m.from_at, m.until_at", without: atAllTimes},
		{text: "join seen_rep s on", without: everyRep},
	},
	"attribution/sql/earned_elsewhere.sql": {
		{text: "select m.rep_id, m.from_at, m.until_at", without: atAllTimes},
		{text: "join seen_rep s on", without: everyRep},
	},
	"attribution/sql/rep_touches.sql": {
		{text: "m.rep_id = $rep_id"},
		{text: "exists (select 1 from seen_rep s where t.occurred_at >= s.from_at and t.occurred_at < s.until_at)"},
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
