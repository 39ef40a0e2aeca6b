package redact

// run is a row of digits with at most three separators between any two.
type run struct {
	digits []byte
	at     []int  // glyph of each digit
	groups []int  // first digit of each group that a separator starts
	dated  []bool // by groups: is a part of a date or a time of day
}

// maxSeparators lie between two digits of one number: "1234 - 5678".
const maxSeparators = 3

// maxWindow is the longest number that a detector knows.
const maxWindow = 19

func isSeparator(r rune) bool {
	switch r {
	case ' ', '\n', '-', '.', '/', '(', ')', '_', ',', ':', '~', '*', '|':
		return true
	}
	return false
}

func (m *marks) digitRuns() []run {
	var runs []run
	for i := 0; i < len(m.glyphs); i++ {
		if isDigit(m.at(i)) {
			r := m.runAt(i)
			m.findDates(&r)
			runs = append(runs, r)
			i = r.at[len(r.at)-1]
		}
	}
	return runs
}

// runAt reads the run whose first digit is at i.
func (m *marks) runAt(i int) run {
	var r run
	for gap := 1; gap <= maxSeparators; i++ {
		switch c := m.at(i); {
		case isDigit(c):
			if gap > 0 {
				r.groups = append(r.groups, len(r.digits))
			}
			r.digits, r.at, gap = append(r.digits, byte(c)), append(r.at, i), 0
		case isSeparator(c):
			gap++
		default:
			return r
		}
	}
	return r
}

// findDates marks the groups of a run that are dates or times: 2006.12.30, 30/12/2006,
// 20061230-20261230, 09:30. What holds one is no phone and no number of a document.
func (m *marks) findDates(r *run) {
	r.dated = make([]bool, len(r.groups))
	for g := 0; g < len(r.groups); g++ {
		if n := m.dateAt(r, g); n > 0 {
			for k := range n {
				r.dated[g+k] = true
			}
			g += n - 1
		}
	}
}

// dateAt gives the number of groups from g on that are a date, a range or a time.
func (m *marks) dateAt(r *run, g int) int {
	left := len(r.groups) - g
	if left >= 3 && r.tight(g) && r.tight(g+1) {
		a, b, c := r.group(g), r.group(g+1), r.group(g+2)
		if r.size(g) == 4 && plausibleDate(a, b, c) || r.size(g+2) == 4 && (plausibleDate(c, b, a) || plausibleDate(c, a, b)) {
			return 3
		}
	}
	if left >= 2 && r.size(g) == 8 && r.size(g+1) == 8 && r.isDay(g) && r.isDay(g+1) {
		return 2
	}
	if left >= 2 && r.size(g) <= 2 && r.size(g+1) == 2 && r.tight(g) && m.at(r.at[r.groups[g+1]]-1) == ':' && r.group(g) < 24 && r.group(g+1) < 60 &&
		(left == 2 || !r.tight(g+1) || m.at(r.at[r.groups[g+2]]-1) != ':' || left > 2 && r.size(g+2) == 2 && (left == 3 || !r.tight(g+2))) {
		if left > 2 && r.tight(g+1) && m.at(r.at[r.groups[g+2]]-1) == ':' {
			return 3
		}
		return 2
	}
	return 0
}

// end is the digit after group g.
func (r run) end(g int) int {
	if g+1 < len(r.groups) {
		return r.groups[g+1]
	}
	return len(r.digits)
}

func (r run) size(g int) int { return r.end(g) - r.groups[g] }

// group reads group g, if it is short enough for a year.
func (r run) group(g int) int {
	if r.size(g) > 4 {
		return -1
	}
	return window{digits: r.digits}.num(r.groups[g], r.end(g))
}

// isDay reports whether a group of eight digits reads 20061230.
func (r run) isDay(g int) bool {
	w := window{digits: r.digits[r.groups[g]:r.end(g)]}
	return plausibleDate(w.num(0, 4), w.num(4, 6), w.num(6, 8))
}

// tight reports whether one separator lies between group g and the next.
func (r run) tight(g int) bool {
	return g+1 < len(r.groups) && r.at[r.groups[g+1]]-r.at[r.groups[g+1]-1] == 2
}

// window is a part of a run that starts and ends at group borders.
type window struct {
	digits   []byte
	from, to int   // glyphs
	sizes    []int // digits in each group
	dated    bool  // holds a date or a time of day
}

// windows calls try with each window of min…max digits, the longest first at
// each start, and goes on after a window that try has taken.
func (r run) windows(min, max int, try func(window) bool) {
	for g := 0; g < len(r.groups); {
		g = r.next(g, min, max, try)
	}
}

func (r run) next(g, min, max int, try func(window) bool) int {
	start, end := r.groups[g], g+1
	for end < len(r.groups) && r.groups[end]-start <= max {
		end++
	}
	for e := end; e > g; e-- {
		stop := len(r.digits)
		if e < len(r.groups) {
			stop = r.groups[e]
		}
		if n := stop - start; n < min || n > max {
			continue
		}
		if try(r.window(g, e, start, stop)) {
			return e
		}
	}
	return g + 1
}

func (r run) window(g, e, start, stop int) window {
	w := window{digits: r.digits[start:stop], from: r.at[start], to: r.at[stop-1] + 1}
	for ; g < e; g++ {
		next := stop
		if g+1 < e {
			next = r.groups[g+1]
		}
		w.sizes = append(w.sizes, next-r.groups[g])
		w.dated = w.dated || r.dated[g]
	}
	return w
}

// uniform reports whether all groups are as long as the first, the last at most.
func (w window) uniform() bool {
	for i, n := range w.sizes {
		if n > w.sizes[0] || n < w.sizes[0] && i < len(w.sizes)-1 {
			return false
		}
	}
	return true
}

func (w window) shaped(sizes ...int) bool {
	if len(w.sizes) != len(sizes) {
		return false
	}
	for i, n := range sizes {
		if w.sizes[i] != n {
			return false
		}
	}
	return true
}

// num reads digits from…to-1 of the window.
func (w window) num(from, to int) int {
	n := 0
	for _, d := range w.digits[from:to] {
		n = n*10 + int(d-'0')
	}
	return n
}

// glued reports whether a letter touches the window, as in a hash or a UID.
func (m *marks) glued(w window) bool {
	return isLetter(m.at(w.from-1)) || isLetter(m.at(w.to))
}
