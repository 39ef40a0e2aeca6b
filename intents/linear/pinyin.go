package linear

import (
	"strings"
	"sync"

	"github.com/mozillazg/go-pinyin"
)

// accents are the letters of pinyin that carry a tone, each before its plain form.
const accents = "āaáaǎaàaēeéeěeèeêeếeềeīiíiǐiìiōoóoǒoòoūuúuǔuùuüvǖvǘvǚvǜvńnňnǹnḿm"

// syllables are the sounds of Chinese characters without their tones: homophones
// are the commonest typing error.
type syllables struct {
	first  rune
	sounds []uint32            // by character from first; 0 where there is none
	known  map[string]struct{} // every syllable as it is spelled
}

const longestSyllable = 6 // zhuang, chuang, shuang

var syllableTable = sync.OnceValue(func() *syllables {
	const first, last = 0x3400, 0x9fff
	t := &syllables{first: first, sounds: make([]uint32, last-first+1), known: map[string]struct{}{}}
	plain := plainLetters()
	for code, readings := range pinyin.PinyinDict {
		reading, _, _ := strings.Cut(readings, ",")
		spelled := strings.Map(func(r rune) rune {
			if p, ok := plain[r]; ok {
				return p
			}
			return r
		}, reading)
		t.known[spelled] = struct{}{}
		if code >= first && code <= last {
			t.sounds[code-first] = hashString(spelled)
		}
	}
	return t
})

func plainLetters() map[rune]rune {
	letters := []rune(accents)
	plain := make(map[rune]rune, len(letters)/2)
	for i := 0; i < len(letters); i += 2 {
		plain[letters[i]] = letters[i+1]
	}
	return plain
}

// soundOf returns the syllable of a character, and for one without a reading the
// character itself.
func soundOf(r rune) uint32 {
	t := syllableTable()
	if i := int(r - t.first); i >= 0 && i < len(t.sounds) && t.sounds[i] != 0 {
		return t.sounds[i]
	}
	return hash(uint32(r))
}

// spell appends the syllables of a word typed in pinyin ("renzheng"), longest first
// at each place. It reports false for a word that is not pinyin from end to end.
func spell(out []uint32, word string) ([]uint32, bool) {
	t := syllableTable()
	start := len(out)
	for i := 0; i < len(word); {
		n := min(longestSyllable, len(word)-i)
		for ; n > 0; n-- {
			if _, ok := t.known[word[i:i+n]]; ok {
				break
			}
		}
		if n == 0 {
			return out[:start], false
		}
		out = append(out, hashString(word[i:i+n]))
		i += n
	}
	return out, true
}
