// Package files decides which attachments are kept, and cleans them before they are.
//
// It stands beside step 1 of a message's way: a channel or desk that is sent an
// attachment hands it to the Keeper first, and its message then names the file.
// A file is taken only for a person who will look at it: while a case is open
// whose category allows it. Nothing that a sender says of a file is believed: its
// type follows from its content, and what is stored is made anew from the parts
// that the picture needs, so that places, devices and names in its metadata,
// thumbnails and whatever else was hidden in it never reach the database.
//
// Pixels are never decoded, so that a small file cannot ask for a lot of memory.
package files

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"sync"
	"time"

	"verihelp/channels"
	"verihelp/internal/chat"
)

// Limits of one conversation in a day, and how long a file is kept if the
// operator does not say.
const (
	MostFiles   = 20
	MostBytes   = 60 << 20
	DefaultKeep = 30 * 24 * time.Hour

	day = 24 * time.Hour
)

// Store keeps files with the database, so that every process sees them.
type Store interface {
	// Conversation loads an address's conversation; the zero one if there is none.
	Conversation(ctx context.Context, who chat.Address) (chat.Conversation, error)
	// SaveFile keeps a file from a time until another.
	SaveFile(ctx context.Context, who chat.Address, f chat.File, body []byte, at, expires time.Time, byStaff bool) error
	// FileInfo describes a file of an address that has not expired by now, or
	// returns chat.ErrUnknownFile. LoadFile returns its content, too.
	FileInfo(ctx context.Context, who chat.Address, id string, now time.Time) (chat.File, error)
	LoadFile(ctx context.Context, who chat.Address, id string, now time.Time) (chat.File, []byte, error)
	// FilesSince counts the files of an address since a time, and their bytes.
	FilesSince(ctx context.Context, who chat.Address, since time.Time) (count int, bytes int64, err error)
}

// Config is what a keeper is made of.
type Config struct {
	Store Store
	Takes func(category string) bool // whether files are taken in a case of that category
	NewID func() string              // unique, and not to be guessed
	Now   func() time.Time
	Keep  time.Duration // until a file expires; 0 means DefaultKeep
}

// Keeper checks, cleans and keeps attachments. It is safe for concurrent use.
type Keeper struct {
	Config
	seed  maphash.Seed
	locks [64]sync.Mutex // one person's files are counted and saved one at a time
}

var _ channels.Files = (*Keeper)(nil)

// New makes a keeper.
func New(c Config) (*Keeper, error) {
	if c.Store == nil || c.Takes == nil || c.NewID == nil || c.Now == nil {
		return nil, errors.New("make keeper of files: a part is missing")
	}
	switch {
	case c.Keep == 0:
		c.Keep = DefaultKeep
	case c.Keep < 0:
		return nil, fmt.Errorf("make keeper of files: files cannot be kept for %v; give a time such as 720h", c.Keep)
	}
	return &Keeper{Config: c, seed: maphash.MakeSeed()}, nil
}

// KeepFile implements channels.Files. The policy is asked first, so that nobody
// uploads in vain; body is read up to one byte above chat.MaxFile.
func (k *Keeper) KeepFile(ctx context.Context, who chat.Address, name string, body io.Reader) (chat.File, error) {
	c, err := k.Store.Conversation(ctx, who)
	if err != nil {
		return chat.File{}, fmt.Errorf("keep file: %w", err)
	}
	if c.Case == nil || !k.Takes(c.Case.Category) {
		return chat.File{}, chat.ErrFileRefused
	}
	f, content, err := k.take(name, body)
	if err != nil {
		return chat.File{}, err
	}
	return f, k.saveCounted(ctx, who, f, content)
}

// KeepStaffFile keeps what staff send to a person: checked and cleaned like anything
// else, but neither the category's policy nor the person's day limits it.
func (k *Keeper) KeepStaffFile(ctx context.Context, who chat.Address, name string, body io.Reader) (chat.File, error) {
	f, content, err := k.take(name, body)
	if err != nil {
		return chat.File{}, err
	}
	return f, k.save(ctx, who, f, content, true)
}

// take reads, checks and cleans a file.
func (k *Keeper) take(name string, body io.Reader) (f chat.File, content []byte, err error) {
	data, err := read(body)
	if err != nil {
		return chat.File{}, nil, err
	}
	kept, err := inspect(data)
	if err != nil {
		return chat.File{}, nil, err
	}
	return chat.File{
		ID: k.NewID(), Name: cleanName(name, kept.extension), Type: kept.mediaType,
		Size: int64(len(kept.body)), Width: kept.width, Height: kept.height,
	}, kept.body, nil
}

func read(body io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(body, chat.MaxFile+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read file: %w", err)
	case len(data) == 0:
		return nil, chat.ErrFileEmpty
	case len(data) > chat.MaxFile:
		return nil, chat.ErrFileTooBig
	}
	return data, nil
}

// saveCounted keeps a file if the day's limits allow it. Uploads of one person at the
// same time wait for each other, so that none slips past the count; another
// process may let one more in.
func (k *Keeper) saveCounted(ctx context.Context, who chat.Address, f chat.File, body []byte) error {
	lock := &k.locks[maphash.Comparable(k.seed, who)%uint64(len(k.locks))]
	lock.Lock()
	defer lock.Unlock()
	count, bytes, err := k.Store.FilesSince(ctx, who, k.Now().Add(-day))
	if err != nil {
		return fmt.Errorf("keep file: %w", err)
	}
	if count >= MostFiles || bytes+f.Size > MostBytes {
		return chat.ErrFileMany
	}
	return k.save(ctx, who, f, body, false)
}

func (k *Keeper) save(ctx context.Context, who chat.Address, f chat.File, body []byte, byStaff bool) error {
	now := k.Now()
	if err := k.Store.SaveFile(ctx, who, f, body, now, now.Add(k.Keep), byStaff); err != nil {
		return fmt.Errorf("keep file: %w", err)
	}
	return nil
}

// FileInfo implements channels.Files.
func (k *Keeper) FileInfo(ctx context.Context, who chat.Address, id string) (chat.File, error) {
	f, err := k.Store.FileInfo(ctx, who, id, k.Now())
	if err != nil {
		return chat.File{}, fmt.Errorf("describe file: %w", err)
	}
	return f, nil
}

// OpenFile implements channels.Files.
func (k *Keeper) OpenFile(ctx context.Context, who chat.Address, id string) (chat.File, []byte, error) {
	f, body, err := k.Store.LoadFile(ctx, who, id, k.Now())
	if err != nil {
		return chat.File{}, nil, fmt.Errorf("open file: %w", err)
	}
	return f, body, nil
}
