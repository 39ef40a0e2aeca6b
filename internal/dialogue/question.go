package dialogue

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"verihelp/intents"
	"verihelp/internal/chat"
)

// Limits of asking.
const (
	maxQuestions = 2    // clarifying questions a topic, then a person is offered
	minGain      = 0.35 // bits; a question that tells less is not worth the user's time
	whichOptions = 4    // categories that "which of these?" lists at most
	whichFloor   = 0.04 // and the belief from which one is listed
	optionFloor  = 0.01 // an option that is less probable is not shown
)

// asked is a question chosen to be put, with what its answer is expected to tell.
type asked struct {
	id      string
	text    string
	gain    float64 // bits
	options []chat.Choice
}

// Choice IDs carry their meaning, so that a tap on an old message is understood
// as what its label said, whatever was asked since.
const (
	prefixOption  = "q:"    // q:<question>:<option, from 0>
	prefixIs      = "is:"   // is:<category>
	prefixNot     = "not:"  // not:<category>
	prefixRead    = "read:" // read:<section>
	prefixBack    = "back:" // back:<category>
	questionWhich = "which"
)

// bestQuestion chooses the question with the highest expected information gain
// (see gain). Ties go to the smaller ID.
func (e *Engine) bestQuestion(b belief, put []string) (asked, bool) {
	best := asked{}
	consider := func(a asked) {
		if a.gain > best.gain || (a.gain == best.gain && a.id < best.id) {
			best = a
		}
	}
	for _, q := range e.Catalog.Questions() {
		if !slices.Contains(put, q.ID) {
			consider(e.written(q, b))
		}
	}
	if !slices.Contains(put, questionWhich) {
		consider(e.which(b))
	}
	return best, best.gain >= minGain
}

func (e *Engine) written(q intents.Question, b belief) asked {
	a := asked{id: q.ID, text: q.Text}
	answers := make([]float64, len(q.Options))
	open := 0.0
	for _, id := range e.candidates { // in order: the last bit of a sum depends on it
		share := optionsWith(q, id)
		for _, i := range share {
			answers[i] += b[id] / float64(len(share))
		}
		if len(share) > 1 {
			open += float64(b[id] * math.Log2(float64(len(share))))
		}
	}
	for i, o := range q.Options {
		if answers[i] >= optionFloor {
			a.options = append(a.options, chat.Choice{ID: prefixOption + q.ID + ":" + strconv.Itoa(i), Label: o.Label})
		}
	}
	if len(a.options) >= 2 {
		a.gain = gain(answers, open)
	}
	return a
}

// which asks directly for one of the likeliest categories.
func (e *Engine) which(b belief) asked {
	a := asked{id: questionWhich, text: e.Phrases["question.which"]}
	var answers []float64
	for _, g := range b.best(whichOptions) {
		if g.P < whichFloor {
			break
		}
		cat, _ := e.Catalog.Get(g.Category)
		answers = append(answers, g.P)
		a.options = append(a.options, chat.Choice{ID: prefixIs + g.Category, Label: cat.Choice})
	}
	if len(a.options) >= 2 {
		a.gain = gain(answers, 0)
	}
	return a
}

// gain is what the answer is expected to tell about the category, in bits: the
// entropy of the answers, less what stays open about the answer when the category
// is known (a category that fits several options). What the answers do not cover
// is "none of these"; the gain is cut by its probability, since it costs the user
// a question without naming anything.
func gain(answers []float64, open float64) float64 {
	none := 1.0
	for _, p := range answers {
		none -= p
	}
	none = max(none, 0)
	return (entropy(append(answers, none)) - open) * (1 - none)
}

func optionsWith(q intents.Question, category string) []int {
	var out []int
	for i, o := range q.Options {
		if slices.Contains(o.Categories, category) {
			out = append(out, i)
		}
	}
	return out
}

// likelihood says how probable a chosen option is under each category.
func (e *Engine) likelihood(choice string) (belief, bool) {
	out := belief{}
	_, category, _ := strings.Cut(choice, ":")
	switch known := slices.Contains(e.candidates, category); {
	case known && strings.HasPrefix(choice, prefixIs):
		out[category] = 1
	case known && strings.HasPrefix(choice, prefixNot):
		for _, id := range e.candidates {
			out[id] = 1
		}
		delete(out, category)
	case strings.HasPrefix(choice, prefixOption):
		q, i, ok := e.option(choice)
		if !ok {
			return nil, false
		}
		for _, id := range q.Options[i].Categories {
			out[id] = 1 / float64(len(optionsWith(q, id)))
		}
	default:
		return nil, false
	}
	return out, true
}

// option finds the question and the option that a choice ID means.
func (e *Engine) option(choice string) (intents.Question, int, bool) {
	id, index, ok := strings.Cut(strings.TrimPrefix(choice, prefixOption), ":")
	if !ok {
		return intents.Question{}, 0, false
	}
	i, err := strconv.Atoi(index)
	for _, q := range e.Catalog.Questions() {
		if q.ID == id && err == nil && i >= 0 && i < len(q.Options) {
			return q, i, true
		}
	}
	return intents.Question{}, 0, false
}

// noneOf says how probable "none of these" is under each category, given what
// was offered.
func (e *Engine) noneOf(offered []chat.Choice) belief {
	out := belief{}
	for _, id := range e.candidates {
		out[id] = 1
	}
	for _, c := range offered {
		if l, ok := e.likelihood(c.ID); ok && !strings.HasPrefix(c.ID, prefixNot) {
			for id := range l {
				out[id] = 0
			}
		}
	}
	return out
}
