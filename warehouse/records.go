package warehouse

import (
	"database/sql"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// Kind says how a column of a canonical record is typed, written in a file and
// stored in the warehouse.
type Kind uint8

// The kinds of column. In a Row a value is nil (missing) or the Go type named here.
const (
	Text  Kind = iota // string; never ""
	Time              // time.Time in UTC, whole seconds
	Day               // time.Time at 00:00 UTC of a calendar day
	Int               // int64
	Money             // int64 minor units of the row's currency column; stored as <name>_minor
	Micro             // int64 of 10^-6 (quantities, unit prices); stored as <name>_micro
	Rate              // int64 of 10^-12 (currency rates); stored as <name>_e12
	Float             // float64 (probabilities, percentages: never money)
	Bool              // bool
)

// Column is one field of a canonical record.
type Column struct {
	Name     string // in files, API and `query`
	Kind     Kind
	Key      bool     // part of the record's id within its source
	Required bool     // a row without it is rejected; keys always are
	LastOf   bool     // a date without a time means the last instant of that local day
	Values   []string // the vocabulary, when it is closed
	index    int      // field of the Go struct
}

// Stored is the column's name in the warehouse table.
func (c Column) Stored() string {
	switch c.Kind {
	case Text:
		if c.Name == "source" { // every table's source column is the connector
			return "deal_source"
		}
		return c.Name
	case Money:
		return c.Name + "_minor"
	case Micro:
		return c.Name + "_micro"
	case Rate:
		return c.Name + "_e12"
	default:
		return c.Name
	}
}

// Stream is one kind of canonical record: the file it is read from and its
// columns in the order of DESIGN §10.
type Stream struct {
	Name    string // file stem, and table but for spend (spend_records): "deals"
	Columns []Column
	typ     reflect.Type
}

// Row is one record in the order of its stream's columns; see Kind for the
// types of the values.
type Row []any

// Column returns the position of the column called name, or -1.
func (s *Stream) Column(name string) int {
	for i := range s.Columns {
		if s.Columns[i].Name == name {
			return i
		}
	}
	return -1
}

// SourceID is the record's id within its source: its key columns joined by "|".
func (s *Stream) SourceID(row Row) string {
	var parts [4]string
	n := 0
	for i := range s.Columns {
		if !s.Columns[i].Key {
			continue
		}
		switch v := row[i].(type) {
		case nil:
		case string:
			parts[n] = v
		case time.Time:
			if s.Columns[i].Kind == Day {
				parts[n] = v.Format(time.DateOnly)
			} else {
				parts[n] = v.Format(time.RFC3339)
			}
		default:
			parts[n] = fmt.Sprint(v)
		}
		n++
	}
	if n == 1 {
		return parts[0]
	}
	return strings.Join(parts[:n], "|")
}

// RowOf turns a typed record (Deal{…}, Activity{…}) into its stream and row.
// It panics on a type that is not a record of this package.
func RowOf(record any) (*Stream, Row) {
	v := reflect.ValueOf(record)
	for i := range Streams {
		s := &Streams[i]
		if s.typ != v.Type() {
			continue
		}
		row := make(Row, len(s.Columns))
		for j, c := range s.Columns {
			row[j] = plain(v.Field(c.index), c.Kind)
		}
		return s, row
	}
	panic(fmt.Sprintf("warehouse: %T is not a canonical record", record))
}

func plain(f reflect.Value, kind Kind) any {
	switch v := f.Interface().(type) {
	case string:
		if v == "" {
			return nil
		}
		return v
	case time.Time:
		if v.IsZero() {
			return nil
		}
		if kind == Day {
			return time.Date(v.Year(), v.Month(), v.Day(), 0, 0, 0, 0, time.UTC)
		}
		return v.UTC().Truncate(time.Second)
	case sql.Null[int64]:
		if !v.Valid {
			return nil
		}
		return v.V
	case sql.Null[float64]:
		if !v.Valid {
			return nil
		}
		return v.V
	case sql.Null[bool]:
		if !v.Valid {
			return nil
		}
		return v.V
	default:
		panic(fmt.Sprintf("warehouse: record field of type %T", v))
	}
}

// Known is a present optional value: Duration: warehouse.Known[int64](90).
func Known[T any](v T) sql.Null[T] { return sql.Null[T]{V: v, Valid: true} }

// StreamByName returns the stream called name, or nil.
func StreamByName(name string) *Stream {
	for i := range Streams {
		if Streams[i].Name == name {
			return &Streams[i]
		}
	}
	return nil
}

// Streams lists every kind of canonical record in the order of DESIGN §10.
// A new stream is one struct and one line here.
var Streams = []Stream{
	describe("reps", Rep{}),
	describe("teams", Team{}),
	describe("accounts", Account{}),
	describe("contacts", Contact{}),
	describe("deals", Deal{}),
	describe("deal_contacts", DealContact{}),
	describe("stage_changes", StageChange{}),
	describe("products", Product{}),
	describe("line_items", LineItem{}),
	describe("activities", Activity{}),
	describe("activity_people", ActivityPerson{}),
	describe("posts", Post{}),
	describe("post_metrics", PostMetric{}),
	describe("engagements", Engagement{}),
	describe("visits", Visit{}),
	describe("web_daily", WebDaily{}),
	describe("campaigns", Campaign{}),
	describe("campaign_metrics", CampaignMetric{}),
	describe("spend", Spend{}),
	describe("quotas", Quota{}),
	describe("currency_rates", CurrencyRate{}),
}

// describe reads the `col:"name,kind,key,required,lastof" values:"a|b"` tags of a record.
func describe(name string, record any) Stream {
	t := reflect.TypeOf(record)
	s := Stream{Name: name, typ: t}
	kinds := map[string]Kind{"time": Time, "day": Day, "int": Int, "money": Money, "micro": Micro, "rate": Rate, "float": Float, "bool": Bool}
	for i := range t.NumField() {
		f := t.Field(i)
		parts := strings.Split(f.Tag.Get("col"), ",")
		c := Column{Name: parts[0], index: i}
		for _, p := range parts[1:] {
			switch p {
			case "key":
				c.Key, c.Required = true, true
			case "required":
				c.Required = true
			case "optional": // a key part that may be missing
				c.Required = false
			case "lastof":
				c.LastOf = true
			default:
				kind, ok := kinds[p]
				if !ok {
					panic("warehouse: unknown tag " + p + " on " + name + "." + f.Name)
				}
				c.Kind = kind
			}
		}
		if v := f.Tag.Get("values"); v != "" {
			c.Values = strings.Split(v, "|")
		}
		s.Columns = append(s.Columns, c)
	}
	return s
}

// Rep is one of our sellers.
type Rep struct {
	RepID     string    `col:"rep_id,key"`
	Name      string    `col:"name"`
	Email     string    `col:"email"`
	TeamID    string    `col:"team_id"`
	Title     string    `col:"title"`
	Region    string    `col:"region"`
	StartedOn time.Time `col:"started_on,day"`
	EndedOn   time.Time `col:"ended_on,day"`
}

// Team is reps under a manager; teams nest by ParentTeamID.
type Team struct {
	TeamID       string `col:"team_id,key"`
	Name         string `col:"name"`
	ParentTeamID string `col:"parent_team_id"`
	ManagerRepID string `col:"manager_rep_id"`
	Region       string `col:"region"`
}

// Account is a company we sell to.
type Account struct {
	AccountID       string          `col:"account_id,key"`
	Name            string          `col:"name"`
	Domain          string          `col:"domain"`
	ParentAccountID string          `col:"parent_account_id"`
	Industry        string          `col:"industry"`
	Employees       sql.Null[int64] `col:"employees,int"`
	Country         string          `col:"country"`
	Region          string          `col:"region"`
	Segment         string          `col:"segment"`
}

// Contact is one record of a person in a source.
type Contact struct {
	ContactID     string         `col:"contact_id,key"`
	AccountID     string         `col:"account_id"`
	Name          string         `col:"name"`
	Email         string         `col:"email"`
	Phone         string         `col:"phone"`
	Title         string         `col:"title"`
	Seniority     string         `col:"seniority"`
	Handle        string         `col:"handle"`
	LeadCreatedAt time.Time      `col:"lead_created_at,time"`
	OptedOut      sql.Null[bool] `col:"opted_out,bool"`
	LawfulBasis   string         `col:"lawful_basis"`
}

// Deal is a CRM opportunity.
type Deal struct {
	DealID           string            `col:"deal_id,key"`
	AccountID        string            `col:"account_id"`
	PrimaryContactID string            `col:"primary_contact_id"`
	OwnerRepID       string            `col:"owner_rep_id"`
	Name             string            `col:"name"`
	Pipeline         string            `col:"pipeline"`
	Stage            string            `col:"stage"`
	Status           string            `col:"status,required" values:"open|won|lost"`
	Type             string            `col:"type"`
	Source           string            `col:"source"` // lead source; stored as deal_source
	Amount           sql.Null[int64]   `col:"amount,money"`
	Currency         string            `col:"currency"`
	CreatedAt        time.Time         `col:"created_at,time,lastof"`
	ExpectedCloseOn  time.Time         `col:"expected_close_on,day"`
	ClosedAt         time.Time         `col:"closed_at,time,lastof"`
	UpdatedAt        time.Time         `col:"updated_at,time"`
	ForecastCategory string            `col:"forecast_category"`
	Probability      sql.Null[float64] `col:"probability,float"`
	LostReason       string            `col:"lost_reason"`
	Region           string            `col:"region"`
	Segment          string            `col:"segment"`
}

// DealContact gives a contact a role on a deal.
type DealContact struct {
	DealID    string `col:"deal_id,key"`
	ContactID string `col:"contact_id,key"`
	Role      string `col:"role"`
}

// StageChange is a deal's entry into a stage.
type StageChange struct {
	DealID    string    `col:"deal_id,key"`
	Stage     string    `col:"stage,key"`
	ChangedAt time.Time `col:"changed_at,time,key"`
	RepID     string    `col:"rep_id"`
}

// Product is something we sell.
type Product struct {
	ProductID string          `col:"product_id,key"`
	Name      string          `col:"name"`
	ListPrice sql.Null[int64] `col:"list_price,money"`
	UnitCost  sql.Null[int64] `col:"unit_cost,money"`
	Currency  string          `col:"currency"`
}

// LineItem is a product on a deal, priced in the deal's currency.
type LineItem struct {
	LineID          string            `col:"line_id,key"`
	DealID          string            `col:"deal_id,required"`
	ProductID       string            `col:"product_id"`
	Quantity        sql.Null[int64]   `col:"quantity,micro"`
	UnitPrice       sql.Null[int64]   `col:"unit_price,micro"`
	DiscountPercent sql.Null[float64] `col:"discount_percent,float"`
	UnitCost        sql.Null[int64]   `col:"unit_cost,micro"`
}

// Activity is an e-mail, chat message, call or meeting, without its body.
type Activity struct {
	ActivityID string          `col:"activity_id,key"`
	Kind       string          `col:"kind,required" values:"email|chat|call|meeting"`
	Direction  string          `col:"direction" values:"inbound|outbound|internal"`
	OccurredAt time.Time       `col:"occurred_at,time,required"`
	RepID      string          `col:"rep_id"`
	ContactID  string          `col:"contact_id"`
	Email      string          `col:"email"` // of the outside party
	DealID     string          `col:"deal_id"`
	ThreadID   string          `col:"thread_id"`
	UID        string          `col:"uid"` // SHA-256 of the Message-ID, or the calendar UID: equal in every source that saw the act
	DurationS  sql.Null[int64] `col:"duration_s,int"`
	Length     sql.Null[int64] `col:"length,int"` // characters or bytes of the body, which is not stored
	Outcome    string          `col:"outcome"`    // held|no_show|completed|voicemail; bounce|auto_reply|bulk|bot when a machine wrote it
}

// ActivityPerson is a further participant of an activity.
type ActivityPerson struct {
	ActivityID string `col:"activity_id,key"`
	ContactID  string `col:"contact_id,key,optional"`
	Email      string `col:"email,key,optional"`
	Role       string `col:"role"` // from|to|cc|bcc|organiser|attendee
}

// Post is a social or blog post.
type Post struct {
	PostID      string    `col:"post_id,key"`
	Network     string    `col:"network"`
	AuthorRepID string    `col:"author_rep_id"`
	Author      string    `col:"author"`
	CampaignID  string    `col:"campaign_id"`
	PublishedAt time.Time `col:"published_at,time"`
	URL         string    `col:"url"`
	Kind        string    `col:"kind"`
	Title       string    `col:"title"`
}

// PostMetric is a day's count snapshot of a post.
type PostMetric struct {
	PostID      string          `col:"post_id,key"`
	Day         time.Time       `col:"day,day,key"`
	Impressions sql.Null[int64] `col:"impressions,int"`
	Reactions   sql.Null[int64] `col:"reactions,int"`
	Comments    sql.Null[int64] `col:"comments,int"`
	Shares      sql.Null[int64] `col:"shares,int"`
	Clicks      sql.Null[int64] `col:"clicks,int"`
}

// Engagement is a known person acting on a post, mail, page or event.
type Engagement struct {
	EngagementID string    `col:"engagement_id,key"`
	Kind         string    `col:"kind,required" values:"click|reply|comment|form|reaction|registration|open"`
	OccurredAt   time.Time `col:"occurred_at,time,required"`
	ContactID    string    `col:"contact_id"`
	Email        string    `col:"email"`
	Handle       string    `col:"handle"`
	VisitorID    string    `col:"visitor_id"`
	PostID       string    `col:"post_id"`
	CampaignID   string    `col:"campaign_id"`
	RepID        string    `col:"rep_id"`
	ClickID      string    `col:"click_id"`
	URL          string    `col:"url"`
	Evidence     string    `col:"evidence" values:"A|B|C|D"`
}

// Visit is a web session.
type Visit struct {
	VisitID     string    `col:"visit_id,key"`
	OccurredAt  time.Time `col:"occurred_at,time,required"`
	VisitorID   string    `col:"visitor_id"`
	ContactID   string    `col:"contact_id"`
	Email       string    `col:"email"`
	LandingURL  string    `col:"landing_url"`
	Referrer    string    `col:"referrer"`
	UTMSource   string    `col:"utm_source"`
	UTMMedium   string    `col:"utm_medium"`
	UTMCampaign string    `col:"utm_campaign"`
	UTMContent  string    `col:"utm_content"`
	UTMTerm     string    `col:"utm_term"`
	ClickID     string    `col:"click_id"`
}

// WebDaily is an aggregate of web traffic: context, never touches.
type WebDaily struct {
	Day         time.Time       `col:"day,day,key"`
	Channel     string          `col:"channel,key"`
	CampaignID  string          `col:"campaign_id,key,optional"`
	LandingURL  string          `col:"landing_url,key,optional"`
	Sessions    sql.Null[int64] `col:"sessions,int"`
	Conversions sql.Null[int64] `col:"conversions,int"`
}

// Campaign is a marketing campaign.
type Campaign struct {
	CampaignID string          `col:"campaign_id,key"`
	Name       string          `col:"name"`
	Channel    string          `col:"channel"`
	StartedOn  time.Time       `col:"started_on,day"`
	EndedOn    time.Time       `col:"ended_on,day"`
	Budget     sql.Null[int64] `col:"budget,money"`
	Currency   string          `col:"currency"`
}

// CampaignMetric is a day's counts of a campaign.
type CampaignMetric struct {
	Day         time.Time       `col:"day,day,key"`
	CampaignID  string          `col:"campaign_id,key"`
	Impressions sql.Null[int64] `col:"impressions,int"`
	Clicks      sql.Null[int64] `col:"clicks,int"`
	Leads       sql.Null[int64] `col:"leads,int"`
}

// Spend is marketing money on its own date.
type Spend struct {
	Day        time.Time       `col:"day,day,key"`
	Channel    string          `col:"channel,key"`
	CampaignID string          `col:"campaign_id,key,optional"`
	Amount     sql.Null[int64] `col:"amount,money,required"`
	Currency   string          `col:"currency"`
	Kind       string          `col:"kind,key,optional" values:"media|programme|salary"`
}

// Quota is the revenue target of a rep or a team for a period.
type Quota struct {
	RepID    string          `col:"rep_id,key,optional"`
	TeamID   string          `col:"team_id,key,optional"`
	Period   string          `col:"period,key"` // 2026, 2026Q3 or 2026-07
	Amount   sql.Null[int64] `col:"amount,money,required"`
	Currency string          `col:"currency"`
}

// CurrencyRate is the units of the reporting currency for one unit of Currency.
type CurrencyRate struct {
	Day      time.Time       `col:"day,day,key"`
	Currency string          `col:"currency,key"`
	Rate     sql.Null[int64] `col:"rate,rate,required"`
}
