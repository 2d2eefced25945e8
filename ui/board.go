package ui

// Board is reps or teams against quota, one bullet a row; all bullets share one
// scale in per cent of quota.
type Board struct {
	Head   Section
	Ranked bool   // numbers before the names
	Narrow bool   // amounts under the names instead of columns
	Of     string // head of the first column: Rep, Team
	Rows   []BoardRow
	Total  *BoardRow
	Note   Words
}

// BoardRow is one rep or team.
type BoardRow struct {
	Rank     int
	Name     string
	Sub      string
	Href     string
	Bullet   Bullet
	Drawn    bool // there is a bullet to draw
	Won      string
	WonHref  string // its rows
	Of       string // quota in words
	Gap      string // to quota
	Attained string
}

// Steps is what changed: parts from zero in change units, then their sum.
type Steps struct {
	Head  Section
	Start Fact
	Rows  []Step
	Sum   *Step
	End   Fact
	Note  Words
}

// Step is one part of a change.
type Step struct {
	Name  string
	Note  string
	Href  string
	Delta Delta
	Text  string
}

// Funnel is the stages of work in their order.
type Funnel struct {
	Head Section
	Rows []FunnelRow
	Won  FunnelRow
}

// FunnelRow is how the deals that entered a stage went on.
type FunnelRow struct {
	Stage   string
	Href    string
	Entered Delta
	Count   string
	Onward  string
	Change  Change
	Days    string
	Wait    Delta
}

// Rates is won and lost by one breakdown, with the win rate of each row.
type Rates struct {
	Head Section
	Of   string // head of the first column
	Axis Axis   // deals decided
	Rows []RateRow
	All  RateRow
	Note Words
}

// RateRow is one manager, rep, team or product.
type RateRow struct {
	Name      string
	Href      string
	Won, Lost float64
	WonText   string
	WonHref   string
	LostText  string
	LostHref  string
	Rate      string
	RateHref  string
	Revenue   string
	Average   string
	Axis      Axis
}

// Earned is credited revenue by campaign, post or deal: the chosen model's
// figure as a dot, the range over all models as a band.
type Earned struct {
	Head   Section
	Of     string // head of the first column
	Axis   Axis
	Rows   []EarnedRow
	Note   Words
	Grades bool // the last column counts evidence instead of deals
}

// EarnedRow is one campaign or post.
type EarnedRow struct {
	Name    string
	Sub     string
	Channel string
	Href    string
	Range   Range
	Credit  string
	Deals   string
	Grades  Grades
}
