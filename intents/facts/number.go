package facts

import "strings"

// number is a number as written: one value or a range, or the parts of a date.
type number struct {
	class  string // classNumber, classLiteral, or "" for one that says nothing here
	lo, hi float64
	digits int    // characters of the number
	parts  [3]int // of a literal, as written; 0 where missing
	sep    rune
}

func (n number) exact() bool { return n.lo == n.hi }
func (n number) int() int    { return int(n.lo) }

// maxDigits is more than any number here needs; longer ones say nothing.
const maxDigits = 8

// scanNumber reads the number at i, in digits or Chinese numerals, and gives the
// place after it; i when there is none.
func scanNumber(text []rune, i int) (number, int) {
	if isDigit(text[i]) {
		return scanDigits(text, i)
	}
	return scanNumeral(text, i)
}

func scanDigits(text []rune, i int) (number, int) {
	var parts [3]int
	var lengths [3]int
	count, to := 0, i
	n := number{class: classNumber}
	for {
		value, end := readInt(text, to)
		parts[count], lengths[count] = value, end-to
		to, count = end, count+1
		if count == 3 || to+1 >= len(text) || !strings.ContainsRune("-/.~", text[to]) || !isDigit(text[to+1]) ||
			count == 2 && text[to] != n.sep {
			break
		}
		n.sep = text[to]
		to++
	}
	n.digits = lengths[0]
	if i > 0 && (isLatin(text[i-1]) || text[i-1] == '.') || lengths[0] > maxDigits || lengths[1] > 4 || lengths[2] > 4 || unitless(text, to) {
		return number{}, to
	}
	return numberOf(n, parts, lengths, count, text, to), to
}

func readInt(text []rune, i int) (value, end int) {
	for ; i < len(text) && isDigit(text[i]); i++ {
		if value < 1e9 {
			value = value*10 + int(text[i]-'0')
		}
	}
	return value, i
}

// unitless reports whether what follows makes the number no time: 99%, 500u, 3x.
func unitless(text []rune, i int) bool {
	if i >= len(text) {
		return false
	}
	if text[i] == '%' || text[i] == '°' {
		return true
	}
	return isLatin(text[i]) && len(vocab.at(text, i).runes) == 0
}

// numberOf tells 2027-01-05, 20270105, 1.5 and 2-3 apart.
func numberOf(n number, parts, lengths [3]int, count int, text []rune, to int) number {
	n.lo, n.hi = float64(parts[0]), float64(parts[0])
	unit := to < len(text) && strings.ContainsRune("个天周星礼岁 dwmy", text[to])
	switch {
	case count == 1 && lengths[0] == 8:
		y, m, d := parts[0]/10000, parts[0]/100%100, parts[0]%100
		if y < 1900 || y > 2199 || !valid(y, m, d) {
			return number{}
		}
		n.class, n.parts, n.sep = classLiteral, [3]int{y, m, d}, '-'
	case count == 2 && n.sep == '.' && unit && lengths[1] == 1 && parts[0] < 100:
		n.lo += float64(parts[1]) / 10
		n.hi = n.lo
	case count == 2 && (n.sep == '-' || n.sep == '~') && unit && parts[0] < parts[1]:
		n.hi = float64(parts[1])
	case count >= 2:
		n.class, n.parts = classLiteral, parts
	}
	return n
}

var numerals = map[rune]int{'零': 0, '〇': 0, '一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7,
	'八': 8, '九': 9, '两': 2, '俩': 2, '仨': 3, '壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9}

// tens of one character; 幺 and the like are too rare to carry.
var tens = map[rune]int{'廿': 20, '卅': 30, '卌': 40}

var scales = map[rune]int{'十': 10, '拾': 10, '百': 100, '千': 1000}

// scanNumeral reads 一百二十, 二〇二七, 廿三, 十几, 几十, 七八, 半 (as 0.5).
func scanNumeral(text []rune, i int) (number, int) {
	n := number{class: classNumber}
	start := i
	total, current, spread, positional := 0, -1, 0, 0
	for ; i < len(text) && i-start <= maxDigits; i++ {
		r := text[i]
		if r == '、' && current > 0 && positional == 0 && spread == 0 && i+2 < len(text) && numerals[text[i+1]] == current+1 &&
			strings.ContainsRune("个天日周星礼岁十", text[i+2]) {
			continue // 八、九週
		}
		if v, ok := numerals[r]; ok {
			switch {
			case current < 0 || r == '零' && total > 0:
				current = v
			case positional == 0 && current > 0 && v == current+1 && !hasScaleless(text, i+1):
				spread = 1 // 七八, 十七八, 七八十
			default:
				current, positional = current*10+v, positional+1
			}
			continue
		}
		if v, ok := tens[r]; ok && current < 0 && total == 0 {
			total = v
			continue
		}
		if v, ok := scales[r]; ok {
			total, spread, current = total+max(current, boolInt(current < 0))*v, spread*v, -1
			continue
		}
		if vague := r == '几' || r == '数'; vague && current < 0 && !(start > 0 && isDigit(text[start-1])) && nextIsScaleOrUnit(text, i+1) {
			return vagueNumeral(text, start, i, total)
		}
		break
	}
	if i == start {
		return number{}, start
	}
	n.digits = i - start
	n.lo = float64(total + max(current, 0))
	n.hi = n.lo + float64(spread)
	return n, i
}

// hasScaleless reports whether a further numeral follows, as in a year read
// digit by digit (二三四).
func hasScaleless(text []rune, i int) bool {
	if i >= len(text) {
		return false
	}
	_, ok := numerals[text[i]]
	return ok || text[i] == '年'
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func nextIsScaleOrUnit(text []rune, i int) bool {
	return i < len(text) && strings.ContainsRune("十百个天日周星礼岁年号", text[i])
}

// vagueNumeral reads 几 and 数 as two to nine: 几天, 十几天, 几十天, 四十几天.
func vagueNumeral(text []rune, start, i, total int) (number, int) {
	n := number{class: classNumber, lo: float64(total + 1), hi: float64(total + 9)}
	if total == 0 {
		n.lo = 2
	}
	i++
	if v, ok := scales[text[i]]; ok {
		n.lo, n.hi = n.lo*float64(v), float64(n.hi*float64(v))+float64(v-1)
		i++
	}
	n.digits = i - start
	return n, i
}
