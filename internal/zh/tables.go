package zh

import (
	"embed"
	"sync"
)

// files holds the dictionaries, and beside OpenCC's its licence and notice, so that
// the binary carries them, too.
//
//go:embed opencc overrides
var files embed.FS

// read returns an embedded file. The names are literals of this package, so a
// missing one would be a build that never passed its tests.
func read(name string) string {
	data, err := files.ReadFile(name)
	if err != nil {
		return ""
	}
	return string(data)
}

// load returns a dictionary of all the files, built on first use; the earlier file
// wins where two have the same word.
func load(names ...string) func() *dict {
	return sync.OnceValue(func() *dict {
		texts := make([]string, len(names))
		for i, name := range names {
			texts[i] = read(name)
		}
		return parseDict(texts...)
	})
}

// The dictionaries.
var (
	stCharacters         = load("opencc/STCharacters.txt")
	stPhrases            = load("opencc/STPhrases.txt")
	twVariants           = load("opencc/TWVariants.txt")
	tsCharacters         = load("opencc/TSCharacters.txt")
	tsPhrases            = load("opencc/TSPhrases.txt")
	twPhrasesRev         = load("opencc/TWPhrasesRev.txt")
	twVariantsRev        = load("opencc/TWVariantsRev.txt")
	twVariantsRevPhrases = load("opencc/TWVariantsRevPhrases.txt")
	hkVariants           = load("opencc/HKVariants.txt")
	hkVariantsPhrases    = load("opencc/HKVariantsPhrases.txt")

	hansWording   = load("overrides/hans.txt", "opencc/TWPhrasesRev.txt")
	hkWording     = load("overrides/hk.txt")
	foldWording   = load("overrides/fold.txt")
	regionWording = load("overrides/region.txt")
)

// The conversions. t2s, tw2sp, t2hk, s2tw and s2hk are OpenCC's own and are compared with its
// program in the tests; toHans and toHK put our wording in front.
//
// Two optional parts of OpenCC's configurations are left out: the mapping of
// compatibility ideographs, which our texts do not use, and TSCharactersExt, whose
// characters most fonts cannot show.
var (
	t2s = sync.OnceValue(func() chain {
		return chain{steps: []step{{tsPhrases(), tsCharacters()}}}
	})
	tw2sp = sync.OnceValue(func() chain {
		return chain{segmentation: tsPhrases(), steps: []step{
			{twPhrasesRev(), twVariantsRevPhrases(), twVariantsRev()},
			{tsPhrases(), tsCharacters()},
		}}
	})
	toHans = sync.OnceValue(func() chain {
		return chain{segmentation: tsPhrases(), steps: []step{
			{hansWording(), twVariantsRevPhrases(), twVariantsRev()},
			{tsPhrases(), tsCharacters()},
		}}
	})
	toHK = sync.OnceValue(func() chain {
		return chain{steps: []step{
			{hkWording(), twVariantsRevPhrases(), twVariantsRev()},
			{hkVariantsPhrases(), hkVariants()},
		}}
	})
	s2tw = sync.OnceValue(func() chain { return fromHans(twVariants()) })
	s2hk = sync.OnceValue(func() chain { return fromHans(hkVariants()) })
)

// fromHans is a conversion of Simplified into a region's Traditional.
func fromHans(variants *dict) chain {
	return chain{segmentation: stPhrases(), steps: []step{{stPhrases(), stCharacters()}, {variants}}}
}
