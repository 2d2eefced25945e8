package web

import "strings"

// agentOf says in words what a User-Agent names: "Firefox on Linux". A list of
// sessions shows it, so that one's own can be told apart; nothing rests on it.
func agentOf(header string) string {
	pick := func(words [][2]string) string {
		for _, w := range words {
			if strings.Contains(header, w[0]) {
				return w[1]
			}
		}
		return ""
	}
	browser := pick([][2]string{{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"}, {"python", "Python"}, {"Go-http-client", "a Go program"}})
	system := pick([][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Macintosh", "Mac"}, {"Linux", "Linux"}})
	switch {
	case browser == "":
		return "another program"
	case system == "":
		return browser
	}
	return browser + " on " + system
}
