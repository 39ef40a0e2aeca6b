package dialogue

import (
	"slices"
	"strings"

	"verihelp/intents"
	"verihelp/intents/facts"
	"verihelp/internal/chat"
	"verihelp/internal/zh"
)

// placesVerdict names each of several places with what the list says of it: where
// somebody lives and what they are a national of, or places asked about together. It
// cannot be done only where that holds of each; which of residence and nationality
// counts the article does not say.
func (t *turn) placesVerdict(cat *intents.Category) (verdict, bool) {
	if cat.Fact != intents.FactPlace {
		return verdict{}, false
	}
	places := t.placesNamed()
	apart := slices.ContainsFunc(places, func(f facts.Fact) bool { return f.National })
	if len(places) < 2 || len(places) > maxPlaces || !apart && !t.joinedPlaces(places) {
		return verdict{}, false
	}
	v := verdict{name: facts.Unsupported, action: chat.Final}
	for _, f := range places {
		name := statusOf(f)
		if !finals[name] {
			v.name, v.action = facts.NotListed, chat.Answer
		}
		v.text = append(v.text, chat.Block{Text: fill(t.e.Phrases["place."+name], t.values(f))})
	}
	switch {
	case v.action == chat.Final:
		v.text = append(v.text, cat.Texts["final"]...)
	case apart && t.e.Desk:
		v.text = append(v.text, chat.Block{Text: t.e.Phrases["place.undecided"]})
	case apart:
		v.text = append(v.text, chat.Block{Text: t.e.Phrases["place.undecided_no_desk"]})
	}
	return v, true
}

// placesWeighed: a residence and a nationality, or places side by side, are named, something is asked, and
// nothing complained of.
func (t *turn) placesWeighed() bool {
	places := t.placesNamed()
	return len(places) > 1 && (t.joinedPlaces(places) || slices.ContainsFunc(places, func(f facts.Fact) bool { return f.National })) &&
		asksForPlace.MatchString(t.folded) && !failing.MatchString(t.folded)
}

// maxPlaces that are named one by one; whoever lists more is shown the list.
const maxPlaces = 4

// statusOf is the status of a place, as its texts are named.
func statusOf(f facts.Fact) string {
	if f.Country != nil && f.Country.ClosedToNew {
		return verdictClosed
	}
	return f.PlaceStatus
}

// placesNamed are the places of the message that may count, each once. Phones and banks
// tell nothing of their owner, nor do Mainland documents.
func (t *turn) placesNamed() []facts.Fact {
	var out []facts.Fact
	for _, f := range t.found {
		if f.Kind != facts.Place || f.Aside || f.Document && (f.ISO == mainland || !f.National) {
			continue
		}
		if at := slices.IndexFunc(out, func(o facts.Fact) bool { return o.ISO == f.ISO }); at < 0 {
			out = append(out, f)
		}
	}
	return out
}

// joinedPlaces: the places are named side by side: 台灣和香港.
func (t *turn) joinedPlaces(places []facts.Fact) bool {
	for i := range places[1:] {
		from, to := places[i].End, places[i+1].Start
		if from > to || to > len(t.text) {
			return false
		}
		if gap := zh.Fold(t.text[from:to]); gap == "" || strings.Trim(gap, "和跟与及或还是同埋、,/ ") != "" {
			return false
		}
	}
	return true
}

// livesElsewhere: only the issuer of the document is a problem, and the message
// names another place, too, or the document tells no nationality. The list is about
// where users are, so that is asked.
func (t *turn) livesElsewhere(issuer facts.Fact) bool {
	if !issuer.Document || issuer.PlaceStatus != facts.Unsupported {
		return false
	}
	if !issuer.Passport || issuer.ISO == mainland {
		return true
	}
	return slices.ContainsFunc(t.found, func(f facts.Fact) bool {
		return f.Kind == facts.Place && !f.Document && !f.Aside && f.PlaceStatus != facts.Unsupported
	})
}
