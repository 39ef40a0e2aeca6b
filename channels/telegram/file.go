package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"

	"verihelp/internal/chat"
)

// attachment is a file as Telegram names it.
type attachment struct {
	id, name string
	size     int64
}

// attachment is the file of a message, the largest size of a picture; false if it
// has none that is taken.
func (m message) attachment() (attachment, bool) {
	switch {
	case m.kind() != "": // an animation is a document, too
		return attachment{}, false
	case len(m.Photo) > 0:
		best := m.Photo[0]
		for _, p := range m.Photo {
			if p.Width > best.Width {
				best = p
			}
		}
		return attachment{best.FileID, fmt.Sprintf("photo-%d.jpg", m.ID), best.Size}, true
	case m.Document != nil:
		return attachment{m.Document.FileID, chat.CleanText(m.Document.Name), m.Document.Size}, true
	}
	return attachment{}, false
}

// downloadTries is how often a download that breaks off is begun.
const downloadTries = 3

// files keeps the files of messages. One that is refused is told to its sender and
// left out; an error means that they must all be taken again.
func (v visit) files(ctx context.Context, messages []message) ([]chat.File, error) {
	loading, cancel := context.WithTimeout(ctx, v.cfg.DownloadTime)
	defer cancel()
	var kept []chat.File
	for _, m := range messages {
		a, ok := m.attachment()
		if !ok {
			continue
		}
		file, err := v.keep(ctx, loading, a)
		if err == nil {
			kept = append(kept, file)
			continue
		}
		reason := refusedFile(err)
		if reason == "" {
			return nil, fmt.Errorf("keep file: %w", err)
		}
		v.hint(ctx, messages[0], reason)
	}
	return kept, nil
}

var errDownload = errors.New("the file cannot be had from Telegram")

// keep streams a file from Telegram to where attachments are kept. loading ends
// when downloads must be over. Where Telegram wants to be asked later, the error
// says so.
func (v visit) keep(ctx, loading context.Context, a attachment) (chat.File, error) {
	if a.size > chat.MaxFile { // also above what Telegram would hand out (20 MB)
		return chat.File{}, chat.ErrFileTooBig
	}
	var err error
	for try := range downloadTries {
		if try > 0 && !sleep(loading, max(v.cfg.RetryWait, retryAfter(err))) {
			break
		}
		var body io.ReadCloser
		if body, err = v.api.open(loading, v.chat, a.id); err != nil {
			if complains(err, "too big") {
				return chat.File{}, chat.ErrFileTooBig
			}
			continue
		}
		download := &watched{Reader: io.LimitReader(body, chat.MaxFile+1)}
		var file chat.File
		file, err = v.in.KeepFile(ctx, v.who, a.name, download)
		_ = body.Close() // only read
		if err == nil || download.err == nil {
			return file, err
		}
	}
	switch {
	case ctx.Err() != nil:
		return chat.File{}, ctx.Err()
	case retryAfter(err) > 0:
		return chat.File{}, err
	}
	v.cfg.Logger.Warn("file not downloaded", "channel", Name, "err", err)
	return chat.File{}, errDownload
}

// watched tells a download that broke off from a file that was refused.
type watched struct {
	io.Reader
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = unsent(err) // the original one may name the address, with the token
		w.err = err
	}
	return n, err
}

// refusedFile is the key of what the sender of a file is told; empty if the
// trouble is ours.
func refusedFile(err error) string {
	for known, key := range map[error]string{
		chat.ErrFileTooBig: "file.big", chat.ErrFileType: "file.type", chat.ErrFileEmpty: "file.empty",
		chat.ErrFileRefused: "file.refused", chat.ErrFileMany: "file.many", errDownload: "file.again",
	} {
		if errors.Is(err, known) {
			return key
		}
	}
	return ""
}
