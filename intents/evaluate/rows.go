package evaluate

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"verihelp/intents"
)

// Row is a labelled message.
type Row struct {
	Text   string   `json:"text"`
	Label  string   `json:"label"`
	Also   []string `json:"also,omitempty"`   // other labels that count as right
	Action OneOf    `json:"action,omitempty"` // actions that count as right; none: not checked
	Today  string   `json:"today,omitempty"`  // the date the message counts from, as 2026-11-22
}

// Right reports whether a label is one of those that count.
func (r Row) Right(label string) bool { return label == r.Label || slices.Contains(r.Also, label) }

// OneOf is a list that may be written as a single string.
type OneOf []string

// UnmarshalJSON reads a string or a list of strings.
func (o *OneOf) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*o = OneOf{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(o))
}

const maxRow = 1 << 20 // bytes of one line

// ReadRows reads JSON Lines. Lines that cannot be used are reported together, by
// their number, and the others are returned all the same.
func ReadRows(r io.Reader) ([]Row, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxRow)
	var rows []Row
	var bad []error
	for number := 1; lines.Scan(); number++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var row Row
		err := json.Unmarshal(lines.Bytes(), &row)
		switch {
		case err != nil:
			bad = append(bad, fmt.Errorf("line %d: not a JSON row: %w", number, err))
		case row.Text == "" || row.Label == "":
			bad = append(bad, fmt.Errorf("line %d: text or label is missing", number))
		default:
			rows = append(rows, row)
		}
	}
	if err := lines.Err(); err != nil {
		bad = append(bad, fmt.Errorf("read rows: %w", err))
	}
	return rows, errors.Join(bad...)
}

// Examples are the rows as something to learn from.
func Examples(rows []Row) []intents.Example {
	out := make([]intents.Example, len(rows))
	for i, row := range rows {
		out[i] = intents.Example{Label: row.Label, Text: row.Text}
	}
	return out
}
