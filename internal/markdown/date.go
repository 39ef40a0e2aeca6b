package markdown

import (
	"fmt"
	"time"

	"go.yaml.in/yaml/v3"
)

// Date is a calendar day of the front matter, written 2025-11-13, at midnight UTC.
// A plain time.Time would accept hours and lose the line of a mistake.
type Date struct{ time.Time }

// UnmarshalYAML reads the day from one scalar.
func (d *Date) UnmarshalYAML(node *yaml.Node) error {
	day, err := time.Parse(time.DateOnly, node.Value)
	if err != nil {
		message := fmt.Sprintf("line %d: cannot unmarshal !!str `%s` into markdown.Date", node.Line, node.Value)
		return &yaml.TypeError{Errors: []string{message}}
	}
	d.Time = day
	return nil
}
