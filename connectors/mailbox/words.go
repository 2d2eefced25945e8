package mailbox

import (
	"mime"
	"strings"
)

// decode reads RFC 2047 words; a value that cannot be decoded stays as it is.
func decode(value string) string {
	if !strings.Contains(value, "=?") {
		return value
	}
	var d mime.WordDecoder
	text, err := d.DecodeHeader(value)
	if err != nil {
		return value
	}
	return text
}
