package bot

import (
	"sync"

	"verihelp/internal/chat"
)

// lock keeps what concerns one person in order: a turn and a staff action each
// commit, deliver and post under it, so that what was committed first is shown
// first. The bot's mutex guards the count.
type lock struct {
	sync.Mutex
	users int
}

// hold takes the lock of an address and returns what gives it back.
func (b *Bot) hold(who chat.Address) (release func()) {
	b.mu.Lock()
	l := b.locks[who]
	if l == nil {
		l = &lock{}
		b.locks[who] = l
	}
	l.users++
	b.mu.Unlock()
	l.Lock()
	return func() {
		l.Unlock()
		b.mu.Lock()
		defer b.mu.Unlock()
		if l.users--; l.users == 0 {
			delete(b.locks, who)
		}
	}
}
