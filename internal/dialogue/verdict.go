package dialogue

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"verihelp/intents"
	"verihelp/intents/facts"
	"verihelp/internal/chat"
)

// Verdict texts beside those that package facts names.
const (
	verdictUnsure  = "unsure"   // what was said can mean both: ask for the exact date
	verdictNoPlace = "no_place" // a question about places in general
	verdictClosed  = "closed"   // a place closed to new accounts only
)

// verdict is what a computed fact makes of a category. The zero value means that
// no fact decides.
type verdict struct {
	name     string
	action   chat.Action
	text     []chat.Block
	category *intents.Category // the sibling that the verdict belongs to, if another
	span     *chat.Span        // the days that remain possible, where the date is not exact
}

// factList is everything read out of a message.
type factList []facts.Fact

// has reports whether a fact of the kind was said outright.
func (l factList) has(kind string) bool {
	for _, f := range l {
		if string(f.Kind) == kind {
			return true
		}
	}
	return false
}

// placed leaves out bare numbers and dates, which only their question can place.
func (l factList) placed() []facts.Fact {
	var out []facts.Fact
	for _, f := range l {
		if f.Kind != "" && (f.Place != "" || f.Verdict != "" || f.N != nil || f.Ambiguous) {
			out = append(out, f)
		}
	}
	return out
}

// What a date, an age or the date of a bill makes likelier the categories that it
// decides; a message that says nothing else leaves little doubt. A place does not: most
// are named in passing.
const (
	factWeight = 3
	loneWeight = 1e6
	// Somebody who names where they live and what they are a national of, and asks, asks
	// about places.
	placesWeight = 50
)

func (t *turn) factWeight() float64 {
	if t.bareFact() {
		return loneWeight
	}
	return factWeight
}

// weighed takes what was computed as evidence: "居留證到116年1月" is about validity;
// and who says that they did not cheat asks no help with it.
func (t *turn) weighed(leaves []intents.Guess) []intents.Guess {
	sum, disowned := 0.0, t.disowning() || borrowsDevice(t.folded) || t.awaitsAge() || t.hasTopic() && t.harmless()
	answers := t.topicFact() != "" && t.topicFact() != intents.FactPlace && t.bareFact()
	out := slices.Clone(leaves)
	for i, g := range out {
		category, _ := intents.Split(g.Label)
		cat, ok := t.e.Catalog.Get(category)
		switch {
		case ok && !t.mayBe(cat):
			out[i].P = 0
		case ok && cat.Fact == intents.FactPlace && t.placesWeighed():
			out[i].P *= placesWeight
		case ok && t.speaksFor(cat):
			out[i].P *= t.factWeight()
		case g.Label == evasion && disowned, ok && cat.Kind == intents.Talk && answers:
			out[i].P = 0
		}
		sum += out[i].P
	}
	if sum == 0 {
		return leaves
	}
	for i := range out {
		out[i].P /= sum
	}
	intents.SortGuesses(out)
	return out
}

// speaksFor reports whether something computed is what the category is about: a date
// that lies ahead speaks of validity, not of an expired document.
func (t *turn) speaksFor(cat *intents.Category) bool {
	if cat.Fact == "" || cat.Fact == intents.FactPlace {
		return false
	}
	found := t.found.placed()
	if cat.Fact == intents.FactAge && t.bornLone() {
		found = t.found
	}
	fact, ok := facts.Decide(found, facts.Kind(cat.Fact))
	return ok && (fact.Verdict == "" || len(cat.Verdicts) == 0 || slices.Contains(cat.Verdicts, fact.Verdict))
}

// finals are the verdicts that mean that it cannot be done.
var finals = map[string]bool{facts.Underage: true, facts.Unsupported: true, verdictClosed: true}

// fine are the verdicts that mean that the reason lies elsewhere.
var fine = map[string]bool{facts.OK: true, facts.Adult: true, facts.Fresh: true}

// verdict reads the fact that decides a category, if it has one.
func (t *turn) verdict(cat *intents.Category) verdict {
	if cat.Fact == "" {
		return verdict{}
	}
	if v, ok := t.placesVerdict(cat); ok {
		return v
	}
	name, fact := t.judge(cat.Fact)
	if name == "" {
		return verdict{}
	}
	v := verdict{name: name, action: chat.Answer}
	if fact.Ambiguous && !fact.From.IsZero() {
		v.span = &chat.Span{From: fact.From, To: fact.To}
	}
	if finals[name] {
		v.action = chat.Final
	}
	if sibling := t.e.owner(cat, t.leaning(name, fact)); sibling != cat && name != facts.OK { // what is fine stays with its topic
		v.category, cat = sibling, sibling
	}
	v.text = fillBlocks(cat.Texts[name], t.values(fact))
	if len(v.text) == 0 {
		return verdict{}
	}
	return v
}

// judge names the verdict on the fact of a kind.
func (t *turn) judge(kind string) (string, facts.Fact) {
	fact, ok := facts.Decide(t.answered(kind), facts.Kind(kind))
	switch {
	case kind == intents.FactPlace && !ok:
		return verdictNoPlace, fact
	case !ok:
		return "", fact
	case kind == intents.FactPlace && t.livesElsewhere(fact):
		return verdictUnsure, fact
	case kind == intents.FactPlace && fact.PlaceStatus == facts.Unsupported && fact.Country != nil && fact.Country.ClosedToNew:
		return verdictClosed, fact
	case kind == intents.FactPlace:
		return fact.PlaceStatus, fact
	case t.lapsedBefore() && fact.Loose() && fact.Length() && !fact.Remains():
		return facts.Expired, facts.Fact{} // how long ago that was
	case t.lapsedBefore() && fact.Loose() && fact.Verdict != facts.Expired && (fact.Length() || fact.Yearless()):
		return verdictUnsure, facts.Fact{}
	case fact.Ambiguous:
		return verdictUnsure, fact
	}
	return fact.Verdict, fact
}

// leaning names the verdict that an unclear date is nearest to: one that lies ahead
// may be too short, but not expired.
func (t *turn) leaning(name string, f facts.Fact) string {
	switch {
	case name != verdictUnsure || f.Kind != facts.Validity || f.From.IsZero():
		return name
	case f.From.Before(t.today):
		return facts.Expired
	}
	return facts.TooShort
}

// answered reads what was found in the light of the question for the exact date,
// while it waits: after "2008 年的", "12 月 3 日" is a day of that year.
func (t *turn) answered(kind string) factList {
	if !t.hasTopic() || t.mem.Topic.Span == nil || !strings.HasPrefix(t.pending(), questionFact) {
		return t.found
	}
	span := t.mem.Topic.Span
	return facts.Within(t.found, facts.Kind(kind), span.From, span.To)
}

// owner is the category that a verdict belongs to: an expired document is not a
// matter of 60 days, whatever it was called.
func (e *Engine) owner(cat *intents.Category, verdict string) *intents.Category {
	for _, other := range e.Catalog.All() {
		if other.Fact == cat.Fact && slices.Contains(other.Verdicts, verdict) {
			return other
		}
	}
	return cat
}

// siblings is the probability of the other categories that the same fact decides:
// once it is computed, which of them was meant no longer matters.
func (t *turn) siblings(cat *intents.Category) float64 {
	if v := t.verdict(cat); v.name == "" || v.name == verdictNoPlace {
		return 0
	}
	sum := 0.0
	for _, g := range t.merged {
		if other, ok := t.e.Catalog.Get(g.Label); ok && other != cat && other.Fact == cat.Fact {
			sum += g.P
		}
	}
	return sum
}

// values are the placeholders that a fact can fill.
func (t *turn) values(f facts.Fact) map[string]string {
	v := map[string]string{}
	if f.N != nil {
		v["n"], v["unit"] = number(*f.N), units[f.Unit]
		if f.Kind == facts.Age && f.Unit == "year" {
			v["age"] = number(*f.N)
		}
	}
	if !f.From.IsZero() && f.From.Equal(f.To) {
		days := int(f.From.Sub(t.today).Hours() / 24)
		if f.N != nil && f.Unit == "day" { // counted from the day that the message itself names, if it does
			days = int(*f.N)
			if f.Verdict == facts.Expired {
				days = -days
			}
		}
		v["date"] = date(f.From)
		v["days"] = strconv.Itoa(max(days, -days))
		if missing := requiredDays - days; missing > 0 {
			v["missing"] = strconv.Itoa(missing)
		}
	}
	if f.Place != "" {
		v["place"] = f.Place
	}
	if f.Country != nil && f.Country.Limited != "" {
		v["limited"] = f.Country.Limited
	}
	v["updated"] = t.e.listDate()
	return v
}

// requiredDays of validity are the article's (section 五.3).
const requiredDays = 60

// listDate is the date of the article that lists the places.
func (e *Engine) listDate() string {
	for _, cat := range e.Catalog.All() {
		if cat.Fact != intents.FactPlace || len(cat.Sections) == 0 {
			continue
		}
		if s, ok := e.Library.Section(cat.Sections[0]); ok {
			return date(s.Article.Updated)
		}
	}
	return ""
}

var units = map[string]string{"day": "天", "week": "週", "month": "個月", "year": "年"}

func number(n float64) string {
	if n == math.Trunc(n) {
		return strconv.FormatFloat(n, 'f', 0, 64)
	}
	return strconv.FormatFloat(n, 'f', 1, 64)
}

func date(d time.Time) string { return d.Format("2006-01-02") }

// fillBlocks fills placeholders in; a block that needs one that is not known is
// left out, so that each text has a block that is right alone.
func fillBlocks(blocks []chat.Block, values map[string]string) []chat.Block {
	var out []chat.Block
	for _, b := range blocks {
		b.Text = fill(b.Text, values)
		items := make([]string, len(b.Items))
		for i, item := range b.Items {
			items[i] = fill(item, values)
		}
		b.Items = items
		if !strings.Contains(b.Text+strings.Join(b.Items, ""), "{") {
			out = append(out, b)
		}
	}
	return out
}

// factLines are the computed facts for the staff's card, without the user's words.
func (t *turn) factLines() []string {
	var out []string
	for _, f := range t.found {
		if f.Document || f.Aside { // no place where the user is
			continue
		}
		name := f.Verdict
		if f.PlaceStatus != "" {
			name = f.PlaceStatus
		}
		text := t.e.Phrases["fact."+name]
		if name == "" || text == "" {
			continue
		}
		if line := fill(text, t.values(f)); !strings.Contains(line, "{") {
			out = appendNew(out, line)
		}
	}
	return out
}

// deciding is the fact that decides a category, for the command line.
func (t *turn) deciding(category string) facts.Fact {
	kind := facts.Kind("")
	if cat, ok := t.e.Catalog.Get(category); ok {
		kind = facts.Kind(cat.Fact)
	}
	if fact, ok := facts.Decide(t.found, kind); ok {
		return fact
	}
	fact, _ := facts.Decide(t.found, "")
	return fact
}
