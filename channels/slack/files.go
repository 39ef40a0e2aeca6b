package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/slack-go/slack"

	"verihelp/internal/chat"
)

// errLoginPage means that Slack gave its login page instead of a file: it does so,
// with status 200, where the token may not read it.
var errLoginPage = errors.New("the app may not read the file: is the scope files:read granted?")

// takeFiles fetches the files of a staff message and keeps them for the user.
func (d *Desk) takeFiles(ctx context.Context, caseID string, shared []sharedFile) ([]chat.File, error) {
	var kept []chat.File
	for _, f := range shared {
		if f.Mode == "tombstone" { // deleted
			continue
		}
		file, err := d.takeFile(ctx, caseID, f)
		if err != nil {
			return nil, err
		}
		kept = append(kept, file)
	}
	return kept, nil
}

func (d *Desk) takeFile(ctx context.Context, caseID string, f sharedFile) (chat.File, error) {
	in, err := d.inbox()
	if err != nil {
		return chat.File{}, err
	}
	if f.Size > chat.MaxFile {
		return chat.File{}, chat.ErrFileTooBig
	}
	body := &limited{left: chat.MaxFile}
	if err := d.slack.api.GetFileContext(ctx, f.URL, body); err != nil {
		return chat.File{}, fmt.Errorf("fetch file from Slack: %w", err)
	}
	if strings.HasPrefix(http.DetectContentType(body.Bytes()), "text/html") {
		return chat.File{}, errLoginPage
	}
	return in.KeepCaseFile(ctx, caseID, f.Name, bytes.NewReader(body.Bytes()))
}

// limited is a buffer that refuses more than a file may have.
type limited struct {
	bytes.Buffer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, chat.ErrFileTooBig
	}
	return l.Buffer.Write(p)
}

// filesOf adds the files of an item, each as a message in the thread.
func (b *builder) filesOf(item chat.Item) {
	for _, f := range item.Files {
		b.file(f)
	}
}

func fileReceipt(id string) string { return "file:" + id }

// file adds an upload. It cannot carry our own ID: the file's ID, which Slack gives
// before anything is shown, is noted instead.
func (b *builder) file(f chat.File) {
	d, caller, id := b.desk, b.caller(), b.id()
	caseID := b.dl.Update.Case.ID
	key := noteUpload + caseID + "/" + id
	b.parts = append(b.parts, part{id: id, do: func(ctx context.Context, t thread) (string, error) {
		if err := d.slack.turnToPost(ctx, caller, t.Channel); err != nil {
			return "", err
		}
		in, err := d.inbox()
		if err != nil {
			return "", err
		}
		_, body, err := in.OpenCaseFile(ctx, caseID, f.ID)
		switch {
		case errors.Is(err, chat.ErrUnknownFile):
			gone := line(wordsFileGone, f.Name)
			gone.id = id
			return d.slack.post(ctx, t.place(), gone)
		case err != nil:
			return "", fmt.Errorf("open file: %w", err)
		}
		fileID, err := d.slack.upload(ctx, t.place(), f.Name, body, func(fileID string) error { return d.Notes.SetNote(ctx, key, fileID) })
		if err != nil {
			return "", err
		}
		return fileReceipt(fileID), d.Notes.SetNote(ctx, key, "")
	}})
}

// upload shows a file in a thread. begun gets the file's ID before it can appear.
func (c *client) upload(ctx context.Context, to place, name string, body []byte, begun func(id string) error) (string, error) {
	target, err := c.api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: name, FileSize: len(body)})
	if err != nil {
		return "", definite(c.obey(c.postsOf(to.channel), err))
	}
	if err := c.api.UploadToURL(ctx, slack.UploadToURLParameters{UploadURL: target.UploadURL, Reader: bytes.NewReader(body), Filename: name}); err != nil {
		return "", definite(explain(err))
	}
	if err := begun(target.FileID); err != nil {
		return "", fmt.Errorf("note upload: %w", err)
	}
	_, err = c.api.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{
		Files: []slack.FileSummary{{ID: target.FileID, Title: clean(name)}}, Channel: to.channel, ThreadTimestamp: to.ts,
	})
	return target.FileID, c.obey(c.postsOf(to.channel), err)
}
