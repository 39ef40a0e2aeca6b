package bot

import (
	"hash/maphash"
	"sync"
	"time"
	"unicode/utf8"

	"verihelp/internal/chat"
	"verihelp/internal/redact"
)

// pieces remembers which messages in a row may be parts of a seed phrase: people send
// it word by word or line by line, and no part looks like a secret alone. Words are
// kept as sums under a secret seed only, until the same person has been silent or many
// others have written.
type pieces struct {
	mu     sync.Mutex
	seed   maphash.Seed
	recent map[chat.Address]*pieceRow // written to
	older  map[chat.Address]*pieceRow // the generation before, so that memory is bounded
}

type pieceRow struct {
	words  map[uint64]bool
	last   time.Time
	hidden bool // a message of it was hidden
}

const (
	// hideFrom is how many different words make a phrase, in a message that goes on with
	// earlier ones; alone it takes one more. At most six are kept so: with six of twelve
	// unknown a phrase cannot be found by trying.
	hideFrom = 6
	// leastSentence is the length, in characters, of words that end a hidden row.
	leastSentence = 4
	// pieceGap is the longest silence between two parts.
	pieceGap = 10 * time.Minute
	// maxRows is how many rows a generation holds.
	maxRows = 10_000
)

func newPieces() *pieces {
	return &pieces{seed: maphash.MakeSeed(), recent: map[chat.Address]*pieceRow{}}
}

// masked hides a message that goes on with a phrase sent in parts. Silence ends a row;
// other words end it only after a part of it was hidden (see endHidden).
func (p *pieces) masked(m chat.Message) chat.Message {
	if m.Choice != "" {
		return m
	}
	words := redact.Piece(m.Text, p.seed)
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(words) == 0 {
		p.endHidden(m)
		return m
	}
	row := p.row(m.From, m.At)
	begun := len(row.words) > 0
	for _, w := range words {
		row.words[w] = true
	}
	row.last = m.At
	if len(row.words) < hideFrom || !begun && len(words) == hideFrom {
		return m
	}
	row.hidden = true
	m.Text, m.Masked = redact.Hidden(), []string{string(redact.SeedPhrase)}
	return m
}

// endHidden ends a row that was hidden when an ordinary sentence follows, so that
// single words are understood again.
func (p *pieces) endHidden(m chat.Message) {
	for _, rows := range []map[chat.Address]*pieceRow{p.recent, p.older} {
		if row := rows[m.From]; row != nil && row.hidden && utf8.RuneCountInString(m.Text) >= leastSentence {
			delete(rows, m.From)
		}
	}
}

// row is the one of a person, begun anew after a silence.
func (p *pieces) row(who chat.Address, now time.Time) *pieceRow {
	row := p.recent[who]
	if row == nil {
		row = p.older[who]
	}
	if row == nil || now.Sub(row.last) > pieceGap {
		row = &pieceRow{words: map[uint64]bool{}}
	}
	if len(p.recent) >= maxRows {
		p.recent, p.older = map[chat.Address]*pieceRow{}, p.recent
	}
	p.recent[who] = row
	return row
}
