package facts

import "time"

// The three numbers of the article.
const (
	minValidityDays = 60
	maxProofMonths  = 3
	minAge          = 18
)

func validityOn(expiry, today time.Time) string {
	switch left := daysBetween(today, expiry); {
	case left < 0:
		return Expired
	case left < minValidityDays:
		return TooShort
	}
	return OK
}

// proofOn compares with the day three months back, so that "三個月前" is fresh at
// every month's end.
func proofOn(issued, today time.Time) string {
	if issued.Before(addMonths(today, -maxProofMonths)) {
		return TooOld
	}
	return Fresh
}

func ageVerdict(bornOn, today time.Time) string {
	if birthday(bornOn, minAge).After(today) {
		return Underage
	}
	return Adult
}

// as reads a fact of no kind as one of the given kind. What cannot be read so
// keeps no kind.
func (f Fact) as(kind Kind) Fact {
	switch {
	case kind == Age && (f.read.shape == shapeNumber || f.read.shape == shapeAge):
		f.byYears()
	case kind == Age && f.read.shape == shapeLength:
		if f.read.unit != "year" {
			return f
		}
		f.read.years = [2]float64{f.read.n, f.read.n}
		f.byYears()
	case kind == Age && !f.bornThen():
		return f
	case f.read.shape == shapeNumber && kind == Validity:
		f.read.lo, f.read.hi = size(f.read.years[0], "day"), size(f.read.years[1], "day")
		f.read.unit, f.read.shape = "day", shapeLength
		f.byDays(kind)
	case f.read.shape == shapeDate || f.read.shape == shapeLength:
		f.byDays(kind)
	default:
		return f
	}
	f.Kind = kind
	return f
}

// minBirthYears is how long ago a date lies at least to be the birth of somebody
// who writes about an account.
const minBirthYears = 5

func (f Fact) bornThen() bool {
	return f.read.shape == shapeDate && f.read.when.resolve(born, f.today).to.Before(addMonths(f.today, -12*minBirthYears))
}

// byYears judges an age in years.
func (f *Fact) byYears() {
	lo, hi := f.read.years[0], f.read.years[1]
	if f.nominal {
		lo, hi = lo-2, hi-1
	}
	switch {
	case hi < minAge:
		f.Verdict = Underage
	case lo >= minAge:
		f.Verdict = Adult
	default:
		f.Ambiguous = true
	}
	if f.read.exact && !f.nominal {
		f.N, f.Unit = &f.read.n, "year"
	}
}

// byDays judges an interval of days of expiry, issue or birth.
func (f *Fact) byDays(kind Kind) {
	v := f.interval(kind)
	f.From, f.To = v.from, v.to
	rule := map[Kind]func(time.Time, time.Time) string{Validity: validityOn, ProofAge: proofOn, Age: ageVerdict}[kind]
	first, last := rule(v.from, f.today), rule(v.to, f.today)
	if kind == Validity && f.lapsed && !v.to.After(f.today) {
		first, last = Expired, Expired // "今天到期了" is over, "今天到期" is not
	}
	switch {
	case kind != Validity && v.to.After(f.today): // issued or born in the future: a slip
		f.Ambiguous = true
	case first == last:
		f.Verdict = first
	default:
		f.Ambiguous = true
	}
	f.count(kind, v)
}

// interval gives the days that the mention means for a kind.
func (f *Fact) interval(kind Kind) interval {
	back := kind != Validity || f.lapsed
	if f.read.shape == shapeDate {
		d := ahead
		switch {
		case kind == Age:
			d = born
		case back:
			d = behind
		}
		return f.read.when.resolve(d, f.today)
	}
	if back {
		return interval{f.read.hi.from(f.today, -1), f.read.lo.from(f.today, -1)}
	}
	return interval{f.read.lo.from(f.today, 1), f.read.hi.from(f.today, 1)}
}

// count sets N and Unit.
func (f *Fact) count(kind Kind, v interval) {
	var n float64
	switch {
	case f.read.shape == shapeLength && f.read.exact && f.read.unit != "":
		n, f.Unit = f.read.n, f.read.unit
	case kind == Age && ageOn(v.from, f.today) == ageOn(v.to, f.today) && !f.Ambiguous:
		n, f.Unit = float64(ageOn(v.from, f.today)), "year"
	case v.exact() && kind != Age:
		n, f.Unit = float64(daysBetween(f.today, v.from)), "day"
		if n < 0 {
			n = -n
		}
	default:
		return
	}
	f.N = &n
}
