package bot

import (
	"sync"
	"time"

	"verihelp/internal/chat"
	"verihelp/internal/redact"
)

// pieces remembers how many messages in a row may be words of a seed phrase: people
// send it word by word, and no single word looks like a secret. Only sums are kept.
type pieces struct {
	mu  sync.Mutex
	row map[chat.Address]pieceRow
}

type pieceRow struct {
	weight int
	last   time.Time
}

const (
	// hideFrom is the weight (see redact.Piece) from which a row is taken for a phrase.
	// What came before is too little to find the rest.
	hideFrom = 12
	// pieceGap is the longest silence between two words.
	pieceGap = 10 * time.Minute
	// maxRows bounds the memory; beyond it old rows are dropped.
	maxRows = 10_000
)

// masked hides a message that goes on with a phrase sent in pieces.
func (p *pieces) masked(m chat.Message, raw string) chat.Message {
	weight := 0
	if m.Choice == "" {
		weight = redact.Piece(raw)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if weight == 0 {
		delete(p.row, m.From)
		return m
	}
	row := p.row[m.From]
	if m.At.Sub(row.last) > pieceGap {
		row.weight = 0
	}
	row.weight, row.last = row.weight+weight, m.At
	p.remember(m.From, row)
	if row.weight < hideFrom {
		return m
	}
	text, found := redact.Hide()
	m.Text, m.Masked = text, nil
	for _, f := range found {
		m.Masked = append(m.Masked, string(f.Kind))
	}
	return m
}

func (p *pieces) remember(who chat.Address, row pieceRow) {
	if p.row == nil {
		p.row = map[chat.Address]pieceRow{}
	}
	if len(p.row) >= maxRows {
		for other, old := range p.row {
			if row.last.Sub(old.last) > pieceGap {
				delete(p.row, other)
			}
		}
	}
	p.row[who] = row
}
