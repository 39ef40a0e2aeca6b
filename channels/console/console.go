// Package console is a channel and a desk in one terminal: what a person types
// is the user's message, what begins with / is done by the staff. One person can
// so play a whole case, from the first question to its end.
//
// Console implements channels.Channel (steps 1 and 6 of a message's way), and
// Desk gives the channels.Desk beside it. A goroutine reads the input; Run closes
// the input when it returns, which ends that goroutine wherever the system lets a
// blocked read end (a pipe; at a terminal it ends with the process).
package console

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"verihelp/channels"
	"verihelp/channels/staffwords"
	"verihelp/internal/chat"
)

// Name is the channel's name in addresses.
const Name = "console"

// maxLine is the longest line that is read, in bytes: 20,000 characters fit.
const maxLine = 128 << 10

// Config is what a console is made of.
type Config struct {
	In     io.ReadCloser
	Out    io.Writer
	Locale string           // of the terminal, for the first reply
	Now    func() time.Time // the clock
	NewID  func() string    // unique IDs of messages and actions

	Categories staffwords.Titles // that staff can name
	Location   *time.Location    // of the times that are shown; default UTC
}

// Console is a terminal with one user.
type Console struct {
	Config
	user chat.Address

	mu      sync.Mutex
	choices []chat.Choice // of the last reply
	caseID  string        // the case last seen on the desk
	card    chat.Case
	staffs  int64 // the item that staff wrote last
}

// New makes a console for one new user.
func New(c Config) *Console {
	if c.Location == nil {
		c.Location = time.UTC
	}
	return &Console{Config: c, user: chat.Address{Channel: Name, User: c.NewID()}}
}

var _ channels.Channel = (*Console)(nil)

// Name implements channels.Channel.
func (*Console) Name() string { return Name }

// Address is where replies to the terminal's user go.
func (c *Console) Address() chat.Address { return c.user }

// line is one line of input, or why there is none.
type line struct {
	text string
	err  error
}

// Run implements channels.Channel: it reads lines until the input or the context
// ends. What was typed is answered before the next line is read.
func (c *Console) Run(ctx context.Context, in channels.Inbox) error {
	return c.run(ctx, in, nil)
}

// Talk runs user and staff together, until the input ends or /quit is typed.
func (c *Console) Talk(ctx context.Context, in channels.Inbox, desk channels.DeskInbox) error {
	c.print("說說您遇到的問題；輸入 /help 看指令。\n")
	return c.run(ctx, in, desk)
}

func (c *Console) run(ctx context.Context, in channels.Inbox, desk channels.DeskInbox) error {
	lines := make(chan line)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer c.In.Close() //nolint:errcheck // it was only read
	go c.read(ctx, lines)
	for {
		select {
		case <-ctx.Done():
			return nil
		case l := <-lines:
			switch {
			case errors.Is(l.err, io.EOF):
				return nil
			case l.err != nil:
				return fmt.Errorf("read terminal: %w", l.err)
			}
			if quit := c.handle(ctx, in, desk, l.text); quit {
				return nil
			}
		}
	}
}

// read gives lines until the input ends. A line that is too long is told and
// dropped, so that nothing is cut silently.
func (c *Console) read(ctx context.Context, lines chan<- line) {
	in := bufio.NewReaderSize(c.In, 4<<10)
	for {
		text, tooLong, err := readLine(in)
		if tooLong {
			c.print(fmt.Sprintf("（這一行超過 %d 個位元組，沒有送出；請分成幾行。）\n", maxLine))
			text = ""
		}
		if text != "" {
			select {
			case lines <- line{text: text}:
			case <-ctx.Done():
				return
			}
		}
		if err != nil {
			select {
			case lines <- line{err: err}:
			case <-ctx.Done():
			}
			return
		}
	}
}

func readLine(in *bufio.Reader) (text string, tooLong bool, err error) {
	var b strings.Builder
	for {
		part, err := in.ReadSlice('\n')
		if b.Len()+len(part) > maxLine {
			tooLong = true
		} else {
			b.Write(part)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return clean(b.String()), tooLong, err
		}
	}
}

// clean drops what a terminal or a database should never be sent.
func clean(text string) string {
	text = strings.ToValidUTF8(text, "")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == utf8.RuneError || r == 0x7f {
			return -1
		}
		return r
	}, text))
}

// handle does what one line asks for.
func (c *Console) handle(ctx context.Context, in channels.Inbox, desk channels.DeskInbox, text string) (quit bool) {
	word, rest, _ := strings.Cut(text, " ")
	switch {
	case word == "/quit":
		return true
	case word == "/help":
		c.print(help)
	case strings.HasPrefix(word, "/") && desk != nil:
		c.staff(ctx, desk, word, strings.TrimSpace(rest))
	default:
		c.send(ctx, in, text)
	}
	return false
}

// send gives a message to the inbox. A number takes the choice at its place.
func (c *Console) send(ctx context.Context, in channels.Inbox, text string) {
	m := chat.Message{ID: c.NewID(), From: c.user, Text: text, Locale: c.Locale, At: c.Now()}
	if n, err := strconv.Atoi(text); err == nil {
		c.mu.Lock()
		if n >= 1 && n <= len(c.choices) {
			m.Choice, m.Text = c.choices[n-1].ID, c.choices[n-1].Label
		}
		c.mu.Unlock()
	}
	if err := <-in.Receive(ctx, m); err != nil {
		c.print(fmt.Sprintf("（沒有送出：%v。請再試一次。）\n", err))
	}
}

// Send implements channels.Channel.
func (c *Console) Send(_ context.Context, to chat.Address, items []chat.Item) error {
	if to != c.user {
		return fmt.Errorf("no such user %q on the console", to.User)
	}
	for _, item := range items {
		if item.Kind != chat.FromUser {
			c.show(item)
		}
	}
	return nil
}

// show prints an item as its speaker would be heard.
func (c *Console) show(item chat.Item) {
	var b strings.Builder
	switch item.Kind {
	case chat.FromStaff:
		b.WriteString(item.Agent + said(item, "（客服）▸ ") + "\n")
	case chat.Notice:
		fmt.Fprintf(&b, "── %s\n", item.PlainText())
	default:
		for _, bubble := range item.Reply.Bubbles {
			fmt.Fprintf(&b, "▸ %s\n", strings.ReplaceAll(bubble.Text(), "\n", "\n  "))
		}
	}
	if item.Reply != nil {
		for i, choice := range item.Reply.Choices {
			fmt.Fprintf(&b, "  [%d] %s\n", i+1, choice.Label)
		}
		c.mu.Lock()
		c.choices = item.Reply.Choices
		c.mu.Unlock()
	}
	c.print(b.String())
}

func (c *Console) print(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, _ = io.WriteString(c.Out, text) // a terminal that is gone has nobody to tell
}
