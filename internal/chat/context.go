package chat

import (
	"strings"
	"unicode"
)

// HostContext is what the app or page around the chat says of the moment in which
// a person asks: it helps to understand, and spares staff a question. It comes
// from outside and proves nothing. ErrorText is masked like a message's text.
type HostContext struct {
	Page       string `json:"page,omitempty"`        // where the person is: a path or a screen's name
	AppVersion string `json:"app_version,omitempty"` // "6.99.0 (iOS 19.1)"
	Step       string `json:"step,omitempty"`        // the step that failed, in the app's own words
	ErrorText  string `json:"error_text,omitempty"`  // what the screen says
}

// Characters kept of each field.
const (
	maxPage       = 200
	maxAppVersion = 60
	maxStep       = 100
	maxErrorText  = 500
)

// Cleaned is the context as it may be stored and shown: one line a field, no
// characters that cannot be seen, each field cut at its limit. A page loses its
// query and fragment, where other sites put their secrets.
func (c HostContext) Cleaned() HostContext {
	page, _, _ := strings.Cut(c.Page, "?")
	page, _, _ = strings.Cut(page, "#")
	return HostContext{
		Page:       oneLine(page, maxPage),
		AppVersion: oneLine(c.AppVersion, maxAppVersion),
		Step:       oneLine(c.Step, maxStep),
		ErrorText:  oneLine(c.ErrorText, maxErrorText),
	}
}

// Empty says that the host told nothing.
func (c HostContext) Empty() bool { return c == HostContext{} }

func oneLine(s string, limit int) string {
	visible := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.C, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	line := strings.Join(strings.Fields(visible), " ")
	if runes := []rune(line); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return line
}
