package sampledata

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// The four networks.
const (
	linkedIn = "linkedin"
	xNetwork = "x"
	facebook = "facebook"
	blog     = "blog"
)

var networks = []string{linkedIn, xNetwork, facebook, blog}

// post is something published, by the brand or by a rep.
type post struct {
	index             int
	id, network, url  string
	title, kind, tail string
	rep               int // author, -1 for the brand
	campaign          int // -1 for none
	day, second       int
	region            string // whom it is for; "" is all
	quality           float64
	helpful           bool // teaches something: what the behaviour counts
}

var postTopics = []struct {
	title   string
	helpful bool
}{
	{"Five signs that your calibration interval is too long", true},
	{"How to write an uncertainty budget without a statistician", true},
	{"Checklist: moving a coordinate measuring machine", true},
	{"What a good gauge study looks like", true},
	{"Temperature drift explained with a coffee cup", true},
	{"Reading a calibration certificate line by line", true},
	{"When to repair and when to replace a transmitter", true},
	{"Three questions to ask before buying a gas analyser", true},
	{"We are at the fair: visit our stand", false},
	{"Our team ran the city half marathon", false},
	{"Meet the new HI-420 Optical Comparator", false},
	{"Customer story: a quarter less scrap in one plant", true},
	{"We are hiring field engineers", false},
	{"A look into our climate chamber", false},
	{"Season's greetings from the workshop", false},
	{"New firmware for the HI-120 Humidity Logger", false},
}

// newPosts publishes about n posts: 38 % by reps on LinkedIn, the rest by the
// brand on LinkedIn, X, Facebook and the blog.
func newPosts(w *world, n int) []post {
	// Plan who writes how many.
	var out []post
	total := 0.0
	for _, r := range w.reps {
		total += r.social * w.tenure(r)
	}
	for i, r := range w.reps {
		count := int(math.Round(.38 * float64(n) * r.social * w.tenure(r) / total))
		for k := range count {
			out = append(out, w.newPost(linkedIn, i, k))
		}
	}
	for _, b := range []struct {
		network string
		share   float64
	}{{linkedIn, .17}, {xNetwork, .21}, {facebook, .13}, {blog, .11}} {
		for k := range int(math.Round(b.share * float64(n))) {
			out = append(out, w.newPost(b.network, -1, k))
		}
	}
	// Number them in order of time, as the networks do.
	sortBy(out, func(p post) int { return p.day*86400 + p.second })
	count := map[string]int{}
	for i := range out {
		p := &out[i]
		p.index = i
		count[p.network]++
		p.name(w, count[p.network])
	}
	return out
}

// tenure is the share of the window in which r works for us.
func (w *world) tenure(r rep) float64 {
	return float64(min(r.to, w.days)-max(r.from, 0)) / float64(w.days)
}

func (w *world) newPost(network string, author, k int) post {
	d := newKey(w.seed, forPost).at(author + 2).at(slices.Index(networks, network)*100_000 + k).dice()
	topic := pick(d, postTopics)
	p := post{network: network, rep: author, campaign: -1, title: topic.title, helpful: topic.helpful, quality: math.Exp(.5*d.normal() - .12)}
	from, to := 0, w.days-1
	if author >= 0 {
		r := w.reps[author]
		from, to = max(from, r.from), min(to, r.to)
		p.region = r.region
		p.quality *= r.voice
	} else if network != blog {
		p.region = pick(d, []string{"", "", dach, nordics, america})
	}
	if topic.helpful {
		p.quality *= 1.25
	}
	p.day = d.between(from, to)
	for wd := w.date(p.day).Weekday(); (wd == time.Saturday || wd == time.Sunday) && p.day > from; wd = w.date(p.day).Weekday() {
		p.day--
	}
	p.second = d.between(6*3600, 17*3600)
	p.kind = pick(d, map[string][]string{linkedIn: {"text", "image", "article", "video"}, xNetwork: {"tweet"}, facebook: {"Photo", "Link", "Status", "Video"}, blog: {"article"}}[network])
	if author < 0 && d.chance(.18) {
		for i, c := range w.campaigns {
			if p.day >= c.from && p.day <= c.to && c.style != retargeting && c.style != branded && (p.region == "" || c.region == "" || c.region == p.region) && d.chance(.25) {
				p.campaign = i
				break
			}
		}
	}
	return p
}

// name gives the post the id and address its network would.
func (p *post) name(w *world, n int) {
	noise := mix(uint64(newKey(w.seed, forPost).at(p.index).at(7)))
	ms := w.date(p.day).UnixMilli() + int64(p.second)*1000
	switch p.network {
	case linkedIn:
		p.id = fmt.Sprintf("%d", ms<<22|int64(noise&0x3fffff))
		p.url = "https://www.linkedin.com/feed/update/urn:li:activity:" + p.id
	case xNetwork:
		p.id = fmt.Sprintf("%d", (ms-1288834974657)<<22|int64(noise&0x3fffff))
		p.url = "https://twitter.com/HaldenDevices/status/" + p.id
	case facebook:
		story := fmt.Sprintf("%d", 1600000000000000+int64(n)*7919000000+int64(noise%7919000000))
		p.id = facebookPage + "_" + story
		p.url = "https://www.facebook.com/HaldenInstruments/posts/" + story + ":0"
	default:
		p.tail = fmt.Sprintf("%s-%d", slug(p.title), n)
		p.id = fmt.Sprintf("B-%03d", n)
		p.url = website + "/blog/" + p.tail
	}
}

const facebookPage = "1462000000360136"
