package ui

// Campaigns is the view of /campaigns: what each earned and how far that depends
// on the model.
type Campaigns struct {
	Empty    *State
	Models   ModelChoice
	Basis    Segments
	Immature *Notice
	Table    LedgerTable
}

// Campaign is the view of /campaigns/{id}.
type Campaign struct {
	Models   ModelChoice
	Basis    Segments
	Immature *Notice
	Facts    []Fact
	Range    Section
	Axis     Axis
	ByModel  []CampaignModel
	Journeys Section
	Rows     []CampaignJourney
	Pager    Pager
	PostHead Section
	Posts    []CampaignPost
}

// CampaignModel is what a campaign earned under one model.
type CampaignModel struct {
	Title  string
	Href   string
	Chosen bool
	Bar    Delta
	Credit string
}

// CampaignJourney is a deal whose journey a campaign stands in.
type CampaignJourney struct {
	Deal    string
	Account string
	Href    string
	Status  string
	Stage   string
	Closed  string
	Place   string // of its first touch: 2 of 7
	Touches string
	Amount  string
	Credit  string
}

// CampaignPost is one post of a campaign.
type CampaignPost struct {
	Title     string
	Channel   string
	By        string
	Published string
	Credit    string
	Rows      string // address of the rows behind the credit
}
