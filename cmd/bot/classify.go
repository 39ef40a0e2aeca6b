package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"verihelp/intents/facts"
	"verihelp/internal/dialogue"
)

// classifyCmd reads messages and writes what the bot makes of each.
type classifyCmd struct {
	Today string `help:"The date that is \"today\" for all lines without one, e.g. 2026-11-22."`
}

type classifyIn struct {
	ID    json.RawMessage `json:"id"`
	Text  *string         `json:"text"`
	Today string          `json:"today"`
}

type classifyOut struct {
	ID           json.RawMessage `json:"id"`
	Category     string          `json:"category"`
	Confidence   float64         `json:"confidence"`
	Action       string          `json:"action"`
	Alternatives []alternative   `json:"alternatives"`
	Script       string          `json:"script"`
	Facts        *classifyFacts  `json:"facts,omitempty"`
}

type alternative struct {
	Category   string  `json:"category"`
	Confidence float64 `json:"confidence"`
}

// classifyFacts is the fact that decides, flat, with all that were found.
type classifyFacts struct {
	facts.Fact
	All []facts.Fact `json:"all"`
}

// Run answers one line for each line.
func (c classifyCmd) Run(s *settings, io streams) error {
	zone, err := s.location()
	if err != nil {
		return err
	}
	today, err := dayOf(c.Today, time.Now().In(zone), zone)
	if err != nil {
		return usagef("--today: %w", err)
	}
	b, err := loadBrain(s)
	if err != nil {
		return err
	}
	out, failed := newLineWriter(io.out), false
	err = eachLine(io.in, func(line []byte) error {
		answer, bad := c.line(b.engine, line, today, zone)
		if bad != nil {
			failed = true
			return out.write(bad)
		}
		return out.write(answer)
	})
	if err == nil && failed {
		fmt.Fprintln(io.err, "bot: some lines could not be read; see the lines with \"error\"")
		return errData
	}
	return err
}

func (classifyCmd) line(e *dialogue.Engine, line []byte, today time.Time, zone *time.Location) (*classifyOut, *badLine) {
	if line == nil {
		return nil, &badLine{Error: fmt.Sprintf("the line is longer than %d bytes; split it", maxLine)}
	}
	var in classifyIn
	if err := json.Unmarshal(line, &in); err != nil {
		return nil, &badLine{ID: idOf(line), Error: "not a JSON object with text: " + err.Error()}
	}
	if in.Text == nil || strings.TrimSpace(*in.Text) == "" {
		return nil, &badLine{ID: in.ID, Error: "no text; give {\"id\":…,\"text\":\"…\"}"}
	}
	at, err := dayOf(in.Today, today, zone)
	if err != nil {
		return nil, &badLine{ID: in.ID, Error: err.Error()}
	}
	v := e.Classify(*in.Text, at)
	out := &classifyOut{
		ID: in.ID, Category: v.Category, Confidence: round(v.Confidence), Action: string(v.Action),
		Script: v.Script, Alternatives: []alternative{},
	}
	for _, g := range v.Alternatives {
		out.Alternatives = append(out.Alternatives, alternative{g.Category, round(g.P)})
	}
	if len(v.Facts) > 0 {
		out.Facts = &classifyFacts{Fact: v.Deciding, All: v.Facts}
	}
	return out, nil
}

// idOf saves the ID of a line whose other fields are of the wrong kind.
func idOf(line []byte) json.RawMessage {
	var in struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(line, &in) != nil {
		return nil
	}
	return in.ID
}

// round keeps four decimals: more would pretend a precision that calibration
// does not have.
func round(p float64) float64 { return float64(int(p*1e4+0.5)) / 1e4 }
