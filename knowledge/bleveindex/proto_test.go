package bleveindex

import (
	"fmt"
	"math"
	"os"
	"sort"
	"testing"

	"verihelp/internal/markdown"
	"verihelp/knowledge"
)

type q struct {
	Ask  string   `yaml:"ask"`
	Want []string `yaml:"want"`
}

func uni(rs []run, m map[string]int) {
	for _, r := range rs {
		if r.class() != han { m[string(r)]++; continue }
		for _, c := range r { m[string(c)]++ }
	}
}
func bi(rs []run, m map[string]int) {
	for _, r := range rs {
		if r.class() != han { m[string(r)]++; continue }
		for i := 0; i+1 < len(r); i++ { m[string(r[i:i+2])]++ }
	}
}

type doc struct{ s *knowledge.Section; f [6]map[string]int; l [6]float64; set map[string]bool }

func TestProto(t *testing.T) {
	lib, err := knowledge.Load(knowledge.Data)
	if err != nil { t.Fatal(err) }
	src, _ := os.ReadFile("testdata/queries.yaml")
	var data struct{ Dev, Test []q }
	if err := markdown.DecodeYAML("q", src, &data); err != nil { t.Fatal(err) }
	var docs []*doc
	df := map[string]int{}
	var avg [6]float64
	for _, s := range lib.Sections() {
		d := &doc{s: s}
		for i, txt := range []string{s.Title, s.Text(), s.Article.Title} {
			d.f[2*i] = map[string]int{}; d.f[2*i+1] = map[string]int{}
			r := runs(fold(txt)); uni(r, d.f[2*i]); bi(r, d.f[2*i+1])
		}
		d.set = map[string]bool{}
		for i := range d.f { for k, n := range d.f[i] { d.l[i] += float64(n); d.set[k] = true }; avg[i] += d.l[i] }
		for k := range d.set { df[k]++ }
		docs = append(docs, d)
	}
	N := float64(len(docs))
	for i := range avg { avg[i] /= N }
	idf := func(k string) float64 { n := float64(df[k]); return math.Log(1 + (N-n+.5)/(n+.5)) }
	boost := [6]float64{1, 2, .5, 1, .15, .3}
	type res struct{ s *knowledge.Section; bm, cov float64 }
	run1 := func(ask string, u float64, tb float64, art bool, mode int) []res {
		rs := runs(stopPhrases.Replace(fold(ask)))
		qu, qb := map[string]int{}, map[string]int{}
		uni(rs, qu); bi(rs, qb)
		var out []res
		for _, d := range docs {
			bm := 0.0
			for i := range d.f {
				qq := qu; if i%2 == 1 { qq = qb }
				for k := range qq {
					tf := float64(d.f[i][k]); if tf == 0 { continue }
					bm += boost[i] * idf(k) * tf * 2.2 / (tf + 1.2*(.25+.75*d.l[i]/avg[i]))
				}
			}
			has := func(k string) float64 {
				if d.f[0][k]+d.f[1][k] > 0 { return 1 }
				if d.f[2][k]+d.f[3][k] > 0 { return tb }
				if art && d.f[4][k]+d.f[5][k] > 0 { return tb }
				return 0
			}
			num, den := 0.0, 0.0
			if mode == 0 {
				for _, r := range rs {
					if r.class() != han {
						k := string(r)
						if r.class() == digit && df[k] == 0 { continue }
						num += has(k) * idf(k); den += idf(k); continue
					}
					for i := range r {
						c := string(r[i]); w := idf(c)
						best := u * has(c)
						if i > 0 { best = max(best, has(string(r[i-1:i+1]))) }
						if i+1 < len(r) { best = max(best, has(string(r[i:i+2]))) }
						num += w * best; den += w
					}
				}
			} else {
				for k := range qb { if df[k]==0 && classOf([]rune(k)[0])==digit {continue}; num += has(k) * idf(k); den += idf(k) }
				for k := range qu { if classOf([]rune(k)[0])!=han {continue}; num += u * has(k) * idf(k); den += u * idf(k) }
			}
			cov := 0.0
			if den > 0 { cov = num / den }
			out = append(out, res{d.s, bm, cov})
		}
		return out
	}
	in := func(id string, w []string) bool { for _, x := range w { if x == id { return true } }; return false }
	for _, mode := range []int{0, 1} { for _, u := range []float64{.2, .35, .5, .7} { for _, tb := range []float64{.7, .85, 1} { for _, art := range []bool{false, true} { for _, order := range []int{0, 1, 2} {
		var r1, r3, n int
		type p struct{ s float64; ok int }
		var ps []p
		for _, x := range data.Dev {
			rs := run1(x.Ask, u, tb, art, mode)
			sort.SliceStable(rs, func(i, j int) bool {
				switch order { case 0: return rs[i].bm > rs[j].bm; case 1: return rs[i].cov > rs[j].cov }
				return rs[i].bm*rs[i].cov > rs[j].bm*rs[j].cov })
			if len(x.Want) > 0 { n++
				if in(rs[0].s.ID, x.Want) { r1++ }
				for i := 0; i < 3; i++ { if in(rs[i].s.ID, x.Want) { r3++; break } }
				k := 2; if in(rs[0].s.ID, x.Want) { k = 1 }
				ps = append(ps, p{rs[0].cov, k})
			} else { ps = append(ps, p{rs[0].cov, 0}) }
		}
		sort.Slice(ps, func(i, j int) bool { return ps[i].s > ps[j].s })
		if mode == 1 && u == .5 && tb == .85 && art && order == 1 {
			for _, set := range [][]q{data.Dev} { for _, x := range set { rs := run1(x.Ask, u, tb, art, mode)
				sort.SliceStable(rs, func(i, j int) bool { return rs[i].cov > rs[j].cov })
				m := "  "; if len(x.Want) == 0 { m = "--" } else if !in(rs[0].s.ID, x.Want) { m = "XX" }
				fmt.Printf("DET %.2f %s %s | %s %s %.2f | %v\n", rs[0].cov, m, x.Ask, rs[0].s.ID, rs[1].s.ID, rs[1].cov, x.Want)
			}}}
		// correct quotes at 0 / 1 / 2 false
		f, w, good := 0, 0, 0; at := [4]int{}; th := [4]float64{}; ww := [4]int{}
		for _, x := range ps { if x.ok == 0 { f++ } else if x.ok == 2 { w++ } else { good++ }
			if f < 4 { at[f] = good; th[f] = x.s; ww[f] = w } }
		fmt.Printf("mode%d u%.2f tb%.2f art%v order%d r@1 %d/%d r@3 %d good@0f %d(w%d,%.2f) @1f %d(w%d,%.2f) @2f %d(w%d,%.2f)\n", mode, u, tb, art, order, r1, n, r3, at[0], ww[0], th[0], at[1], ww[1], th[1], at[2], ww[2], th[2])
	}}}}}
}
