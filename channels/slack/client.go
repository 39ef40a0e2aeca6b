package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"verihelp/channels"
)

// Limits that Slack sets for a whole workspace (tier 3: 50 calls a minute).
const (
	tierThree      = 1200 * time.Millisecond
	tierThreeBurst = 10
	maxAnswer      = 16 << 20 // bytes of an answer that are read
	metadataType   = "verihelp"
)

// client is Slack's web API with its limits obeyed and its errors explained.
type client struct {
	api       *slack.Client
	config    Config
	updates   *pace
	reactions *pace

	mu    sync.Mutex
	posts map[string]*pace // by channel
}

func newClient(c Config) *client {
	options := []slack.Option{slack.OptionHTTPClient(c.HTTP)}
	if c.AppToken != "" {
		options = append(options, slack.OptionAppLevelToken(c.AppToken))
	}
	if c.API != "" {
		options = append(options, slack.OptionAPIURL(c.API))
	} else {
		c.API = slack.APIURL
	}
	every := min(tierThree, c.PostEvery)
	if c.PostEvery >= time.Second {
		every = tierThree
	}
	return &client{
		api: slack.New(c.BotToken, options...), config: c, posts: map[string]*pace{},
		updates: newPace(every, tierThreeBurst), reactions: newPace(every, tierThreeBurst),
	}
}

// place is a message: ts is its ID in the channel.
type place struct{ channel, ts string }

// post is a message of ours.
type post struct {
	text      string // for notifications and screen readers; plain, escaped when sent
	blocks    []slack.Block
	id        string // our own, to find it again
	broadcast bool   // shown in the channel, too
}

func (p post) options() []slack.MsgOption {
	options := []slack.MsgOption{
		slack.MsgOptionText(p.text, true), slack.MsgOptionBlocks(p.blocks...),
		slack.MsgOptionParse(false), slack.MsgOptionDisableMarkdown(),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
	if p.id != "" {
		options = append(options, slack.MsgOptionMetadata(slack.SlackMetadata{
			EventType: metadataType, EventPayload: map[string]any{"id": p.id},
		}))
	}
	if p.broadcast {
		options = append(options, slack.MsgOptionBroadcast())
	}
	return options
}

// turnToPost waits until a post in a channel is allowed.
func (c *client) turnToPost(ctx context.Context, caller, channel string) error {
	return c.postsOf(channel).wait(ctx, caller)
}

func (c *client) postsOf(channel string) *pace {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.posts[channel]
	if p == nil {
		p = newPace(c.config.PostEvery, postBurst)
		c.posts[channel] = p
	}
	return p
}

// post sends a message, into a thread if the place has one. Its turn has come.
func (c *client) post(ctx context.Context, to place, p post) (ts string, err error) {
	options := p.options()
	if to.ts != "" {
		options = append(options, slack.MsgOptionTS(to.ts))
	}
	_, ts, err = c.api.PostMessageContext(ctx, to.channel, options...)
	return ts, c.obey(c.postsOf(to.channel), err)
}

// update writes a message of ours anew. Its turn has come. Doing it twice changes
// nothing.
func (c *client) update(ctx context.Context, at place, p post) error {
	_, _, _, err := c.api.UpdateMessageContext(ctx, at.channel, at.ts, p.options()...)
	return c.obey(c.updates, err)
}

// react puts an emoji under a message. Doing it twice changes nothing, nor does it
// matter that the message is gone.
func (c *client) react(ctx context.Context, caller string, at place, emoji string) error {
	if err := c.reactions.wait(ctx, caller); err != nil {
		return err
	}
	return c.reactNow(ctx, at, emoji)
}

// reactNow is react for a turn that has come.
func (c *client) reactNow(ctx context.Context, at place, emoji string) error {
	err := c.api.AddReactionContext(ctx, emoji, slack.NewRefToMessage(at.channel, at.ts))
	switch slackCode(err) {
	case "already_reacted", "message_not_found", "too_many_reactions", "thread_locked":
		return nil
	}
	return c.obey(c.reactions, err)
}

// obey keeps silent for as long as Slack asks, and explains the error.
func (c *client) obey(p *pace, err error) error {
	err = explain(err)
	var later *channels.RetryLater
	if errors.As(err, &later) {
		p.pause(later.Wait)
	}
	return err
}

// whisper shows something to one agent only. It may get lost: whatever must be
// seen has a reaction, too.
func (c *client) whisper(ctx context.Context, thread place, user string, p post) error {
	options := p.options()
	if thread.ts != "" {
		options = append(options, slack.MsgOptionTS(thread.ts))
	}
	_, err := c.api.PostEphemeralContext(ctx, thread.channel, user, options...)
	return explain(err)
}

// page is an answer with messages. The library's own types refuse a whole page
// for one block that they do not know; a staff message must not be lost for that.
type page struct {
	OK       bool      `json:"ok"`
	Error    string    `json:"error"`
	Messages []message `json:"messages"`
	Next     struct {
		Cursor string `json:"next_cursor"`
	} `json:"response_metadata"`
}

// manner is what a reader does when Slack asks it to wait.
type manner bool

const (
	atOnce    manner = false // gives up: a caller waits for the answer
	patiently manner = true  // waits: many pages are read, and none twice
)

// replies calls each with every message of a thread from oldest on, in order.
func (c *client) replies(ctx context.Context, how manner, thread place, oldest string, each func(message)) error {
	return c.pages(ctx, how, "conversations.replies", url.Values{
		"channel": {thread.channel}, "ts": {thread.ts}, "oldest": {oldest}, "inclusive": {"true"},
	}, each)
}

// history calls each with the channel's top messages from oldest on, newest first.
func (c *client) history(ctx context.Context, how manner, channel, oldest string, each func(message)) error {
	return c.pages(ctx, how, "conversations.history", url.Values{"channel": {channel}, "oldest": {oldest}, "inclusive": {"true"}}, each)
}

const (
	pageSize = "999" // the most that Slack gives
	maxPages = 100
)

func (c *client) pages(ctx context.Context, how manner, method string, values url.Values, each func(message)) error {
	values.Set("limit", pageSize)
	values.Set("include_all_metadata", "true")
	for range maxPages {
		p, err := c.page(ctx, method, values)
		var limited *slack.RateLimitedError
		for how == patiently && errors.As(err, &limited) && sleep(ctx, limited.RetryAfter) {
			p, err = c.page(ctx, method, values)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", method, explain(err))
		}
		for _, m := range p.Messages {
			m.Channel = values.Get("channel")
			each(m)
		}
		if p.Next.Cursor == "" {
			return nil
		}
		values.Set("cursor", p.Next.Cursor)
	}
	return nil
}

func (c *client) page(ctx context.Context, method string, values url.Values) (page, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.config.API+method, strings.NewReader(values.Encode()))
	if err != nil {
		return page{}, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", "Bearer "+c.config.BotToken)
	response, err := c.config.HTTP.Do(request)
	if err != nil {
		return page{}, err
	}
	defer response.Body.Close() //nolint:errcheck // read to its end or given up
	switch {
	case response.StatusCode == http.StatusTooManyRequests:
		seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
		return page{}, &slack.RateLimitedError{RetryAfter: time.Duration(max(1, seconds)) * time.Second}
	case response.StatusCode != http.StatusOK:
		return page{}, slack.StatusCodeError{Code: response.StatusCode, Status: response.Status}
	}
	var p page
	if err := json.NewDecoder(io.LimitReader(response.Body, maxAnswer)).Decode(&p); err != nil {
		return page{}, err
	}
	if !p.OK {
		return page{}, slack.SlackErrorResponse{Err: p.Error}
	}
	return p, nil
}
