package slack_test

import (
	"context"
	"maps"
	"strings"
	"sync"
)

// indexedNotes is a notebook that finds a prefix as fast as a database does: by
// the first two parts of a key.
type indexedNotes struct {
	mu    sync.Mutex
	notes map[string]map[string]string
}

func shelf(key string) string {
	parts := strings.SplitN(key, "/", 3)
	return strings.Join(parts[:min(2, len(parts))], "/")
}

func (n *indexedNotes) Note(_ context.Context, key string) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.notes[shelf(key)][key], nil
}

func (n *indexedNotes) Notes(_ context.Context, prefix string) (map[string]string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return maps.Clone(n.notes[shelf(prefix)]), nil
}

func (n *indexedNotes) SetNote(_ context.Context, key, value string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	at := shelf(key)
	if value == "" {
		delete(n.notes[at], key)
		if len(n.notes[at]) == 0 {
			delete(n.notes, at)
		}
		return nil
	}
	if n.notes[at] == nil {
		n.notes[at] = map[string]string{}
	}
	n.notes[at][key] = value
	return nil
}

// size is the number of bytes of all notes.
func (n *indexedNotes) size() (bytes int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, notes := range n.notes {
		for key, value := range notes {
			bytes += len(key) + len(value)
		}
	}
	return bytes
}
