// Package zh knows the two Chinese scripts: it tells which one a message is
// written in, folds texts to one form for matching, converts our own texts from
// Traditional with Taiwan wording to Simplified or Hong Kong wording, and reads
// the number of a chosen option.
//
// It is used before the classifier (Fold, ParseOrdinal), when the script of a
// reply is decided (Detect, Choose) and when the reply is rendered (Convert).
// Conversion follows OpenCC's dictionaries and its longest-match chains, with our
// own wording on top (overrides/), so that every text is written and reviewed
// once. Folding is cruder and faster than conversion, because it only has to
// make equal what users mean to be equal.
//
// The tables are embedded and built on first use. Every function is safe for
// concurrent use and accepts any input.
package zh

// Script is the writing a text shows.
type Script string

// The scripts that Detect tells apart. Their values are part of the evaluation
// format.
const (
	Hans  Script = "hans"
	Hant  Script = "hant"
	Mixed Script = "mixed" // both, clearly
	None  Script = "none"  // no character that tells
)

// Region is where the wording of a text comes from.
type Region string

// The regions that Detect tells apart; the zero value means unknown.
const (
	RegionUnknown  Region = ""
	RegionTW       Region = "TW"
	RegionHK       Region = "HK"
	RegionMainland Region = "CN"
)
