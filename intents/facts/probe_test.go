package facts

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

func TestProbe(t *testing.T) {
	f, _ := os.Open(os.Getenv("PROBE"))
	if f == nil {
		t.Skip()
	}
	s := bufio.NewScanner(f)
	today := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for s.Scan() {
		k := Kind("")
		line := s.Text()
		if p := strings.SplitN(line, "\t", 2); len(p) == 2 {
			line = p[1]
			switch p[0] {
			case "document.validity_short", "document.expired":
				k = Validity
			case "eligibility.underage":
				k = Age
			case "document.address_proof":
				k = ProofAge
			case "eligibility.country":
				k = Place
			}
		}
		fs := Read(line, today)
		show := func(f Fact) string {
			n := "-"
			if f.N != nil {
				n = fmt.Sprint(*f.N)
			}
			x := ""
			if !f.From.IsZero() {
				x = f.From.Format("060102") + "~" + f.To.Format("060102")
			}
			a := ""
			if f.Ambiguous {
				a = "AMB"
			}
			return fmt.Sprintf("[%s %s%s %s %s %s %s]", f.Kind, f.Place, f.PlaceStatus, f.Verdict, n+f.Unit, x, a)
		}
		o := ""
		if d, ok := Decide(fs, k); ok {
			o = show(d)
		}
		all := ""
		for _, f := range fs {
			all += show(f)
		}
		fmt.Printf("%s\n    => %s    all %s\n", line, o, all)
	}
}
