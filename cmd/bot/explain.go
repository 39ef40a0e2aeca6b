package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"verihelp/intents/facts"
	"verihelp/internal/chat"
	"verihelp/internal/redact"
)

// explainCmd explains a decision: of a stored turn, or of a message given now.
type explainCmd struct {
	Event string `help:"ID of a stored turn's event."`
	Today string `help:"The date that is \"today\", e.g. 2026-11-22."`
	JSON  bool   `name:"json" help:"Print one JSON object."`
	Text  string `arg:"" optional:"" help:"A message to decide now, as the first of a conversation."`
}

// Run prints what was read, computed and weighed, the rule that decided, what was
// answered with, and the hashes of model and knowledge.
func (c explainCmd) Run(ctx context.Context, s *settings, io streams) error {
	var out explained
	var err error
	switch {
	case c.Event != "" && c.Text == "":
		out, err = storedTrace(ctx, s, c.Event)
	case c.Text != "" && c.Event == "":
		out, err = c.now(s)
	default:
		return usagef("explain needs a message, or --event ID")
	}
	if err != nil {
		return err
	}
	if c.JSON {
		enc := json.NewEncoder(io.out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(out)
	}
	return out.print(io.out)
}

// explained is a decision with what it rests on. What only a message at hand can
// tell (its words are not stored with the trace) is empty for a stored turn.
type explained struct {
	Event      string       `json:"event,omitempty"`
	Message    string       `json:"message,omitempty"` // masked
	Read       string       `json:"read,omitempty"`    // what of it was classified, folded
	Found      []facts.Fact `json:"found,omitempty"`
	Candidates []candidate  `json:"candidates,omitempty"`
	Trace      chat.Trace   `json:"trace"`
	Reply      string       `json:"reply,omitempty"`
	Options    []string     `json:"options,omitempty"`
	Memory     *chat.Memory `json:"memory,omitempty"`
}

// candidate is a category with the features that speak most for it.
type candidate struct {
	Category string   `json:"category"`
	P        float64  `json:"p"`
	Evidence []string `json:"evidence"`
}

func storedTrace(ctx context.Context, s *settings, id string) (explained, error) {
	db, err := openReader(ctx, s)
	if err != nil {
		return explained{}, err
	}
	defer db.Close() //nolint:errcheck // only read
	event, err := db.Event(ctx, id)
	if errors.Is(err, chat.ErrUnknownEvent) {
		return explained{}, fmt.Errorf("no event %s in this database", id)
	}
	if err != nil {
		return explained{}, err
	}
	if event.Trace == nil {
		return explained{}, fmt.Errorf("event %s is a change of a case, not a turn of the bot; give the ID of a turn", id)
	}
	return explained{Event: event.ID, Trace: *event.Trace, Memory: event.Memory}, nil
}

// strongest is how many features of evidence are told for a candidate.
const strongest = 6

func (c explainCmd) now(s *settings) (explained, error) {
	zone, err := s.location()
	if err != nil {
		return explained{}, err
	}
	at, err := dayOf(c.Today, time.Now().In(zone), zone)
	if err != nil {
		return explained{}, usagef("--today: %w", err)
	}
	b, err := loadBrain(s)
	if err != nil {
		return explained{}, err
	}
	turn := b.engine.First(c.Text, at)
	masked, _ := redact.Mask(c.Text)
	v := b.engine.Classify(c.Text, at)
	out := explained{
		Message: masked, Read: v.Read, Trace: turn.Trace, Reply: turn.Reply.Text(), Found: v.Facts,
	}
	for _, g := range turn.Trace.Top {
		out.Candidates = append(out.Candidates, candidate{g.Category, round(g.P), b.evidence(v.Read, g.Category)})
	}
	for _, choice := range turn.Reply.Choices {
		out.Options = append(out.Options, choice.Label)
	}
	return out, nil
}

// evidence lists what speaks most for a category, over its likeliest variant.
func (b *brain) evidence(text, category string) []string {
	label := category
	for _, g := range b.model.Classify(text) {
		if g.Label == category || strings.HasPrefix(g.Label, category+"/") {
			label = g.Label
			break
		}
	}
	var out []string
	for _, e := range b.model.Evidence(text, label, strongest) {
		out = append(out, fmt.Sprintf("%s %+.1f", e.Text, e.Weight))
	}
	return out
}

// print writes the explanation for people.
func (e explained) print(w io.Writer) error {
	t := e.Trace
	p := &paper{w: w}
	p.line("event", e.Event)
	p.line("message", e.Message)
	p.line("read as", e.Read)
	p.line("script", t.Script+" → reply in "+t.Lang)
	p.line("masked", strings.Join(t.Masked, ", "))
	for _, f := range e.Found {
		p.line("computed", factLine(f))
	}
	if len(e.Found) == 0 {
		p.line("computed", strings.Join(t.Facts, "; "))
	}
	p.guesses("candidates", e, t)
	p.line("rule", t.Rule)
	p.line("decision", string(t.Action)+" "+t.Category)
	if t.Question != "" {
		p.line("question", fmt.Sprintf("%s, expected gain %.2f bits", t.Question, t.Gain))
	}
	for _, b := range t.Belief {
		p.line("belief", fmt.Sprintf("%-28s %.3f", b.Category, b.P))
	}
	p.line("sections", strings.Join(t.Sections, ", "))
	p.line("case", t.CaseID)
	p.line("time", t.Clock.Format(time.RFC3339))
	p.line("model", t.Model)
	p.line("knowledge", t.Knowledge)
	p.line("reply", strings.ReplaceAll(e.Reply, "\n", "\n            "))
	p.line("options", strings.Join(e.Options, " · "))
	return p.err
}

// paper writes lines with a name before them, and none where there is nothing to
// say.
type paper struct {
	w   io.Writer
	err error
}

func (p *paper) line(name, text string) {
	if text == "" || p.err != nil {
		return
	}
	_, p.err = fmt.Fprintf(p.w, "%-11s %s\n", name, text)
}

func (p *paper) guesses(name string, e explained, t chat.Trace) {
	if len(e.Candidates) == 0 {
		for _, g := range t.Top {
			p.line(name, fmt.Sprintf("%-28s %.3f", g.Category, g.P))
		}
		return
	}
	for _, c := range e.Candidates {
		p.line(name, fmt.Sprintf("%-28s %.3f  %s", c.Category, c.P, strings.Join(c.Evidence, ", ")))
	}
}

// factLine names a fact in one line.
func factLine(f facts.Fact) string {
	parts := []string{string(f.Kind)}
	if f.Place != "" {
		parts = append(parts, f.Place, f.ISO, f.PlaceStatus)
	}
	if f.N != nil {
		parts = append(parts, fmt.Sprintf("%g %s", *f.N, f.Unit))
	}
	if !f.From.IsZero() {
		parts = append(parts, f.From.Format(time.DateOnly)+" … "+f.To.Format(time.DateOnly))
	}
	if f.Ambiguous {
		parts = append(parts, "the exact date decides")
	}
	return strings.Join(append(parts, f.Verdict), "  ")
}
