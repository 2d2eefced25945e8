package warehouse

import (
	"runtime/debug"
	"strings"
)

// program names the source this binary was built from; empty when the build
// does not say, as in tests.
var program = func() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	var mark strings.Builder
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision", "vcs.modified":
			mark.WriteString(s.Value + " ")
		}
	}
	return mark.String()
}()
