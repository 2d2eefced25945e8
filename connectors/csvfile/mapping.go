package csvfile

import (
	"credence/connectors"
)

// File says how the files that Match are read and, for foreign ones, which
// records their rows become. The package documentation has the language with
// examples.
type File struct {
	Match   string `yaml:"match" required:"true" doc:"the file name, or a pattern with * and ?, relative to path"`
	Format  `yaml:",squash"`
	Stream  string   `yaml:"stream" doc:"read the file as this canonical stream, whatever its name"`
	Join    []Join   `yaml:"join" doc:"files whose columns are added to each row by a key"`
	Records []Record `yaml:"records" doc:"the records that each row becomes; none for a file that is only joined"`
}

// Format says how a file is written. A key left out is recognised from the file,
// or taken from the source's own keys when they have it.
type Format struct {
	Encoding   string   `yaml:"encoding" doc:"utf-8, utf-16le, utf-16be, windows-1252 or iso-8859-1; recognised when left out"`
	Separator  string   `yaml:"separator" doc:"comma, semicolon, tab or pipe, or the character itself; recognised when left out"`
	Quotes     *bool    `yaml:"quotes" doc:"no: a quotation mark is an ordinary character; default yes"`
	Decimal    string   `yaml:"decimal" doc:"point or comma; recognised when left out"`
	DateFormat string   `yaml:"date_format" doc:"of YYYY YY M MM MMM D DD H HH h mm ss A Z, as in D.M.YYYY HH:mm, or unix or unix_ms; recognised when left out"`
	Header     *bool    `yaml:"header" doc:"no: the first row is data and columns names its fields; default yes"`
	Columns    []string `yaml:"columns" doc:"names of the fields, in order, of a file without a header row; with one, they replace its names"`
	SkipLines  int      `yaml:"skip_lines" doc:"lines before the header row or the first row"`
	Blank      []string `yaml:"blank" doc:"texts that mean no value, such as N/A or -"`
}

// Join adds the columns of another file to each row: the first row of File whose
// columns equal this file's as On says.
type Join struct {
	File string            `yaml:"file" required:"true" doc:"the other file, relative to path; it is read as the files entry that matches it says"`
	As   string            `yaml:"as" required:"true" doc:"prefix of the added columns: as: message makes message.sender_id"`
	On   map[string]string `yaml:"on" required:"true" doc:"column here: column there"`
}

// Record is one record that a row becomes.
type Record struct {
	Stream string           `yaml:"stream" required:"true" doc:"the canonical stream: deals, contacts, …"`
	When   []Condition      `yaml:"when" doc:"conditions that must all hold, else the row does not make this record"`
	Keep   string           `yaml:"keep" default:"last" doc:"of rows that make the same record: last or first"`
	Set    map[string]Value `yaml:"set" required:"true" doc:"canonical column: where its value comes from"`
}

// Condition holds or not for a row. Written as one text it is the name of a
// column that must not be empty.
type Condition struct {
	Column string   `yaml:"column" required:"true" doc:"a column of the file"`
	Equals []string `yaml:"equals" doc:"the value is one of these"`
	Not    []string `yaml:"not" doc:"the value is none of these"`
	Empty  *bool    `yaml:"empty" doc:"yes: there is no value; no: there is one"`
}

// SetText implements connectors.Shorthand.
func (c *Condition) SetText(text string) {
	filled := false
	*c = Condition{Column: text, Empty: &filled}
}

// Value says where the value of a canonical column comes from: exactly one of
// Column, Value, Template and ID, and what is done to it, in the order of the
// fields below them. Written as one text it is the name of a column.
type Value struct {
	Column   string   `yaml:"column" doc:"a column of the file"`
	Value    string   `yaml:"value" doc:"a constant"`
	Template string   `yaml:"template" doc:"text with columns in braces: {first} {last}; empty when all its columns are"`
	ID       []string `yaml:"id" doc:"columns that together make an id: a short hash of their values; empty when all of them are"`

	Trim    bool              `yaml:"trim" doc:"drop blanks around the value and repeated ones inside it"`
	Extract string            `yaml:"extract" doc:"regular expression; the first group, or the whole match, is kept; no match is no value"`
	Lower   bool              `yaml:"lower" doc:"lower case"`
	Map     map[string]string `yaml:"map" doc:"value: replacement; '*' is every other value, '' the missing one; values not listed stay"`
	Default string            `yaml:"default" doc:"when there is no value"`

	DateFormat string `yaml:"date_format" doc:"of this value, when it differs from the file's"`
	Decimal    string `yaml:"decimal" doc:"of this value, when it differs from the file's"`
}

// SetText implements connectors.Shorthand.
func (v *Value) SetText(text string) { *v = Value{Column: text} }

var (
	_ connectors.Shorthand = (*Condition)(nil)
	_ connectors.Shorthand = (*Value)(nil)
)
