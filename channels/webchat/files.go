package webchat

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"verihelp/internal/chat"
)

const (
	maxFiles  = 5  // files of one message
	fileRoom  = 32 // files that are in memory at once, on their way to or from clients
	maxUpload = chat.MaxFile + maxHello + 8<<10

	uploadWithin = 2 * time.Minute // for the largest file on a slow phone
	retryUpload  = 2 * time.Second // hint while another upload of the person runs
)

// shownTypes are media types that are named to a browser; anything else is bytes.
var shownTypes = []string{"image/jpeg", "image/png", "image/webp", "application/pdf"}

// serveUpload keeps one file of a person. The body is a form: first a hello, which
// is believed or not before anything of the file is read, then the file.
func (c *Channel) serveUpload(w http.ResponseWriter, r *http.Request, _ netip.Addr) {
	if r.ContentLength > maxUpload {
		refuse(w, r, &refusal{code: codeFileTooBig})
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	form, err := r.MultipartReader()
	if err != nil {
		refuse(w, r, &refusal{code: codeBadFrame})
		return
	}
	stop := c.whileRunning(w)
	hello, refused := helloPart(form)
	stop()
	if refused != nil {
		refuse(w, r, refused)
		return
	}
	c.admit(w, r, hello, func(who person) *refusal {
		defer c.carriedWithin(w)()
		refused := c.upload(w, r, who.who, form)
		_, _ = io.Copy(io.Discard, r.Body) // a browser hears the refusal only after it has sent everything
		if refused != nil {
			refuseIn(w, localeOf(hello.Locale, r), refused)
		}
		return nil
	})
}

func helloPart(form *multipart.Reader) (received, *refusal) {
	part, err := form.NextPart()
	if err != nil || part.FormName() != kindHello {
		return received{}, &refusal{code: codeBadFrame}
	}
	data, err := io.ReadAll(io.LimitReader(part, maxHello+1))
	if err != nil || len(data) > maxHello {
		return received{}, &refusal{code: codeBadFrame}
	}
	hello, refused := decode(data)
	if refused == nil && hello.Kind != kindHello {
		refused = &refusal{code: codeBadFrame}
	}
	return hello, refused
}

func (c *Channel) upload(w http.ResponseWriter, r *http.Request, who chat.Address, form *multipart.Reader) *refusal {
	if limited := c.limitPerson(who); limited != nil {
		return limited
	}
	leave, refused := c.carry(who)
	if refused != nil {
		return refused
	}
	defer leave()
	part, err := form.NextPart()
	if err != nil || part.FormName() != "file" {
		return &refusal{code: codeBadFrame}
	}
	f, err := c.inbox.KeepFile(r.Context(), who, part.FileName(), part)
	if err != nil {
		return c.fileRefusal(err)
	}
	answerJSON(w, http.StatusOK, fileFrame{Kind: "file", File: f})
	return nil
}

// carry takes a place for an upload: each person has one, and all together have
// few, for a file is in memory whole.
func (c *Channel) carry(who chat.Address) (leave func(), _ *refusal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.uploading[who] {
		return nil, &refusal{code: codeRateLimited, retry: retryUpload}
	}
	select {
	case c.carrying <- struct{}{}:
	default:
		return nil, &refusal{code: codeNoRoom, retry: retryRoom}
	}
	c.uploading[who] = true
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.uploading, who)
		<-c.carrying
	}, nil
}

// serveFile sends a file of the person's conversation, theirs or of staff. It is
// never shown by its address: a page gets it with its own proof, as data.
func (c *Channel) serveFile(w http.ResponseWriter, r *http.Request, _ netip.Addr, who person, asked request) *refusal {
	if limited := c.limitPerson(who.who); limited != nil {
		return limited
	}
	select {
	case c.carrying <- struct{}{}:
		defer func() { <-c.carrying }()
	default:
		return &refusal{code: codeNoRoom, retry: retryRoom}
	}
	f, content, err := c.inbox.OpenFile(r.Context(), who.who, asked.File)
	if err != nil {
		return c.fileRefusal(err)
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	if slices.Contains(shownTypes, f.Type) {
		h.Set("Content-Type", f.Type)
	}
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	h.Set("Content-Length", strconv.Itoa(len(content)))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	defer c.carriedWithin(w)()
	_, _ = w.Write(content) // a client that left needs no answer
	return nil
}

// carriedWithin ends what a slow client sends or takes, after uploadWithin or when
// the service stops. The connection may serve further requests, which get their
// own time. A deadline that cannot be set leaves the connection's end.
func (c *Channel) carriedWithin(w http.ResponseWriter) (carried func()) {
	conn := http.NewResponseController(w)
	until := func(at time.Time) {
		_ = conn.SetReadDeadline(at)
		_ = conn.SetWriteDeadline(at)
	}
	until(time.Now().Add(uploadWithin))
	stop := context.AfterFunc(c.ctx, func() { until(time.Now().Add(closeGrace)) })
	return func() {
		if stop() {
			_ = conn.Flush()
			until(time.Time{})
		}
	}
}

// attach finds the files that a message names, each of which must be its sender's.
// An empty name stands for a file that was refused: the bot says why.
func (c *Channel) attach(who chat.Address, ids []string) ([]chat.File, *refusal) {
	ctx, cancel := context.WithTimeout(c.ctx, c.cfg.WriteTimeout)
	defer cancel()
	var files []chat.File
	for _, id := range ids {
		var f chat.File
		if id != "" {
			var err error
			if f, err = c.inbox.FileInfo(ctx, who, id); err != nil {
				return nil, c.fileRefusal(err)
			}
		}
		files = append(files, f)
	}
	return files, nil
}

// fileRefusal is what a sender is told of an error of Inbox.Files.
func (c *Channel) fileRefusal(err error) *refusal {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, chat.ErrFileTooBig), errors.As(err, &tooLarge):
		return &refusal{code: codeFileTooBig}
	case errors.Is(err, chat.ErrFileType):
		return &refusal{code: codeFileType}
	case errors.Is(err, chat.ErrFileEmpty):
		return &refusal{code: codeFileEmpty}
	case errors.Is(err, chat.ErrFileRefused):
		return &refusal{code: codeFileRefused}
	case errors.Is(err, chat.ErrFileMany):
		return &refusal{code: codeFileMany}
	case errors.Is(err, chat.ErrUnknownFile):
		return &refusal{code: codeUnknownFile}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, context.Canceled): // half a file
		return &refusal{code: codeBadFrame}
	}
	c.cfg.Logger.Error("file not kept or opened", "channel", Name, "error", err)
	return &refusal{code: codeTryAgain, retry: retryUpload}
}

// servePreflight lets pages of allowed origins upload with progress, which makes a
// browser ask first.
func (c *Channel) servePreflight(w http.ResponseWriter, _ *http.Request, _ netip.Addr) {
	w.Header().Set("Access-Control-Allow-Methods", http.MethodPost)
	w.Header().Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}

// safeFiles says whether a message may name these files: few, and each once but for
// the empty names of those that were refused.
func safeFiles(ids []string) bool {
	for i, id := range ids {
		if id != "" && (!safe(id) || slices.Contains(ids[:i], id)) {
			return false
		}
	}
	return len(ids) <= maxFiles
}

// fileFrame answers an upload.
type fileFrame struct {
	Kind string    `json:"kind"` // "file"
	File chat.File `json:"file"`
}
