package dialogue

import (
	"strings"

	"verihelp/intents"
)

// joints are words that join one problem to the next, folded; sentence marks
// and line breaks do the same.
var joints = strings.NewReplacer(
	"还有一个问题", "\n", "另外还有", "\n", "还有就是", "\n", "另外", "\n", "还有", "\n", "而且", "\n", "并且", "\n", "同时", "\n", "以及", "\n", "再来", "\n", "同埋", "\n", "加上", "\n",
	"。", "\n", "!", "\n", "?", "\n", ";", "\n", ",", "\n", ". ", "\n", " ", "\n", "、", "\n",
)

// minClause is the length of a clause, in characters, that may name a problem;
// shorter ones say too little. "Solved" needs less.
const (
	minClause = 4
	minSolved = 2
)

// clauses splits the folded message where a new problem may begin.
func (t *turn) clauses(least int) []string {
	var out []string
	for _, c := range strings.Split(joints.Replace(t.folded), "\n") {
		if c = strings.TrimSpace(c); len([]rune(c)) >= least {
			out = append(out, c)
		}
	}
	return out
}

// clause classifies one clause, once a turn.
func (t *turn) clause(text string) []intents.Guess {
	guesses, known := t.heardClauses[text]
	if !known {
		guesses = t.e.Classifier.Classify(text)
		if t.heardClauses == nil {
			t.heardClauses = map[string][]intents.Guess{}
		}
		t.heardClauses[text] = guesses
	}
	return guesses
}

// maxClauses bounds the work for a long message.
const maxClauses = 12

func firstOf(clauses []string) []string { return clauses[:min(len(clauses), maxClauses)] }

// clauseCategories lists what single clauses are about for sure, in the order
// of the message, if there is more than one clause.
func (t *turn) clauseCategories(sure float64) []string {
	clauses := t.clauses(minClause)
	if len(clauses) < 2 {
		return nil
	}
	var out []string
	for _, c := range firstOf(clauses) {
		best := intents.Merge(t.clause(c))[0]
		if best.P >= sure {
			out = appendNew(out, best.Label)
		}
	}
	return out
}

// problems lists the failures of a message that names more than one, in blocking
// order. One that the whole message makes improbable is a clause out of context.
func (t *turn) problems() []string {
	var out []string
	judged := map[string]bool{} // one date is one problem, whichever category it comes to
	for _, id := range t.clauseCategories(sureOfClause) {
		cat, ok := t.e.Catalog.Get(id)
		if !ok || cat.Kind != intents.Failure || p(t.merged, id) < floorOfProblem || judged[cat.Fact] {
			continue
		}
		judged[cat.Fact] = cat.Fact != ""
		out = append(out, id)
	}
	if len(out) < 2 {
		return nil
	}
	t.e.blockingOrder(out)
	return out
}

// floorOfProblem is what the whole message must give a category that one clause
// is sure of.
const floorOfProblem = 1e-4

// pastCourtesy reads the clause that matters of a message that only begins or
// ends politely ("謝謝，那照片拍糊了怎麼辦").
func (t *turn) pastCourtesy() {
	if top, _ := t.top(); top != "talk.thanks" && top != "talk.greeting" && top != "talk.affirm" {
		return
	}
	for _, clause := range firstOf(t.clauses(minClause)) {
		leaves := t.clause(clause)
		best := intents.Merge(leaves)[0]
		if cat, ok := t.e.Catalog.Get(best.Label); ok && candidate(cat) && best.P >= sureOfClause {
			t.leaves, t.merged = leaves, intents.Merge(leaves)
			return
		}
	}
}

// personInAClause: a person is asked for beside something else.
func (t *turn) personInAClause() bool {
	for _, clause := range firstOf(t.clauses(minClause)) {
		best := intents.Merge(t.clause(clause))[0]
		if best.Label == "talk.human" && best.P >= sureOfClause && !declines(clause) {
			return true
		}
	}
	return false
}

// solvedInAClause: "搞定了，謝謝" is more than thanks.
func (t *turn) solvedInAClause() bool {
	if top, _ := t.top(); top != "talk.thanks" && top != "talk.goodbye" {
		return false
	}
	for _, clause := range firstOf(t.clauses(minSolved)) {
		if best := t.clause(clause)[0]; best.Label == "talk.affirm/solved" && best.P >= sureOfTalk {
			return true
		}
	}
	return false
}

// declines: "不用轉人工" names a person in order not to get one.
func declines(clause string) bool {
	for _, no := range []string{"不用", "不要", "不必", "不需要", "别", "先不"} {
		if rest, ok := strings.CutPrefix(bareWords(clause), no); ok && !strings.HasPrefix(rest, "跟") && !strings.HasPrefix(rest, "机器") {
			return true
		}
	}
	return false
}
