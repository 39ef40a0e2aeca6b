// Package facts reads numbers, dates, ages and places out of a message and
// computes with them: is a document valid for 60 more days, is a proof of address
// younger than three calendar months, is somebody 18, is a place on the list.
//
// It is called while a message is understood, beside the classifier: Read finds
// everything, and once the category is known, Decide picks the fact that decides
// for it. A number says little alone ("45天", "17"), so what it is about comes
// from the words around it or, in an answer to a question, from the category.
//
// What people write is often an interval ("下個月底", "2008年的"). A verdict is
// given only where the whole interval agrees; otherwise the fact is Ambiguous and
// the exact date has to be asked. Words and places are data: words.yaml,
// places.yaml. Everything is pure; today comes in as an argument.
package facts

import (
	"slices"
	"time"
)

// Kind says what a fact is about.
type Kind string

// The kinds of facts. The category tells which one decides: validity_short and
// expired → Validity, underage → Age, address_proof → ProofAge, country → Place.
const (
	Validity Kind = "validity"  // how long a document is still valid
	Age      Kind = "age"       // how old somebody is
	ProofAge Kind = "proof_age" // how old a proof of address is
	Place    Kind = "place"     // a country or region
)

// Verdicts of a fact.
const (
	TooShort = "too_short" // valid, but for less than 60 days
	OK       = "ok"        // valid for 60 days or more
	Expired  = "expired"   // no longer valid
	TooOld   = "too_old"   // older than three calendar months
	Fresh    = "fresh"     // three calendar months old or less
	Underage = "underage"  // has not had the 18th birthday
	Adult    = "adult"     // has
)

// Statuses of a place on the article's list.
const (
	Unsupported = "unsupported" // listed as a whole, or closed to new accounts
	Partly      = "partly"      // some products or some regions only
	NotListed   = "not_listed"
)

// Fact is one thing read out of a message. The JSON form is the flat one of
// bot classify.
//
// N is as written where the message gives a number ("一個半月": 1.5 month,
// "17歲半": 17.5 year); for a date it is counted: days left until an expiry, days
// since it, days since a bill, completed years since a birth. For "差兩個月滿18"
// it is the time until the birthday. It is nil where the number is not definite.
type Fact struct {
	Place       string   `json:"place,omitempty"`        // Traditional Chinese
	ISO         string   `json:"iso,omitempty"`          // ISO 3166-1 alpha-2, or 3166-2 for a region of a country
	PlaceStatus string   `json:"place_status,omitempty"` // Unsupported, Partly, NotListed
	Verdict     string   `json:"verdict,omitempty"`
	N           *float64 `json:"n,omitempty"`
	Unit        string   `json:"unit,omitempty"` // day, week, month, year

	// Kind is empty for a number or date that only its question can place.
	Kind Kind `json:"-"`
	// Ambiguous means that the interval From–To holds days of different verdicts.
	Ambiguous bool `json:"-"`
	// From and To are UTC midnights, both included: days of expiry, of issue or of
	// birth. Zero where there is no date.
	From time.Time `json:"-"`
	To   time.Time `json:"-"`
	// Start and End are the bytes of the message that say it.
	Start int `json:"-"`
	End   int `json:"-"`
	// Country is the full entry of a place, nil for other facts.
	Country *Country `json:"-"`
	// Document is set for a place that is said of a document or phone number only
	// ("大陸身份證"), not as where somebody is.
	Document bool `json:"-"`
	// Passport is set for a Document that is a passport.
	Passport bool `json:"-"`
	// Residence is set for a place that somebody says to be in or a national of.
	Residence bool `json:"-"`
	// National is set for a place that somebody is a national of, or whose passport or
	// identity card they hold.
	National bool `json:"-"`
	// Aside is set for a place that the message sets aside: 不是印度.
	Aside bool `json:"-"`

	read     mention
	today    time.Time
	lapsed   bool // the message says that the time is over
	nominal  bool // 虛歲, one or two years more than completed ones
	implicit bool // said without a number, or by a comparison
	guessed  bool // of the kind that was asked for, not by its own words
	loose    bool // of a kind only by a word for time that remains
}

// Loose reports whether no word of the message says what a number or date is of: "14天"
// and "還有14天". What was spoken of before may say it.
func (f Fact) Loose() bool { return f.Kind == "" || f.guessed || f.loose }

// Remains reports whether only a word for time that remains says what it is of: 還有14天.
func (f Fact) Remains() bool { return f.loose }

// Length reports whether the message gives a length of time.
func (f Fact) Length() bool { return f.read.shape == shapeLength }

// Yearless reports whether the message gives a date that names no year.
func (f Fact) Yearless() bool {
	w := f.read.when
	return f.read.shape == shapeDate && !w.known && len(w.years) == 0 && w.shortYear < 0
}

// Ahead reports whether it is a length of time, or a date that is still to come if it
// is read as one that is.
func (f Fact) Ahead() bool {
	return f.Length() || f.read.shape == shapeDate && f.read.when.resolve(ahead, f.today).to.After(f.today)
}

// Read gives everything found in text, in the order of the text. Any text will do.
// Only the date of today counts, as its zone shows it; a message that itself says
// what day it is ("今天是3月5號") moves it.
func Read(text string, today time.Time) []Fact {
	msg := fold(text)
	p := &parser{tokens: lex(msg), text: msg.runes, today: civil(today), original: text}
	var found []Fact
	if len(p.tokens) > 0 {
		found = p.facts()
	}
	found = append(found, places.find(msg.runes)...)
	for i := range found {
		found[i].Start, found[i].End = msg.at[found[i].Start], msg.at[found[i].End]
	}
	slices.SortStableFunc(found, func(a, b Fact) int { return a.Start - b.Start })
	return found
}

// Decide picks the fact that decides for a kind, and reports whether there is one.
// Facts of no kind of their own are read as that kind, so that the answer "45天"
// counts. With an empty kind the words of the message choose; then numbers of no
// kind are left out.
func Decide(found []Fact, kind Kind) (Fact, bool) {
	var best Fact
	score := 0
	for _, f := range found {
		if f.Kind == "" && kind != "" && kind != Place {
			f = f.as(kind)
			f.guessed = true
		}
		if f.Kind == "" || kind != "" && f.Kind != kind {
			continue
		}
		if s := f.weight(); s > score {
			best, score = f, s
		}
	}
	return best, score > 0
}

// Within reads dates that name no year as days of a known stretch: what an answer
// to "when exactly?" means after the year or the month was said. Facts that have no
// single reading there are left as they are. The stretch is of UTC midnights, both
// included.
func Within(found []Fact, kind Kind, from, to time.Time) []Fact {
	out := slices.Clone(found)
	for i, f := range out {
		w := f.read.when
		if f.read.shape != shapeDate || w.known || len(w.years) > 0 || w.shortYear >= 0 {
			continue
		}
		if v, ok := w.inside(interval{from, to}); ok {
			f.read.when = when{fixed: v, known: true, shortYear: -1}
			f.Ambiguous, f.Verdict, f.N, f.Unit = false, "", nil, ""
			out[i] = f.as(kind)
		}
	}
	return out
}

// weight orders the facts of one kind: what is said outright before what is said
// in passing, and what is said with a date or number before what is not. Among
// places the most restricted one decides.
func (f Fact) weight() int {
	if f.Kind == Place {
		w := map[string]int{Unsupported: 40, Partly: 30, NotListed: 20}[f.PlaceStatus]
		switch {
		case f.Residence: // the list is about where users are
			w += 50
		case f.Document && f.ISO == "CN":
			w = 10
		case f.Document: // of two places alike, where somebody is decides
			w--
		}
		if f.Aside {
			w = 5
		}
		return w
	}
	w := 50
	if f.Verdict != "" {
		w += 8
	}
	if f.N != nil {
		w += 4
	}
	if f.implicit {
		w -= 10
	}
	if f.guessed {
		w -= 25
	}
	if f.nominal {
		w -= 6
	}
	if f.read.shape == shapeNumber {
		w -= 20
	}
	return w
}
