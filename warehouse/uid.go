package warehouse

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
)

// HashUID is the public form of a Message-ID or calendar UID: the first 32 hex
// digits of its SHA-256, taken without angle brackets and blanks. Every source
// that saw the same act hashes to the same value, and the id itself (it often
// holds an address) is not stored. An empty id has an empty hash.
func HashUID(raw string) string {
	id := strings.Map(func(r rune) rune {
		if r == '<' || r == '>' || unicode.IsSpace(r) {
			return -1
		}
		return r
	}, raw)
	if id == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:16])
}
