package intents

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"verihelp/internal/chat"
	"verihelp/internal/markdown"
)

// Longest labels, in characters: what fits on a button of a phone.
const (
	maxTitle  = 14
	maxChoice = 14
	maxOption = 12
)

// routes lists where a category of each kind may lead.
var routes = map[Kind][]Route{
	Failure:    {SelfService, Human, Final},
	Guide:      {Answer},
	Talk:       {Smalltalk, Human},
	Unclear:    {Clarify},
	OutOfScope: {Decline},
}

// verdicts lists the texts that a fact's verdicts need.
var verdicts = map[string][]string{
	FactValidity: {"too_short", "ok", "expired", "unsure"},
	FactAge:      {"underage", "adult", "unsure"},
	FactProofAge: {"too_old", "fresh", "unsure"},
	FactPlace:    {"unsupported", "closed", "partly", "not_listed", "no_place", "unsure"},
}

// humanTexts accompany a hand-over.
var humanTexts = []string{"why_human", "prepare", "never_send"}

// placeholders is what the engine fills in; anything else would be shown in braces.
var placeholders = []string{"n", "unit", "days", "missing", "date", "age", "place", "limited", "updated"}

var (
	validSection = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]*#[a-z0-9][a-z0-9_-]*$`)
	placeholder  = regexp.MustCompile(`\{([^{}]*)\}`)
)

// textNames returns the names of the texts a category must have and may have.
func textNames(c *Category) (required, allowed []string) {
	switch c.Kind {
	case Failure, Guide:
		required = []string{"opening", "confirm"}
	default:
		required = []string{"reply"}
	}
	if c.Kind == Failure && c.Route == Human {
		required = append(required, humanTexts...)
	}
	if c.Route == Final {
		required = append(required, "final", "money")
		if c.Fact != "" {
			required = append(required, "someday")
		}
	}
	if c.Fact == FactPlace {
		required = append(required, "holder")
	}
	required = append(required, verdicts[c.Fact]...)
	required = append(required, c.Variants...)
	allowed = append(slices.Clone(required), humanTexts...)
	if c.Fact != "" {
		allowed = append(allowed, "ask")
	}
	slices.Sort(allowed)
	return required, slices.Compact(allowed)
}

// check reports what is wrong with the front matter of the category in folder.
func (l *loader) check(folder string, c *Category, at lines) {
	bad := func(key, format string, args ...any) {
		l.problems.add(categoryFile(folder), at.key(key), format, args...)
	}
	if c.ID != folder {
		bad("id", "id is %q in the folder %q; make them the same", c.ID, folder)
	}
	allowed, known := routes[c.Kind]
	switch {
	case !known:
		bad("kind", "kind %q is unknown; use one of %s", c.Kind, join(slices.Sorted(maps.Keys(routes))))
	case !slices.Contains(allowed, c.Route):
		bad("route", "route %q does not fit the kind %s; use one of %s", c.Route, c.Kind, join(allowed))
	}
	if c.Rank <= 0 {
		bad("rank", "rank is %d; give a number above 0, the lower the earlier it is answered", c.Rank)
	}
	if c.Fact != "" && verdicts[c.Fact] == nil {
		bad("fact", "fact %q is unknown; use one of %s or leave it out", c.Fact, join(slices.Sorted(maps.Keys(verdicts))))
	}
	if c.Files != FilesRefused && !c.Files.Taken() {
		bad("files", "files: %q is unknown; use one of %s, %s, %s or leave it out", c.Files, FilesAllowed, FilesWarned, FilesRefused)
	}
	reportLabel(bad, "title", c.Title, maxTitle)
	if c.Kind == Failure || c.Kind == Guide {
		reportLabel(bad, "choice", c.Choice, maxChoice)
		if len(c.Sections) == 0 {
			bad("sections", "no section is quoted; name one as article#anchor")
		}
	}
	for key, sections := range map[string][]string{"sections": c.Sections, "related": c.Related} {
		for _, id := range sections {
			if !validSection.MatchString(id) {
				bad(key, "%q is not a section; write article#anchor", id)
			}
		}
	}
}

// reportLabel checks a text that is shown on a button or inside a sentence.
func reportLabel(bad func(key, format string, args ...any), key, text string, longest int) {
	n := utf8.RuneCountInString(text)
	switch {
	case strings.TrimSpace(text) == "":
		bad(key, "%s is missing; write one of up to %d characters", key, longest)
	case n > longest:
		bad(key, "%s has %d characters; shorten it to %d", key, n, longest)
	}
}

// checkPlaceholders reports braces that the engine would not fill in.
func (l *loader) checkPlaceholders(file string, s markdown.Section) {
	for _, block := range s.Blocks {
		for _, text := range texts(block) {
			for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
				if !slices.Contains(placeholders, m[1]) {
					l.problems.add(file, s.Line, "placeholder %s is unknown; use one of {%s}", m[0], strings.Join(placeholders, "} {"))
				}
			}
		}
	}
}

func texts(b chat.Block) []string { return append([]string{b.Text}, b.Items...) }

// checkQuestions reports what is wrong with the clarifying questions themselves.
func (l *loader) checkQuestions(questions []Question, at lines) {
	seen := map[string]bool{}
	for i, q := range questions {
		bad := func(_, format string, args ...any) {
			l.problems.add(questionsFile, at.item(i), format, args...)
		}
		if !validID.MatchString(q.ID) {
			bad("", "question ID %q; use lower-case letters, digits and _", q.ID)
		}
		if seen[q.ID] {
			bad("", "question ID %q is there twice; rename one", q.ID)
		}
		seen[q.ID] = true
		if strings.TrimSpace(q.Text) == "" {
			bad("", "question %q has no text; write it", q.ID)
		}
		if len(q.Options) < 2 || len(q.Options) > 5 {
			bad("", "question %q has %d options; give 2 to 5", q.ID, len(q.Options))
		}
		for _, o := range q.Options {
			reportLabel(bad, "label", o.Label, maxOption)
			if len(o.Categories) == 0 {
				bad("", "option %q of question %q has no categories; name those it leaves possible", o.Label, q.ID)
			}
		}
	}
}

// checkReferences reports categories that are named but do not exist, and kinds that
// the dialogue cannot do without.
func (l *loader) checkReferences(c *Catalog) {
	for _, cat := range c.all {
		for i, id := range cat.Next {
			if _, ok := c.byID[id]; !ok || id == cat.ID || slices.Contains(cat.Next[:i], id) {
				l.problems.add(cat.file(), l.lines[cat.file()].key("next"), "next: %q is unknown, the category itself or there twice; correct or remove it", id)
			}
		}
	}
	for i, q := range c.questions {
		at := l.lines[questionsFile]
		for _, o := range q.Options {
			for _, id := range o.Categories {
				if _, ok := c.byID[id]; !ok {
					l.problems.add(questionsFile, at.holds(at.item(i), id), "option %q of question %q: category %q is unknown; correct or remove it", o.Label, q.ID, id)
				}
			}
		}
	}
}

func join[S ~string](all []S) string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = string(s)
	}
	return strings.Join(out, ", ")
}
