package intents

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// problem is one thing that is wrong in the data: what, and after a semicolon the
// cure.
type problem struct {
	file string
	line int
	text string
}

// problems collects what is wrong, so that an author sees all of it at once.
type problems []problem

func (p *problems) add(file string, line int, format string, args ...any) {
	*p = append(*p, problem{file, line, fmt.Sprintf(format, args...)})
}

var located = regexp.MustCompile(`^(.+?):(\d+): (.*)$`)

// addError takes over an error that already reads "file:line: what; cure", a line
// each.
func (p *problems) addError(err error) {
	for text := range strings.SplitSeq(err.Error(), "\n") {
		m := located.FindStringSubmatch(text)
		if m == nil {
			m = []string{"", "", "0", text}
		}
		line, _ := strconv.Atoi(m[2]) // digits by the pattern
		*p = append(*p, problem{m[1], line, m[3]})
	}
}

// err joins all problems, sorted by file and line, or returns nil.
func (p problems) err() error {
	slices.SortFunc(p, func(a, b problem) int {
		return cmp.Or(strings.Compare(a.file, b.file), cmp.Compare(a.line, b.line), strings.Compare(a.text, b.text))
	})
	var all []error
	for _, one := range slices.Compact(p) {
		all = append(all, fmt.Errorf("%s:%d: %s", one.file, one.line, one.text))
	}
	return errors.Join(all...)
}
