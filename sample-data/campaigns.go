package sampledata

import (
	"fmt"
	"math"
	"time"
)

// The channels of DESIGN §3, as they stand in the files.
type channel uint8

const (
	paidSocial channel = iota
	organicSocial
	repSocial
	email
	paidSearch
	organicSearch
	display
	video
	event
	referral
	direct
	sales
	channelCount
)

var channelNames = [channelCount]string{"Paid Social", "Organic Social", "Rep Social", "E-mail", "Paid Search", "Organic Search", "Display", "Video", "Event", "Referral", "Direct", "Sales"}

func (c channel) String() string { return channelNames[c] }

// style is how a campaign finds people.
type style uint8

const (
	prospecting style = iota // spend buys reach among its target accounts
	retargeting              // follows people who came anyway
	branded                  // answers people who look for us by name
	sending                  // newsletters on fixed days
	gathering                // a fair or webinar on fixed days
	partnering               // links on partners' sites
)

// campaign is one line of the marketing plan.
type campaign struct {
	index              int
	id, name           string
	ch                 channel
	style              style
	source, medium     string
	region             string // "" is all
	segment            int    // -1 is all
	from, to           int    // days, both included
	daily              float64
	currency           string
	quality            float64
	reach              float64 // chance a day that a fitting account responds, at full saturation
	theta, alpha, half float64 // carry-over per day, and shape and half point of the response to carried-over spend
	spend              []int64 // minor units a day, from day from
	response           []float64
	meta               bool // billed by Meta: its spend comes from the Ads Manager download
	days               []int
}

// plan is the marketing plan: start and length are fractions of the window.
var plan = []struct {
	name           string
	ch             channel
	style          style
	source, medium string
	region         string
	segment        int
	start, length  float64
	daily          float64
	reach          float64
	meta           bool
}{
	{"linkedin-metrology", paidSocial, prospecting, "linkedin", "paid_social", dach, -1, .02, .30, 420, .012, false},
	{"linkedin-quality-leaders", paidSocial, prospecting, "linkedin", "paid_social", nordics, -1, .10, .34, 330, .012, false},
	{"linkedin-plant-floor", paidSocial, prospecting, "linkedin", "paid_social", america, -1, .22, .30, 460, .012, false},
	{"linkedin-enterprise-abm", paidSocial, prospecting, "linkedin", "paid_social", "", 0, .50, .46, 520, .013, false},
	{"meta-lab-insight", paidSocial, prospecting, "facebook", "paid_social", dach, 2, .08, .25, 150, .008, true},
	{"meta-food-safety", paidSocial, prospecting, "instagram", "paid_social", nordics, 2, .45, .25, 140, .008, true},
	{"meta-retargeting", paidSocial, retargeting, "facebook", "paid_social", "", -1, .05, .45, 120, .026, true},
	{"meta-retargeting-demo", paidSocial, retargeting, "facebook", "paid_social", "", -1, .52, .46, 130, .026, true},
	{"search-calibration", paidSearch, prospecting, "google", "cpc", dach, -1, 0, .52, 260, .0042, false},
	{"search-calibration", paidSearch, prospecting, "google", "cpc", nordics, -1, 0, .52, 190, .0042, false},
	{"search-calibration", paidSearch, prospecting, "google", "cpc", america, -1, 0, .52, 280, .0042, false},
	{"search-measuring-devices", paidSearch, prospecting, "google", "cpc", "", -1, .52, .479, 480, .0045, false},
	{"search-competitors", paidSearch, prospecting, "bing", "cpc", "", -1, .60, .30, 120, .004, false},
	{"search-brand", paidSearch, branded, "google", "cpc", "", -1, 0, .5, 90, .0075, false},
	{"search-brand", paidSearch, branded, "google", "cpc", "", -1, .5, .499, 95, .0075, false},
	{"display-retargeting", display, retargeting, "google", "display", "", -1, .04, .46, 110, .024, false},
	{"display-retargeting", display, retargeting, "google", "display", "", -1, .54, .44, 120, .024, false},
	{"display-industry-news", display, prospecting, "industrynews", "display", dach, -1, .35, .20, 210, .008, false},
	{"youtube-how-to-calibrate", video, prospecting, "youtube", "video", "", -1, .15, .25, 170, .006, false},
	{"youtube-customer-stories", video, prospecting, "youtube", "video", "", -1, .58, .30, 190, .006, false},
	{"newsletter", email, sending, "newsletter", "email", "", -1, 0, .5, 22, .16, false},
	{"newsletter", email, sending, "newsletter", "email", "", -1, .5, .499, 24, .16, false},
	{"nurture-laboratory", email, sending, "nurture", "email", dach, -1, .12, .35, 18, .15, false},
	{"nurture-reactivation", email, sending, "nurture", "email", america, -1, .55, .30, 18, .15, false},
	{"fair-control-stuttgart", event, gathering, "fair", "event", dach, -1, .22, .03, 2600, .19, false},
	{"fair-quality-gothenburg", event, gathering, "fair", "event", nordics, -1, .45, .03, 1900, .19, false},
	{"fair-imts-chicago", event, gathering, "fair", "event", america, -1, .84, .03, 3100, .19, false},
	{"webinar-uncertainty-budgets", event, gathering, "webinar", "event", "", -1, .30, .04, 260, .08, false},
	{"webinar-digital-calibration", event, gathering, "webinar", "event", "", -1, .68, .04, 280, .08, false},
	{"partner-programme", referral, partnering, "partner", "referral", "", -1, .18, .78, 60, .0035, false},
}

// newCampaigns turns the plan into dated campaigns. scale shrinks the spend of
// a smaller company.
func newCampaigns(w *world, scale float64) []campaign {
	out := make([]campaign, len(plan))
	for i, p := range plan {
		d := newKey(w.seed, forCampaign).at(i).dice()
		c := campaign{
			index: i, ch: p.ch, style: p.style, source: p.source, medium: p.medium, region: p.region, segment: p.segment, meta: p.meta,
			from: int(p.start * float64(w.days)), currency: "EUR", reach: p.reach,
			theta: .55 + .3*d.unit(), alpha: .8 + .5*d.unit(), quality: math.Exp(.4*d.normal() - .08),
		}
		c.to = min(c.from+max(3, int(p.length*float64(w.days)))-1, w.days-1)
		if p.region == america && !p.meta {
			c.currency = "USD"
		}
		at := w.date(c.from)
		c.id = fmt.Sprintf("CMP-%02d", i+1)
		if c.meta {
			c.id = fmt.Sprintf("%d", 6076000000000+int64(i)*1000003+int64(d.below(1000))) // as Meta numbers campaigns
		}
		c.name = fmt.Sprintf("%d-q%d-%s", at.Year(), (at.Month()-1)/3+1, p.name)
		if p.region != "" {
			c.name += "-" + slug(p.region)
		}
		c.daily = 1.45 * p.daily * scale
		if c.style == gathering {
			c.daily *= 2.2
		}
		// Half of the plateau is reached a bit below the planned carried-over spend.
		c.half = c.daily / (1 - c.theta) * (.6 + .5*d.unit())
		c.buy(d, w)
		out[i] = c
	}
	return out
}

// buy spends the money day by day: bursts of two to four weeks, less on
// weekends, nothing on some days.
func (c *campaign) buy(d *dice, w *world) {
	level, left := 1.0, 0
	for day := c.from; day <= c.to; day++ {
		if left == 0 {
			level, left = .45+1.1*d.unit(), d.between(14, 28)
		}
		left--
		x := c.daily * level * (.85 + .3*d.unit())
		if wd := w.date(day).Weekday(); wd == time.Saturday || wd == time.Sunday {
			x *= .35
		}
		switch c.style {
		case sending:
			if (day-c.from)%14 == 9 {
				c.days = append(c.days, day)
			}
		case gathering:
			if day >= c.to-2 {
				c.days = append(c.days, day)
			}
		default:
		}
		c.spend = append(c.spend, int64(math.Round(x*100)))
	}
	c.response = c.respond(1)
}

// respond is the daily chance of a response at factor times the spend: a
// saturating function (Hill) of the spend carried over by theta a day.
func (c *campaign) respond(factor float64) []float64 {
	out := make([]float64, len(c.spend))
	carried := 0.0
	for i, s := range c.spend {
		carried = c.theta*carried + factor*float64(s)/100
		x := math.Pow(carried/c.half, c.alpha)
		out[i] = c.reach * x / (1 + x)
	}
	return out
}

func (c *campaign) targets(a *account) bool {
	return (c.region == "" || c.region == a.region) && (c.segment < 0 || c.segment == a.segment)
}
