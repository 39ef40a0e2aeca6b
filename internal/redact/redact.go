// Package redact takes secrets out of texts: seed phrases, private keys, ID and
// card numbers, one-time codes, passwords, phone numbers and e-mail addresses.
//
// It stands first in the flow: bot.Receive masks a message before anything is
// queued, stored, logged or shown to staff, so that a leak elsewhere has nothing
// to leak. It therefore errs on the side of masking where a check digit or a cue
// word speaks for a secret, and leaves alone what support needs to read: dates,
// amounts, order numbers, UIDs, transaction hashes.
//
// A message is read as glyphs (see parse): full-width forms are narrowed, digits
// of any script become 0–9, invisible characters are skipped. Every detector
// reads glyphs, so none can be evaded by spelling. Times are linear in the text.
package redact

// Kind says what sort of secret was found.
type Kind string

// The kinds of secrets that Mask finds.
const (
	SeedPhrase  Kind = "seed_phrase"
	PrivateKey  Kind = "private_key"
	IDNumber    Kind = "id_number"
	CardNumber  Kind = "card_number"
	OneTimeCode Kind = "one_time_code"
	Password    Kind = "password"
	Phone       Kind = "phone"
	Email       Kind = "email"
)

// kinds orders the findings: the gravest first.
var kinds = []Kind{SeedPhrase, PrivateKey, IDNumber, CardNumber, Password, OneTimeCode, Phone, Email}

// placeholders replace secrets. They hold no letter or digit that a detector
// could take for a new secret, and name the thing as the user would have.
var placeholders = map[Kind]string{
	SeedPhrase:  "〔助記詞〕",
	PrivateKey:  "〔私鑰〕",
	IDNumber:    "〔身分證號〕",
	CardNumber:  "〔卡號〕",
	OneTimeCode: "〔驗證碼〕",
	Password:    "〔密碼〕",
	Phone:       "〔電話〕",
	Email:       "〔電郵〕",
}

// Warn reports whether the sender is to be warned about having sent such a
// thing. Phone numbers and e-mail addresses are masked silently.
func (k Kind) Warn() bool {
	_, known := placeholders[k]
	return known && k != Phone && k != Email
}

// Finding counts the secrets of one kind in a text. It never holds content.
type Finding struct {
	Kind  Kind `json:"kind"`
	Count int  `json:"count"`
}

// maxPasses bounds the search for what only shows once something else is gone.
const maxPasses = 8

// Mask replaces every secret in text by a placeholder such as 〔身分證號〕 and
// tells how many of each kind there were, gravest kind first. A masked text is
// left as it is by a second Mask; bytes outside of secrets, invalid UTF-8
// included, are kept.
func Mask(text string) (masked string, found []Finding) {
	if !suspicious(text) {
		return text, nil
	}
	glyphs := parse(text)
	counts := map[Kind]int{}
	for range maxPasses {
		m := newMarks(glyphs)
		m.detect()
		if len(m.spans) == 0 {
			break
		}
		for _, s := range m.spans {
			counts[s.kind]++
		}
		glyphs = m.collapse()
	}
	if len(counts) == 0 {
		return text, nil
	}
	for _, k := range kinds {
		if counts[k] > 0 {
			found = append(found, Finding{Kind: k, Count: counts[k]})
		}
	}
	return render(text, glyphs), found
}

// detect runs every detector, the gravest kind first: what one has taken, the
// next ones see as a wall.
func (m *marks) detect() {
	m.seedPhrases()
	m.runOnPhrases()
	m.hanPhrases()
	m.privateKeys()
	m.keyStrings()
	m.keyArrays()
	m.emails()
	runs := m.digitRuns()
	m.idNumbers(runs)
	m.cardNumbers(runs)
	m.oneTimeCodes(runs)
	m.passwords()
	m.phones(runs)
}
