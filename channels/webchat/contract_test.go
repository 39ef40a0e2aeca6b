package webchat_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/webchat"
	"verihelp/internal/chat"
)

// person is a user for the contract suite: a client that keeps what it is shown.
type person struct {
	*client
	address chat.Address
	said    int
	last    any
	done    chan struct{}

	mu    sync.Mutex
	shown strings.Builder
	stall bool
}

func newPerson(t *testing.T, url string) *person {
	secret := newSecret(t, url)
	address, ok := webchat.AddressOf(secret)
	require.True(t, ok)
	p := &person{client: connect(t, url, secret, 0), address: address, done: make(chan struct{})}
	p.until("welcome", func(f frame) bool { return f.State == "live" })
	go p.watch()
	t.Cleanup(func() {
		_ = p.ws.Close()
		<-p.done
	})
	return p
}

// watch notes what a page would show.
func (p *person) watch() {
	defer close(p.done)
	for {
		p.mu.Lock()
		stalled := p.stall
		p.mu.Unlock()
		if stalled {
			return
		}
		f, err := p.next()
		if err != nil {
			return
		}
		if f.Kind != "item" || f.From == chat.FromUser {
			continue
		}
		p.mu.Lock()
		for _, b := range f.Bubbles {
			p.shown.WriteString(b.Text() + "\n")
		}
		for _, choice := range f.Choices {
			p.shown.WriteString("[" + choice.Label + "]\n")
		}
		p.shown.WriteString(f.Agent + " " + f.Text + "\n")
		p.mu.Unlock()
	}
}

func (p *person) Address() chat.Address { return p.address }

func (p *person) Send(_ *testing.T, text string) {
	p.said++
	p.last = map[string]any{"kind": "message", "id": fmt.Sprintf("m%d", p.said), "text": text}
	p.send(p.last)
}

func (p *person) Choose(_ *testing.T, _ int, choice chat.Choice) {
	p.said++
	p.last = map[string]any{"kind": "choice", "id": fmt.Sprintf("m%d", p.said), "choice": choice.ID, "text": choice.Label}
	p.send(p.last)
}

func (p *person) Repeat(_ *testing.T) { p.send(p.last) }

func (p *person) Shown(*testing.T) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shown.String()
}

func (p *person) Stall(*testing.T) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stall = true // seen after the next frame, then the buffers fill
}

func TestContract(t *testing.T) {
	channelstest.Channel(t, func(t *testing.T) channelstest.ChannelRig {
		channel, err := webchat.New(webchat.Config{Burst: 100, WriteTimeout: time.Second})
		require.NoError(t, err)
		server := httptest.NewServer(channel.Handler())
		t.Cleanup(server.Close)
		return channelstest.ChannelRig{
			Channel: channel,
			NewUser: func(t *testing.T) channelstest.User {
				awaitRunning(t, server.URL)
				return newPerson(t, server.URL)
			},
		}
	})
}
