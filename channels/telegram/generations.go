package telegram

import "sync"

// generations is a map that is bounded: when a generation is full, the one before it
// is forgotten.
type generations[K comparable, V any] struct {
	most          int // entries of a generation
	mu            sync.Mutex
	recent, older map[K]V
}

func newGenerations[K comparable, V any](most int) *generations[K, V] {
	return &generations[K, V]{most: most, recent: map[K]V{}}
}

func (g *generations[K, V]) get(key K) (value V, found bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if value, found = g.recent[key]; !found {
		value, found = g.older[key]
	}
	return value, found
}

func (g *generations[K, V]) put(key K, value V) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.recent) >= g.most {
		g.recent, g.older = map[K]V{}, g.recent
	}
	g.recent[key] = value
}

func (g *generations[K, V]) forget(key K) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.recent, key)
	delete(g.older, key)
}
