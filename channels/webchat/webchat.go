// Package webchat is the way to users over a WebSocket, or over a stream where
// sockets are blocked: the widget of web/widget and every other client that
// speaks the protocol of PROTOCOL.md.
//
// It stands at both ends of a message's way: a frame becomes a chat.Message for
// the Inbox (step 1), committed items become frames (step 6). A person is an
// account that the host's server vouches for with a token, or a secret that the
// server made and only the client keeps; the address is a hash of either, so that
// nothing has to be stored before the first message.
//
// The conversation's log is the truth and a socket only a hint that it grew: a
// connection counts sequence numbers, reads what it misses from Inbox.Log, and
// may be cut at any time without losing or doubling an item. That is why a slow
// client is simply dropped.
package webchat

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"verihelp/channels"
	"verihelp/internal/chat"
	"verihelp/internal/limit"
)

// Name is the channel's name in addresses.
const Name = "web"

// Config sets limits and what comes from outside. The zero value of each field
// stands for the default named.
type Config struct {
	// Origins are exact origins ("https://app.example") whose pages may open a
	// socket, beside pages of the host that serves it.
	Origins []string

	// Keys are the host's signing keys by kid, as ParseKeys reads them; without
	// any, a token is refused. TokenAudience is the "aud" that tokens must have.
	// TokenRequired lets in nobody without a token.
	Keys          map[string][]byte
	TokenAudience string // "verihelp"
	TokenRequired bool

	// TrustedProxies may say in X-Forwarded-For whom they speak for.
	TrustedProxies []netip.Prefix

	MaxConns   int     // connections in total; 10,000
	MaxPerUser int     // connections of one person, the oldest gives way; 5
	MaxPerPeer int     // connections from one network address; 1,000
	Rate       float64 // frames a second that one person may send for long; 1
	Burst      int     // frames that a person may send at once; 20
	PeerRate   float64 // requests and frames a second from one network address; 200, and five times as many at once

	// What people without an account may begin from one network address, behind
	// which a company or a part of a mobile network may be: so many at once, and
	// then as many an hour.
	PeerStrangers int // conversations; 600

	// Link makes a link by which the person can go on elsewhere, in Telegram; nil
	// if there is no such place. Links are for one use and told to nobody else.
	Link func(ctx context.Context, who chat.Address) (url string, err error)

	HelloTimeout time.Duration // from the upgrade to the hello; 10 s
	PingEvery    time.Duration // between signs of life, a silent peer is cut after 2.5 of them; 25 s
	WriteTimeout time.Duration // for one frame; 10 s

	Now    func() time.Time // time.Now
	Random io.Reader        // where secrets come from; crypto/rand
	Logger *slog.Logger     // discards
}

func (c Config) withDefaults() Config {
	c.TokenAudience = cmp.Or(c.TokenAudience, "verihelp")
	c.MaxConns = cmp.Or(c.MaxConns, 10_000)
	c.MaxPerUser = cmp.Or(c.MaxPerUser, 5)
	c.MaxPerPeer = cmp.Or(c.MaxPerPeer, 1_000)
	c.Rate = cmp.Or(c.Rate, 1)
	c.Burst = cmp.Or(c.Burst, 20)
	c.PeerRate = cmp.Or(c.PeerRate, 200)
	c.PeerStrangers = cmp.Or(c.PeerStrangers, 600)
	c.HelloTimeout = cmp.Or(c.HelloTimeout, 10*time.Second)
	c.PingEvery = cmp.Or(c.PingEvery, 25*time.Second)
	c.WriteTimeout = cmp.Or(c.WriteTimeout, 10*time.Second)
	c.Random = cmp.Or(c.Random, rand.Reader)
	c.Logger = cmp.Or(c.Logger, slog.New(slog.DiscardHandler))
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// Channel implements channels.Channel. Create it with New, serve Handler, call
// Run once.
type Channel struct {
	cfg      Config
	assets   map[string]asset
	upgrader websocket.Upgrader

	tokens *verifier // nil: no tokens
	people *limit.Buckets[chat.Address]
	peers  *limit.Buckets[netip.Addr]

	strangers *limit.Buckets[netip.Addr] // conversations that people without an account begin

	warnProxy  sync.Once
	warnCrowd  rate.Sometimes
	warnOrigin rate.Sometimes

	carrying chan struct{} // a place for each file in memory

	mu        sync.Mutex
	ctx       context.Context // of Run; nil while it does not run
	inbox     channels.Inbox
	uploading map[chat.Address]bool
	open      int                      // connections, those before their hello included
	from      map[netip.Addr]int       // the same by network address
	users     map[chat.Address][]*conn // after their hello, the oldest first
	work      sync.WaitGroup           // all goroutines of all connections
}

var _ channels.Channel = (*Channel)(nil)

// New checks the configuration and returns a channel that serves its page at
// once and sockets as soon as Run runs.
func New(cfg Config) (*Channel, error) {
	for _, origin := range cfg.Origins {
		if err := checkOrigin(origin); err != nil {
			return nil, err
		}
	}
	assets, err := loadAssets()
	if err != nil {
		return nil, err
	}
	c := &Channel{
		cfg: cfg.withDefaults(), assets: assets, from: map[netip.Addr]int{}, users: map[chat.Address][]*conn{},
		uploading: map[chat.Address]bool{}, carrying: make(chan struct{}, fileRoom),
	}
	if c.cfg.TokenRequired && len(c.cfg.Keys) == 0 {
		return nil, errors.New("tokens are required, but there is no key to check them with")
	}
	if len(c.cfg.Keys) > 0 {
		c.tokens = newVerifier(c.cfg.Keys, c.cfg.TokenAudience, c.cfg.Now)
	}
	c.people = limit.New[chat.Address](c.cfg.Rate, c.cfg.Burst)
	c.peers = limit.New[netip.Addr](c.cfg.PeerRate, int(max(1, 5*c.cfg.PeerRate)))
	c.strangers = limit.Hourly[netip.Addr](c.cfg.PeerStrangers)
	c.warnCrowd.Interval, c.warnOrigin.Interval = time.Minute, time.Minute
	c.upgrader = websocket.Upgrader{
		HandshakeTimeout: c.cfg.WriteTimeout,
		// Small buffers, those for writing shared: what an idle socket costs.
		ReadBufferSize:  512,
		WriteBufferSize: 1 << 10,
		WriteBufferPool: &sync.Pool{},
		Subprotocols:    []string{Subprotocol},
		CheckOrigin:     c.allowed,
	}
	return c, nil
}

func checkOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme == "" || u.Host == "" || u.Scheme+"://"+u.Host != origin || origin != strings.ToLower(origin) {
		return fmt.Errorf("origin %q: write it like https://app.example, in small letters, without a path or a slash at the end", origin)
	}
	return nil
}

// Name implements channels.Channel.
func (c *Channel) Name() string { return Name }

// drainTime is how long Run waits for sockets to say goodbye before it cuts them.
const drainTime = 3 * time.Second

// Run implements channels.Channel: it lets sockets in until ctx ends, then tells
// them to come back later and waits for them.
func (c *Channel) Run(ctx context.Context, in channels.Inbox) error {
	if err := c.start(ctx, in); err != nil {
		return err
	}
	<-ctx.Done()
	c.stop()
	return nil
}

func (c *Channel) start(ctx context.Context, in channels.Inbox) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inbox != nil {
		return errors.New("run web chat: it was run before")
	}
	c.ctx, c.inbox = ctx, in
	return nil
}

// stop ends all connections, asking them to come back one after the other. None
// is let in any more, since its context is over; one that is before its hello ends
// with its next deadline or is cut.
func (c *Channel) stop() {
	for i, s := range c.conns() {
		s.leaveFor(websocket.CloseServiceRestart, "restarting", time.Second*time.Duration(1+i/leavingPerSecond))
	}
	ended := make(chan struct{})
	go func() {
		c.work.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return
	case <-time.After(drainTime):
	}
	for _, s := range c.conns() {
		s.wire.cut()
	}
	<-ended
}

func (c *Channel) conns() []*conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []*conn
	for _, conns := range c.users {
		all = append(all, conns...)
	}
	return all
}

// connected returns a person's connections. join and part replace the slice, they
// do not change it.
func (c *Channel) connected(who chat.Address) []*conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.users[who]
}

// Send implements channels.Sender: it hands the items to the person's connections
// and returns at once. A person without one reads them from the log later.
func (c *Channel) Send(_ context.Context, to chat.Address, items []chat.Item) error {
	for _, s := range c.connected(to) {
		s.push(outgoing{items: items})
	}
	return nil
}

// Wake has every connection of a person read the log from the last item it sent,
// because something was committed elsewhere. It returns at once and costs next to
// nothing when nobody is connected.
func (c *Channel) Wake(to chat.Address) {
	for _, s := range c.connected(to) {
		s.nudge()
	}
}

// Connected lists whoever has a connection now, in no order.
func (c *Channel) Connected() []chat.Address {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Collect(maps.Keys(c.users))
}
