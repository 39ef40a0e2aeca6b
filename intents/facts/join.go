package facts

// joined reads day and year of a birth that stand apart as one date: 3月5號生日，08年的.
// A document or bill between them would make them two.
func (p *parser) joined(all []mention) []mention {
	for i := 0; i+1 < len(all); i++ {
		a, b := all[i], all[i+1]
		w, ok := a.when.with(b.when)
		if !ok || a.shape != shapeDate || b.shape != shapeDate || p.relative(a) || p.relative(b) || !p.oneBirth(a, b) {
			continue
		}
		birth := p.ofBirth(a) || p.ofBirth(b)
		if w.dom == 0 && !birth {
			continue
		}
		all[i].birth = birth
		all[i].when, all[i].to = w, b.to
		all = append(all[:i+1], all[i+2:]...)
	}
	return all
}

// oneBirth reports whether two dates in one clause or in neighbouring ones are said of
// a birth, or of nothing at all.
func (p *parser) oneBirth(a, b mention) bool {
	if p.tokens[b.from].clause-p.tokens[a.from].clause > 1 {
		return false
	}
	from, _ := p.around(a.from)
	_, to := p.around(b.from)
	for _, t := range p.tokens[from:to] {
		switch t.class {
		case "expire", "lapsed", "proof", "issued", "doc", "wait", "ready", "renewed":
			return false
		}
	}
	return true
}

// ofBirth reports whether the clause of a date speaks of a birth.
func (p *parser) ofBirth(m mention) bool {
	c := p.classesAround(m.from)
	after := string(p.text[p.tokens[m.to-1].to:])
	return c["birth"] || c["cohort"] || after == "生" || hasAnyPrefix(after, "生,", "生，", "生 ", "生。", "生的")
}

// with adds the day that one date names to the year that the other does.
func (w when) with(v when) (when, bool) {
	if v.onlyYear() {
		w, v = v, w
	}
	if !w.onlyYear() || v.known || v.month == 0 || len(v.years) > 0 || v.shortYear >= 0 {
		return when{}, false
	}
	w.month, w.dom, w.dom2 = v.month, v.dom, v.dom2
	return w, true
}

// onlyYear reports whether a date is a year and no more.
func (w when) onlyYear() bool {
	return !w.known && w.month == 0 && w.dom == 0 && w.part == "" && (len(w.years) > 0 || w.shortYear >= 0)
}
