package export

import "strings"

// starters are the characters with which a spreadsheet begins a formula, or
// that it skips before looking for one, in plain and full width.
const starters = "=+-@\t\r\n\x00＝＋－＠"

// Defuse makes a text safe for a spreadsheet's cell: one that would be run as a
// formula gets a leading apostrophe. Numbers are written as numbers and never
// come here.
func Defuse(text string) string {
	if text != "" && strings.ContainsRune(starters, []rune(text)[0]) {
		return "'" + text
	}
	return text
}
