package files

import (
	"regexp"
	"strings"
	"unicode"

	"verihelp/internal/redact"
)

const (
	maxName = 120  // characters of a name, extension included
	maxRead = 1000 // characters of a name that are looked at
)

// extension is what a name ends with, as people see it.
var extension = regexp.MustCompile(`\.[A-Za-z][A-Za-z0-9]{1,4}$`)

// cleanName makes a name that can be shown and stored anywhere: no folders, no
// invisible or turning characters, no secret (people name pictures after the ID
// number on them), and the extension of what the file really is.
func cleanName(name, ext string) string {
	name = strings.ToValidUTF8(name, "")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Join(strings.Fields(strings.Map(plain, name)), " ")
	name, _ = redact.Mask(first(maxRead, name))
	name, _ = redact.Mask(extension.ReplaceAllString(name, "")) // an extension can hide one
	name = first(maxName-len(ext), name)
	if name = strings.Trim(name, ". "); name == "" {
		name = "file"
	}
	return name + ext
}

// plain drops what cannot be seen and replaces what means something to a file
// system or a page.
func plain(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case !unicode.IsPrint(r): // control, format and direction characters, private use
		return -1
	case strings.ContainsRune(`<>:"|?*&`, r):
		return '_'
	}
	return r
}

func first(n int, text string) string {
	if runes := []rune(text); len(runes) > n {
		return string(runes[:n])
	}
	return text
}
