package zh

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// Detection is what the characters of a text tell of its script and region.
type Detection struct {
	Script     Script
	Hans, Hant int // telling characters: those that only one of the scripts uses
	Region     Region
}

// mixedShare is how many times the rarer script must fit into the other for a text
// to be Mixed at most: one stray character in a long text is a slip of the input
// method, one in four is a habit.
const mixedShare = 3

// Detect counts the characters that only Simplified or only Traditional writers
// use, and the words that only one region uses. Characters that both use, such as
// 台 里 后 只 面 干 云 余 吃, tell nothing.
func Detect(text string) Detection {
	var d Detection
	telling := tellingCharacters()
	words := regionWording()
	var regions [3]int
	for i, r := range text {
		switch telling[r] {
		case Hans:
			d.Hans++
		case Hant:
			d.Hant++
		}
		switch region, _ := words.match(r, text[i:]); Region(region) {
		case RegionTW:
			regions[0]++
		case RegionHK:
			regions[1]++
		case RegionMainland:
			regions[2]++
		}
	}
	d.Script = scriptOf(d.Hans, d.Hant)
	d.Region = regionOf(regions[0], regions[1], regions[2])
	return d
}

func scriptOf(hans, hant int) Script {
	rarer, other := min(hans, hant), max(hans, hant)
	switch {
	case other == 0:
		return None
	case rarer > 0 && rarer*mixedShare >= other:
		return Mixed
	case hans > hant:
		return Hans
	}
	return Hant
}

// regionOf returns the region with the most words, unknown when two are equal.
func regionOf(tw, hk, mainland int) Region {
	switch {
	case tw > hk && tw > mainland:
		return RegionTW
	case hk > tw && hk > mainland:
		return RegionHK
	case mainland > tw && mainland > hk:
		return RegionMainland
	}
	return RegionUnknown
}

// tellingCharacters maps each telling character to its script.
var tellingCharacters = sync.OnceValue(buildTelling)

// buildTelling derives the telling characters from OpenCC's character tables: a
// character tells when conversion must change it and the other script does not have
// it; a Simplified one, moreover, when Traditional writers do not share it.
func buildTelling() map[rune]Script {
	toHans := candidates("opencc/TSCharacters.txt")
	toHant := candidates("opencc/STCharacters.txt")
	shared := sharedCharacters()
	telling := make(map[rune]Script, len(toHans)+len(toHant))
	for r, simplified := range toHans {
		if toHant[r] == "" && !strings.ContainsRune(simplified, r) {
			telling[r] = Hant
		}
	}
	for r, traditional := range toHant {
		if toHans[r] == "" && !strings.ContainsRune(traditional, r) && !strings.ContainsRune(shared, r) {
			telling[r] = Hans
		}
	}
	for _, r := range alwaysHant {
		telling[r] = Hant
	}
	for _, r := range alwaysHans {
		telling[r] = Hans
	}
	return telling
}

// alwaysHant are characters that Simplified keeps for rare uses only (a surname, a
// note of the old scale), so that OpenCC has them on both sides.
const alwaysHant = "於徵"

// alwaysHans are characters that Traditional keeps for rare uses only (么 as a name),
// and that everybody who writes 怎么 and 什么 types.
const alwaysHans = "么"

// everydayTraditional are simplified forms that Traditional writers type as well
// (晒 in Cantonese, 恒 in names of firms), beside those that OpenCC's character
// tables and its Taiwan and Hong Kong variants name.
const everydayTraditional = "晒恒"

// sharedCharacters are the characters that must not tell Simplified: the standards of
// Taiwan and Hong Kong have them although OpenCC's own standard has another form.
func sharedCharacters() string {
	var shared strings.Builder
	shared.WriteString(everydayTraditional)
	for _, file := range []string{"opencc/TWVariants.txt", "opencc/HKVariants.txt"} {
		for _, variants := range entries(read(file)) {
			shared.WriteString(strings.Join(variants, ""))
		}
	}
	return shared.String()
}

// candidates reads a character table with all that a character may become.
func candidates(file string) map[rune]string {
	table := map[rune]string{}
	for word, values := range entries(read(file)) {
		if r, size := utf8.DecodeRuneInString(word); size == len(word) {
			table[r] = strings.Join(values, "")
		}
	}
	return table
}
