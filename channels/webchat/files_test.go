package webchat_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/webchat"
	"verihelp/internal/chat"
)

func form(t *testing.T, hello, name string, content []byte) (body *bytes.Buffer, kind string) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	require.NoError(t, w.WriteField("hello", hello))
	file, err := w.CreateFormFile("file", name)
	require.NoError(t, err)
	_, err = file.Write(content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return body, w.FormDataContentType()
}

func helloOf(secret string) map[string]any {
	return map[string]any{"kind": "hello", "secret": secret, "locale": "zh-CN"}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	require.NoError(t, err)
	return string(data)
}

// upload sends a file as a client does.
func upload(t *testing.T, url, secret, name string, content []byte) (status int, answer struct {
	Kind, Code, Text string
	RetryAfter       int `json:"retry_after"`
	File             chat.File
}) {
	t.Helper()
	body, kind := form(t, jsonOf(t, helloOf(secret)), name, content)
	resp, err := http.Post(url+"/chat/upload", kind, body)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
	return resp.StatusCode, answer
}

func TestAFileGoesToStaffAndBack(t *testing.T) {
	s := newService(t, webchat.Config{Burst: 100})
	ann, bob := newSecret(t, s.server.URL), newSecret(t, s.server.URL)
	status, kept := upload(t, s.server.URL, ann, `..\..\C:/x/截圖.png`, []byte("pixels"))
	require.Equal(t, http.StatusOK, status)
	assert.Equal(t, "file", kept.Kind)
	assert.EqualValues(t, 6, kept.File.Size)
	assert.Equal(t, "截圖.png", kept.File.Name)

	c := connect(t, s.server.URL, ann, 0)
	c.send(map[string]any{"kind": "message", "id": "m1", "files": []string{kept.File.ID, ""}})
	item := c.items(0, 1)[0]
	assert.Equal(t, []chat.File{kept.File, {}}, s.Received()[0].Files, "a refused one is told, too")
	assert.Equal(t, kept.File.ID, item.Files[0].ID)

	resp := post(t, s.server.URL+"/chat/file", map[string]any{"hello": helloOf(ann), "file": kept.File.ID})
	content, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, "pixels", string(content))
	assert.Equal(t, "image/png", resp.Header.Get("Content-Type"))
	assert.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"))
	assert.Equal(t, "no-store", resp.Header.Get("Cache-Control"))
	assert.True(t, strings.HasPrefix(resp.Header.Get("Content-Disposition"), "attachment; filename*=utf-8''"), resp.Header.Get("Content-Disposition"))
	assert.Contains(t, resp.Header.Get("Content-Security-Policy"), "sandbox")

	// Nobody else opens it, or sends it as theirs.
	resp = post(t, s.server.URL+"/chat/file", map[string]any{"hello": helloOf(bob), "file": kept.File.ID})
	assert.Equal(t, http.StatusNotFound, resp.StatusCode)
	assert.Equal(t, "unknown_file", answerOf(t, resp).Code)
	other := connect(t, s.server.URL, bob, 0)
	other.send(map[string]any{"kind": "message", "id": "m1", "text": "我的", "files": []string{kept.File.ID}})
	refused := other.refusal()
	assert.Equal(t, "unknown_file", refused.Code)
	assert.Equal(t, "m1", refused.ID)
	assert.Len(t, s.Received(), 1)
}

// closed is an inbox whose files can be named, but not read.
type closed struct{ *channelstest.FakeInbox }

func (closed) OpenFile(context.Context, chat.Address, string) (chat.File, []byte, error) {
	return chat.File{}, nil, channelstest.ErrTold
}

func TestAMessageThatNamesFilesDoesNotReadThem(t *testing.T) {
	fake := channelstest.NewFakeInbox(t)
	s := newServiceWith(t, webchat.Config{Burst: 100}, fake, closed{fake})
	secret := newSecret(t, s.server.URL)
	_, kept := upload(t, s.server.URL, secret, "畫面.png", make([]byte, 1<<20))
	c := connect(t, s.server.URL, secret, 0)
	c.send(map[string]any{"kind": "message", "id": "m1", "files": []string{kept.File.ID}})
	c.ack("m1")
	assert.Equal(t, []chat.File{kept.File}, s.Received()[0].Files)
}

// refusing is an inbox that takes no files now.
type refusing struct{ *channelstest.FakeInbox }

func (refusing) KeepFile(context.Context, chat.Address, string, io.Reader) (chat.File, error) {
	return chat.File{}, chat.ErrFileRefused
}

// endless is a body that does not end and counts what is read of it.
type endless struct{ read atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) { e.read.Add(int64(len(p))); return len(p), nil }

func TestFilesThatAreNotTaken(t *testing.T) {
	s := newService(t, webchat.Config{Burst: 100})
	secret := newSecret(t, s.server.URL)
	status, answer := upload(t, s.server.URL, secret, "空.png", nil)
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Equal(t, "file_empty", answer.Code)
	assert.Contains(t, answer.Text, "这个文件是空的", "in the script of the hello")
	status, answer = upload(t, s.server.URL, secret, "大.png", make([]byte, chat.MaxFile+1))
	assert.Equal(t, http.StatusRequestEntityTooLarge, status)
	assert.Equal(t, "file_too_big", answer.Code)
	status, answer = upload(t, s.server.URL, "bm8", "x.png", []byte("x"))
	assert.Equal(t, http.StatusUnauthorized, status)
	assert.Equal(t, "bad_secret", answer.Code)

	huge := &endless{}
	req, err := http.NewRequest(http.MethodPost, s.server.URL+"/chat/upload", huge)
	require.NoError(t, err)
	req.ContentLength = 1 << 40
	resp, err := http.DefaultClient.Do(req)
	if err == nil { // the answer was faster than the break
		assert.Equal(t, http.StatusRequestEntityTooLarge, resp.StatusCode)
		_ = resp.Body.Close()
	}
	assert.Less(t, huge.read.Load(), int64(64<<20), "nobody reads what is too large from the beginning")

	for name, body := range map[string]string{
		"no form": "x", "a form of another kind": "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b--",
		"half a form": "--b\r\nContent-Disposition: form-data; name=\"hello\"\r\n\r\n" + jsonOf(t, helloOf(secret)),
		"no file":     "--b\r\nContent-Disposition: form-data; name=\"hello\"\r\n\r\n" + jsonOf(t, helloOf(secret)) + "\r\n--b--",
	} {
		resp, err := http.Post(s.server.URL+"/chat/upload", "multipart/form-data; boundary=b", strings.NewReader(body))
		require.NoError(t, err, name)
		assert.Equal(t, http.StatusBadRequest, resp.StatusCode, name)
		require.NoError(t, resp.Body.Close())
	}
	for name, files := range map[string]any{"a path": []string{"../1"}, "many": []string{"1", "2", "3", "4", "5", "6"}, "one twice": []string{"1", "", "", "1"}, "no list": "1"} {
		c := connect(t, s.server.URL, secret, 0)
		c.send(map[string]any{"kind": "message", "id": "m", "text": "x", "files": files})
		assert.Equal(t, "bad_frame", c.refusal().Code, name)
	}
}

func TestFilesOfAConversationThatTakesNone(t *testing.T) {
	fake := channelstest.NewFakeInbox(t)
	s := newServiceWith(t, webchat.Config{Burst: 100}, fake, refusing{fake})
	status, answer := upload(t, s.server.URL, newSecret(t, s.server.URL), "x.png", make([]byte, 4<<20))
	assert.Equal(t, http.StatusForbidden, status, "the refusal arrives although nothing was read")
	assert.Equal(t, "file_refused", answer.Code)
	assert.Zero(t, answer.RetryAfter)
}

// slow is an inbox that keeps a file when it is told to.
type slow struct {
	*channelstest.FakeInbox
	begun, goOn chan struct{}
}

func (s slow) KeepFile(ctx context.Context, who chat.Address, name string, body io.Reader) (chat.File, error) {
	s.begun <- struct{}{}
	select {
	case <-s.goOn:
	case <-ctx.Done():
	}
	return s.FakeInbox.KeepFile(ctx, who, name, body)
}

func TestOneUploadAtATime(t *testing.T) {
	fake := channelstest.NewFakeInbox(t)
	inbox := slow{fake, make(chan struct{}), make(chan struct{})}
	s := newServiceWith(t, webchat.Config{Burst: 100}, fake, inbox)
	secret := newSecret(t, s.server.URL)
	first := make(chan int)
	go func() {
		status, _ := upload(t, s.server.URL, secret, "1.png", []byte("1"))
		first <- status
	}()
	<-inbox.begun
	status, answer := upload(t, s.server.URL, secret, "2.png", []byte("2"))
	assert.Equal(t, http.StatusTooManyRequests, status)
	assert.Equal(t, "rate_limited", answer.Code)
	assert.Positive(t, answer.RetryAfter)
	inbox.goOn <- struct{}{}
	assert.Equal(t, http.StatusOK, <-first)
	go func() { <-inbox.begun; inbox.goOn <- struct{}{} }()
	status, _ = upload(t, s.server.URL, secret, "2.png", []byte("2"))
	assert.Equal(t, http.StatusOK, status)
}

func TestUploadsOfOtherOriginsAreAskedForFirst(t *testing.T) {
	s := newService(t, webchat.Config{Origins: []string{"https://app.example"}})
	for origin, want := range map[string]int{"https://app.example": http.StatusNoContent, "https://evil.example": http.StatusForbidden} {
		req, err := http.NewRequest(http.MethodOptions, s.server.URL+"/chat/upload", nil)
		require.NoError(t, err)
		req.Header.Set("Origin", origin)
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		assert.Equal(t, want, resp.StatusCode)
		require.NoError(t, resp.Body.Close())
	}
}
