package warehouse

import (
	"regexp"
	"strings"
	"unicode"
)

// identity is a kind of thing that says who somebody is.
type identity string

// The kinds of identity. A contact id means a record of one source; any contact
// is the same id as other sources use it.
const (
	ofContact    identity = "contact"
	ofAnyContact identity = "any contact"
	ofEmail      identity = "email"
	ofPhone      identity = "phone"
	ofHandle     identity = "handle"
	ofHandleEnd  identity = "handle end" // the last part of one that is an address, looked for in texts
	ofPhoneEnd   identity = "phone end"  // its last nine digits, looked for in texts
	ofVisitor    identity = "visitor"
	ofName       identity = "name" // followed by how many words it has
)

// identityColumn is a column that holds identities of one kind.
type identityColumn struct {
	column string
	kind   identity
}

// identityColumns says which columns of canonical records hold whose identity.
// What a person is called elsewhere (deal names, addresses of pages) is found in
// the text: see textColumns. A column of the schema that names a person and stands
// neither here nor in heldTables fails a test.
var identityColumns = map[string][]identityColumn{
	"contacts":        {{"source_id", ofContact}, {"email", ofEmail}, {"phone", ofPhone}, {"handle", ofHandle}},
	"deals":           {{"primary_contact_id", ofContact}},
	"deal_contacts":   {{"contact_id", ofContact}},
	"activities":      {{"contact_id", ofContact}, {"email", ofEmail}},
	"activity_people": {{"contact_id", ofContact}, {"email", ofEmail}},
	"engagements":     {{"contact_id", ofContact}, {"email", ofEmail}, {"handle", ofHandle}, {"visitor_id", ofVisitor}},
	"visits":          {{"contact_id", ofContact}, {"email", ofEmail}, {"visitor_id", ofVisitor}},
}

// standIn begins every id that stands in the place of somebody who is not to be
// known: no source has ids like it.
const standIn = "~"

// nowhere ends the domain of a stand-in's address when its own would say who it
// is. Each stand-in has one of its own, so that no two share a company.
const nowhere = ".invalid"

// emailKey is the key of an address as resolve/address.sql makes it: lower case,
// without plus-tag, Gmail without dots. Text that is no address is its own key.
func emailKey(text string) string {
	whole := strings.ToLower(strings.TrimSpace(text))
	name, domain, ok := strings.Cut(whole, "@")
	if !ok || name == "" || !strings.Contains(domain, ".") {
		return whole
	}
	name, _, _ = strings.Cut(name, "+")
	if domain == "googlemail.com" {
		domain = "gmail.com"
	}
	if domain == "gmail.com" {
		name = strings.ReplaceAll(name, ".", "")
	}
	return name + "@" + domain
}

func domainOf(key string) string {
	_, domain, _ := strings.Cut(key, "@")
	return domain
}

// phoneKey is the digits of a phone number, in E.164 when it says its country.
func phoneKey(text string) string {
	if e := e164(text, ""); e != "" {
		return strings.TrimPrefix(e, "+")
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}

func handleKey(text string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(text)), "@", "")
}

// addressLike finds what may be an address in a text.
var addressLike = regexp.MustCompile(`(?i)[\p{L}\p{N}._%+'~-]+@[\p{L}\p{N}.-]+\.[\p{L}]{2,}`)
