package files_test

import (
	"context"
	"sync"
	"time"

	"verihelp/internal/chat"
)

// memory is a files.Store in memory.
type memory struct {
	mu    sync.Mutex
	cases map[chat.Address]*chat.Case
	rows  []row
	fail  error
}

type row struct {
	who         chat.Address
	file        chat.File
	body        []byte
	at, expires time.Time
	byStaff     bool
}

func (m *memory) Conversation(_ context.Context, who chat.Address) (chat.Conversation, error) {
	return chat.Conversation{Address: who, Case: m.cases[who]}, m.fail
}

func (m *memory) SaveFile(_ context.Context, who chat.Address, f chat.File, body []byte, at, expires time.Time, byStaff bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rows = append(m.rows, row{who, f, body, at, expires, byStaff})
	return m.fail
}

func (m *memory) FileInfo(ctx context.Context, who chat.Address, id string, now time.Time) (chat.File, error) {
	f, _, err := m.LoadFile(ctx, who, id, now)
	return f, err
}

func (m *memory) LoadFile(_ context.Context, who chat.Address, id string, now time.Time) (chat.File, []byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.rows {
		if r.who == who && r.file.ID == id && r.expires.After(now) {
			return r.file, r.body, nil
		}
	}
	return chat.File{}, nil, chat.ErrUnknownFile
}

func (m *memory) FilesSince(_ context.Context, who chat.Address, since time.Time) (count int, bytes int64, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.rows {
		if r.who == who && !r.byStaff && !r.at.Before(since) {
			count, bytes = count+1, bytes+r.file.Size
		}
	}
	return count, bytes, nil
}
