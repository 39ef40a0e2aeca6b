package channelstest

import (
	"context"
	"fmt"
	"io"
	"sync"

	"verihelp/internal/chat"
)

// FakeFiles is a channels.Files in memory without any policy but the size. The
// zero value is ready.
type FakeFiles struct {
	filesMu sync.Mutex
	files   map[string]keptFile
}

type keptFile struct {
	who  chat.Address
	file chat.File
	body []byte
}

// KeepFile implements channels.Files.
func (f *FakeFiles) KeepFile(_ context.Context, who chat.Address, name string, body io.Reader) (chat.File, error) {
	data, err := io.ReadAll(io.LimitReader(body, chat.MaxFile+1))
	switch {
	case err != nil:
		return chat.File{}, fmt.Errorf("read file: %w", err)
	case len(data) == 0:
		return chat.File{}, chat.ErrFileEmpty
	case len(data) > chat.MaxFile:
		return chat.File{}, chat.ErrFileTooBig
	}
	f.filesMu.Lock()
	defer f.filesMu.Unlock()
	if f.files == nil {
		f.files = map[string]keptFile{}
	}
	file := chat.File{ID: fmt.Sprintf("file-%d", len(f.files)+1), Name: name, Type: "image/png", Size: int64(len(data))}
	f.files[file.ID] = keptFile{who: who, file: file, body: data}
	return file, nil
}

// FileInfo implements channels.Files.
func (f *FakeFiles) FileInfo(ctx context.Context, who chat.Address, id string) (chat.File, error) {
	file, _, err := f.OpenFile(ctx, who, id)
	return file, err
}

// OpenFile implements channels.Files.
func (f *FakeFiles) OpenFile(_ context.Context, who chat.Address, id string) (chat.File, []byte, error) {
	f.filesMu.Lock()
	defer f.filesMu.Unlock()
	kept, found := f.files[id]
	if !found || kept.who != who {
		return chat.File{}, nil, chat.ErrUnknownFile
	}
	return kept.file, kept.body, nil
}

// FakeNotebook is a channels.Notebook in memory. The zero value is ready; it
// outlives an adapter, as the real one outlives a restart.
type FakeNotebook struct{ notes sync.Map }

// Note implements channels.Notebook.
func (n *FakeNotebook) Note(_ context.Context, key string) (string, error) {
	value, _ := n.notes.Load(key)
	text, _ := value.(string)
	return text, nil
}

// Notes implements channels.Notebook.
func (n *FakeNotebook) Notes(_ context.Context, prefix string) (map[string]string, error) {
	found := map[string]string{}
	n.notes.Range(func(key, value any) bool {
		if k := key.(string); len(k) >= len(prefix) && k[:len(prefix)] == prefix {
			found[k] = value.(string)
		}
		return true
	})
	return found, nil
}

// SetNote implements channels.Notebook.
func (n *FakeNotebook) SetNote(_ context.Context, key, value string) error {
	if value == "" {
		n.notes.Delete(key)
		return nil
	}
	n.notes.Store(key, value)
	return nil
}
