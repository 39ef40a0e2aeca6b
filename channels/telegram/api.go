package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"verihelp/channels"
)

// Limits of calls.
const (
	callTimeout = 15 * time.Second
	maxAnswer   = 16 << 20 // bytes of an answer; a hundred updates are far below
)

// api calls the Bot API and gives errors the meaning that channels.Remote asks
// for (errors.go).
type api struct {
	bot    *tg.Bot
	client *http.Client
	base   string // with the token: a secret
	files  string // the same, for files
	pauses pauses
}

func newAPI(cfg Config) (*api, error) {
	u, err := url.Parse(cfg.API)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" {
		return nil, errors.New("the address of the Telegram API must look like https://api.telegram.org")
	}
	base := strings.TrimSuffix(cfg.API, "/")
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 32
	transport.IdleConnTimeout = 30 * time.Second // before Telegram closes it: a call into a closing connection has an unknown outcome
	client := &http.Client{
		Timeout:   cfg.PollTimeout + callTimeout,
		Transport: transport,
		// The token stands in the address and must not go anywhere else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	bot, err := tg.New(cfg.Token, tg.WithSkipGetMe(), tg.WithServerURL(base), tg.WithHTTPClient(cfg.PollTimeout, bounded{client}),
		tg.WithErrorsHandler(func(error) {})) // of closing bodies; nothing to be done about them
	if err != nil {
		return nil, errors.New("make Telegram client") // the library's error might name the token
	}
	return &api{
		bot: bot, client: client, base: base + "/bot" + cfg.Token + "/", files: base + "/file/bot" + cfg.Token + "/",
		pauses: pauses{now: cfg.Now, chats: map[int64]time.Time{}, row: map[int64]bool{}},
	}, nil
}

// bounded limits what the library reads of an answer.
type bounded struct{ client *http.Client }

// Do implements the library's HttpClient.
func (b bounded) Do(req *http.Request) (*http.Response, error) {
	resp, err := b.client.Do(req)
	if err == nil {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	}
	return resp, err
}

// call makes one call of the library, about a chat (0 for none).
func (a *api) call(ctx context.Context, chat int64, f func(context.Context) error) error {
	if wait := a.pauses.left(chat); wait > 0 {
		return &channels.RetryLater{Wait: wait, Err: errTooMany}
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	err := meaning(f(ctx))
	if wait := retryAfter(err); wait > 0 {
		a.pauses.add(chat, wait)
	}
	return err
}

// outgoing is a message to be sent.
type outgoing struct {
	text     string
	entities []models.MessageEntity
	buttons  [][]button
	replyTo  int64 // the message that it is about; 0 for none
}

func (o outgoing) reply() *models.ReplyParameters {
	if o.replyTo == 0 {
		return nil
	}
	return &models.ReplyParameters{MessageID: int(o.replyTo), AllowSendingWithoutReply: true}
}

func (o outgoing) markup() models.ReplyMarkup {
	if len(o.buttons) == 0 {
		return nil
	}
	return keyboard{o.buttons}
}

// keyboard and button are written by us, because the library's button always
// carries a second action.
type keyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

var noPreview = &models.LinkPreviewOptions{IsDisabled: tg.True()}

func (a *api) send(ctx context.Context, chat int64, o outgoing) (id int64, err error) {
	err = a.call(ctx, chat, func(ctx context.Context) error {
		sent, err := a.bot.SendMessage(ctx, &tg.SendMessageParams{
			ChatID: chat, Text: o.text, Entities: o.entities, LinkPreviewOptions: noPreview, ReplyMarkup: o.markup(), ReplyParameters: o.reply(),
		})
		if err == nil {
			id = int64(sent.ID)
			a.pauses.through()
		}
		return err
	})
	return id, err
}

// edit replaces a message's text; one that reads so already is left alone.
func (a *api) edit(ctx context.Context, chat, message int64, o outgoing) error {
	err := a.call(ctx, chat, func(ctx context.Context) error {
		_, err := a.bot.EditMessageText(ctx, &tg.EditMessageTextParams{
			ChatID: chat, MessageID: int(message), Text: o.text, Entities: o.entities, LinkPreviewOptions: noPreview, ReplyMarkup: o.markup(),
		})
		return err
	})
	if complains(err, "not modified") {
		return nil
	}
	return err
}

// rekey replaces a message's buttons.
func (a *api) rekey(ctx context.Context, chat, message int64, rows [][]button) error {
	if rows == nil {
		rows = [][]button{}
	}
	err := a.call(ctx, chat, func(ctx context.Context) error {
		_, err := a.bot.EditMessageReplyMarkup(ctx, &tg.EditMessageReplyMarkupParams{ChatID: chat, MessageID: int(message), ReplyMarkup: keyboard{rows}})
		return err
	})
	if complains(err, "not modified") {
		return nil
	}
	return err
}

func (a *api) remove(ctx context.Context, chat, message int64) error {
	err := a.call(ctx, chat, func(ctx context.Context) error {
		_, err := a.bot.DeleteMessage(ctx, &tg.DeleteMessageParams{ChatID: chat, MessageID: int(message)})
		return err
	})
	if complains(err, "to delete not found") {
		return nil
	}
	return err
}

func (a *api) typing(ctx context.Context, chat int64) error {
	return a.call(ctx, chat, func(ctx context.Context) error {
		_, err := a.bot.SendChatAction(ctx, &tg.SendChatActionParams{ChatID: chat, Action: models.ChatActionTyping})
		return err
	})
}

// answerTap ends the waiting of a tapped button; text may be empty.
func (a *api) answerTap(ctx context.Context, chat int64, id, text string) error {
	return a.call(ctx, chat, func(ctx context.Context) error {
		_, err := a.bot.AnswerCallbackQuery(ctx, &tg.AnswerCallbackQueryParams{CallbackQueryID: id, Text: text})
		return err
	})
}

func (a *api) leave(ctx context.Context, chat int64) error {
	return a.call(ctx, chat, func(ctx context.Context) error {
		_, err := a.bot.LeaveChat(ctx, &tg.LeaveChatParams{ChatID: chat})
		return err
	})
}

func (a *api) getMe(ctx context.Context) (me account, err error) {
	err = a.call(ctx, 0, func(ctx context.Context) error {
		user, err := a.bot.GetMe(ctx)
		if err == nil {
			me = account{ID: user.ID, Username: user.Username, JoinGroups: user.CanJoinGroups}
		}
		return err
	})
	return me, err
}

// updates fetches updates from an offset on, which confirms those before it, and
// waits for the first one up to a time.
func (a *api) updates(ctx context.Context, offset int64, wait time.Duration) ([]json.RawMessage, error) {
	if left := a.pauses.left(0); left > 0 {
		return nil, &channels.RetryLater{Wait: left, Err: errTooMany}
	}
	ctx, cancel := context.WithTimeout(ctx, wait+callTimeout)
	defer cancel()
	body, err := json.Marshal(map[string]any{"offset": offset, "limit": window, "timeout": int(wait.Seconds()), "allowed_updates": allowedUpdates})
	if err != nil {
		return nil, fmt.Errorf("encode request: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base+"getUpdates", bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("make request") // the error would name the token
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := bounded{a.client}.Do(req)
	if err != nil {
		return nil, unsent(err)
	}
	defer resp.Body.Close() //nolint:errcheck // only read
	return readUpdates(resp.Body)
}

// allowedUpdates are the kinds of updates that are handled.
var allowedUpdates = []string{"message", "edited_message", "callback_query", "my_chat_member"}

func readUpdates(body io.Reader) ([]json.RawMessage, error) {
	var answer struct {
		OK          bool              `json:"ok"`
		Result      []json.RawMessage `json:"result"`
		Code        int               `json:"error_code"`
		Description string            `json:"description"`
		Parameters  struct {
			RetryAfter int `json:"retry_after"`
		} `json:"parameters"`
	}
	if err := json.NewDecoder(body).Decode(&answer); err != nil {
		return nil, errors.New("read updates: the answer is not complete JSON") // it may hold users' words
	}
	if answer.OK {
		return answer.Result, nil
	}
	return nil, refusal(answer.Code, answer.Description, answer.Parameters.RetryAfter)
}

// open begins the download of a file of a chat; the caller closes it.
func (a *api) open(ctx context.Context, chat int64, fileID string) (io.ReadCloser, error) {
	var path string
	err := a.call(ctx, chat, func(ctx context.Context) error {
		file, err := a.bot.GetFile(ctx, &tg.GetFileParams{FileID: fileID})
		if err == nil {
			path = file.FilePath
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.files+(&url.URL{Path: path}).EscapedPath(), http.NoBody)
	if err != nil {
		return nil, errors.New("make request")
	}
	resp, err := a.client.Do(req)
	if err != nil {
		return nil, unsent(err)
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close() // nothing was read
		return nil, fmt.Errorf("download file: status %d", resp.StatusCode)
	}
	return resp.Body, nil
}

// upload sends a file, as a picture or as a document.
func (a *api) upload(ctx context.Context, chat int64, picture bool, name string, body []byte, caption string) (id int64, err error) {
	err = a.call(ctx, chat, func(ctx context.Context) error {
		file := &models.InputFileUpload{Filename: name, Data: bytes.NewReader(body)}
		var sent *models.Message
		var err error
		if picture {
			sent, err = a.bot.SendPhoto(ctx, &tg.SendPhotoParams{ChatID: chat, Photo: file, Caption: caption})
		} else {
			sent, err = a.bot.SendDocument(ctx, &tg.SendDocumentParams{ChatID: chat, Document: file, Caption: caption})
		}
		if err == nil {
			id = int64(sent.ID)
			a.pauses.through()
		}
		return err
	})
	return id, err
}
