package zh

import "strings"

// Locale is a BCP 47 tag of a language we answer in. The zero value means "not known".
type Locale string

// The three locales that replies are written in.
const (
	LocaleHans Locale = "zh-Hans"
	LocaleTW   Locale = "zh-Hant-TW"
	LocaleHK   Locale = "zh-Hant-HK"
)

// Script returns Hans or Hant, and None for a locale that is not one of ours.
func (l Locale) Script() Script {
	switch l {
	case LocaleHans:
		return Hans
	case LocaleTW, LocaleHK:
		return Hant
	}
	return None
}

// maxTag bounds what ParseLocale reads: the longest tag in use has fewer than 20 bytes.
const maxTag = 64

// localeOfSubtag gives the locale a script or region subtag stands for. A script
// decides before a region, because "zh-Hans-HK" asks for Simplified.
var localeOfSubtag = map[string]Locale{
	"hans": LocaleHans, "cn": LocaleHans, "sg": LocaleHans, "my": LocaleHans,
	"hant": LocaleTW, "tw": LocaleTW,
	"hk": LocaleHK, "mo": LocaleHK,
}

// ParseLocale reads the locale of an app or browser: "zh-CN", "zh_TW", "zh-Hant-HK",
// "yue", "zh-Hans-MY.UTF-8". It reports false for every language but Chinese and for
// malformed tags. Plain "zh" is Simplified, as CLDR has it.
func ParseLocale(tag string) (Locale, bool) {
	if len(tag) > maxTag {
		return "", false
	}
	tag, _, _ = strings.Cut(strings.TrimSpace(tag), ".")
	subtags := strings.FieldsFunc(strings.ToLower(tag), func(r rune) bool { return r == '-' || r == '_' })
	if len(subtags) == 0 {
		return "", false
	}
	var locale Locale
	switch subtags[0] {
	case "zh", "cmn":
		locale = LocaleHans
	case "yue":
		locale = LocaleHK
	default:
		return "", false
	}
	return refine(locale, subtags[1:]), true
}

// refine applies script and region subtags; unknown ones are ignored.
func refine(locale Locale, subtags []string) Locale {
	var script, region Locale
	for _, s := range subtags {
		switch l, ok := localeOfSubtag[s]; {
		case !ok:
		case len(s) == 4:
			script = l
		default:
			region = l
		}
	}
	switch {
	case script == LocaleTW && region == LocaleHK:
		return LocaleHK
	case script != "":
		return script
	case region != "":
		return region
	}
	return locale
}

// Choose decides the locale of a reply: what the user explicitly asked for, else
// the majority of the telling characters of this message, else the locale of the
// last reply, else that of the app, else Traditional with Taiwan wording. Within
// Traditional the region follows the wording of the message, else last, else app.
// Values that are not one of our locales count as not known.
func Choose(explicit, last, app Locale, d Detection) Locale {
	if explicit.Script() != None {
		return explicit
	}
	switch {
	case d.Hans > d.Hant:
		return LocaleHans
	case d.Hant > d.Hans:
		return traditional(d.Region, last, app)
	}
	for _, known := range []Locale{last, app} {
		switch known.Script() {
		case Hans:
			return LocaleHans
		case Hant:
			return traditional(d.Region, known, app)
		}
	}
	return traditional(d.Region)
}

// traditional picks the Traditional locale of a region, else the first one known.
func traditional(region Region, known ...Locale) Locale {
	switch region {
	case RegionHK:
		return LocaleHK
	case RegionTW:
		return LocaleTW
	}
	for _, l := range known {
		if l.Script() == Hant {
			return l
		}
	}
	return LocaleTW
}
