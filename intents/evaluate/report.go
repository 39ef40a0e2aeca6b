package evaluate

import (
	"bytes"
	"fmt"
	"io"
)

// Report is what was measured. Shares are from 0 to 1.
type Report struct {
	Rows       int         `json:"rows"`
	Accuracy   float64     `json:"accuracy"`
	Top3       float64     `json:"top3"`
	MacroF1    float64     `json:"macro_f1"`
	Answered   *Answered   `json:"answered,omitempty"`
	Scope      *Scope      `json:"out_of_scope,omitempty"`
	ECE        float64     `json:"ece"`
	TrainingMS float64     `json:"training_ms,omitempty"`
	P50US      float64     `json:"p50_us,omitempty"`
	P99US      float64     `json:"p99_us,omitempty"`
	Confusions []Confusion `json:"confusions,omitempty"`
	Errors     []Error     `json:"errors,omitempty"`
}

// Answered is about what was answered without a question.
type Answered struct {
	Precision float64 `json:"precision"`         // of the answers, those about the right category
	Coverage  float64 `json:"coverage"`          // of the answerable rows, those answered
	Actions   float64 `json:"actions,omitempty"` // of the rows that name actions, those with one of them
}

// Scope is about messages that are not ours.
type Scope struct {
	Recall      float64 `json:"recall"`       // of them, those recognised
	FalseAlarms float64 `json:"false_alarms"` // of all others, those taken for them
}

// Confusion is a label that was taken for another.
type Confusion struct {
	Label string `json:"label"`
	Got   string `json:"got"`
	Rows  int    `json:"rows"`
}

// Error is a row whose best guess is wrong.
type Error struct {
	Text  string  `json:"text"`
	Label string  `json:"label"`
	Got   string  `json:"got"`
	P     float64 `json:"p"`
}

// WriteText writes the report for people; with details also confusions and every
// error.
func (r Report) WriteText(w io.Writer, details bool) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "rows %d\naccuracy %s, among the first three %s\nmacro F1 %s\n", r.Rows, percent(r.Accuracy), percent(r.Top3), percent(r.MacroF1))
	if a := r.Answered; a != nil {
		fmt.Fprintf(&b, "answered without a question: precision %s, coverage %s\n", percent(a.Precision), percent(a.Coverage))
		if a.Actions > 0 {
			fmt.Fprintf(&b, "right action %s\n", percent(a.Actions))
		}
	}
	if s := r.Scope; s != nil {
		fmt.Fprintf(&b, "out of scope: recall %s, false alarms %s\n", percent(s.Recall), percent(s.FalseAlarms))
	}
	fmt.Fprintf(&b, "expected calibration error %s\n", percent(r.ECE))
	if r.TrainingMS > 0 {
		fmt.Fprintf(&b, "training %.0f ms\n", r.TrainingMS)
	}
	if r.P50US > 0 {
		fmt.Fprintf(&b, "time per message: p50 %.1f µs, p99 %.1f µs\n", r.P50US, r.P99US)
	}
	if details {
		r.writeDetails(&b)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (r Report) writeDetails(b *bytes.Buffer) {
	fmt.Fprintln(b, "\nconfusions (label → taken for, rows)")
	for _, c := range r.Confusions {
		fmt.Fprintf(b, "%s → %s  %d\n", c.Label, c.Got, c.Rows)
	}
	fmt.Fprintln(b, "\nerrors (label → taken for, probability, text)")
	for _, e := range r.Errors {
		fmt.Fprintf(b, "%s → %s  %.2f  %s\n", e.Label, e.Got, e.P, e.Text)
	}
}

func percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }
