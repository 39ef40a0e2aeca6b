package webchat

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"verihelp/internal/chat"
)

const (
	retryRoom = 5 * time.Second // hint when there is no room
	maxOrigin = 200             // bytes of an origin that are logged
)

// Handler serves the chat as a page (/ and /embed), a page that shows the widget
// (/demo), their files, new sessions, sockets, what stands in for sockets, and what
// goes beside them: attachments, the conversation as a text, its end.
func (c *Channel) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, name := range map[string]string{"GET /{$}": "index.html", "GET /embed": "index.html", "GET /demo": "demo.html"} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { c.serveAsset(w, r, name) })
	}
	mux.HandleFunc("GET /chat/{file}", func(w http.ResponseWriter, r *http.Request) { c.serveAsset(w, r, r.PathValue("file")) })
	mux.HandleFunc("POST /chat/session", c.guarded(c.serveSession))
	mux.HandleFunc("GET /chat/socket", c.guarded(c.serveSocket))
	mux.HandleFunc("POST /chat/stream", c.guarded(c.counted(c.serveStream)))
	mux.HandleFunc("POST /chat/send", c.guarded(c.counted(c.proved(maxFrame+maxHello, c.serveSent))))
	mux.HandleFunc("POST /chat/upload", c.guarded(c.counted(c.serveUpload)))
	mux.HandleFunc("OPTIONS /chat/upload", c.guarded(c.servePreflight))
	mux.HandleFunc("POST /chat/file", c.guarded(c.counted(c.proved(2*maxHello, c.serveFile))))
	mux.HandleFunc("POST /chat/export", c.guarded(c.counted(c.proved(2*maxHello, c.serveExport))))
	mux.HandleFunc("POST /chat/forget", c.guarded(c.counted(c.proved(2*maxHello, c.serveForget))))
	mux.HandleFunc("POST /chat/link", c.guarded(c.counted(c.proved(2*maxHello, c.serveLink))))
	return mux
}

// peerHandler serves a request from a network address, which may be invalid.
type peerHandler func(w http.ResponseWriter, r *http.Request, peer netip.Addr)

// guarded lets in requests of allowed pages, not too many from one address. A body
// has to come as soon as a hello; net/http lifts the deadline once it was read.
func (c *Channel) guarded(serve peerHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(c.cfg.HelloTimeout)) // without one, the server's own stands
		w.Header().Add("Vary", "Origin")
		if origin := r.Header.Get("Origin"); origin != "" { // a page that is refused may read why
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Set("Access-Control-Expose-Headers", "Retry-After")
		}
		if !c.allowed(r) {
			c.noteOrigin(r.Header.Get("Origin"))
			refuse(w, r, &refusal{code: codeBadOrigin})
			return
		}
		peer := c.peer(r)
		if refused := c.limitPeer(peer); refused != nil {
			refuse(w, r, refused)
			return
		}
		serve(w, r, peer)
	}
}

// noteOrigin tells the operator, now and then, of a page that was refused.
func (c *Channel) noteOrigin(origin string) {
	c.warnOrigin.Do(func() {
		c.cfg.Logger.Warn("a page of another origin asks for the chat and is refused; if it is yours, list it in BOT_ORIGINS",
			"channel", Name, "origin", origin[:min(len(origin), maxOrigin)])
	})
}

// counted lets a request in if there is room, before anything of its body is read:
// nobody has proved anything yet.
func (c *Channel) counted(serve peerHandler) peerHandler {
	return func(w http.ResponseWriter, r *http.Request, peer netip.Addr) {
		if !c.enter(peer) {
			refuse(w, r, &refusal{code: codeNoRoom, retry: retryRoom})
			return
		}
		defer c.exit(peer)
		serve(w, r, peer)
	}
}

func (c *Channel) limitPeer(peer netip.Addr) *refusal {
	if !peer.IsValid() {
		return nil
	}
	if wait := c.peers.Take(peer, c.cfg.Now()); wait > 0 {
		return &refusal{code: codeRateLimited, retry: wait}
	}
	return nil
}

func (c *Channel) limitPerson(who chat.Address) *refusal {
	if wait := c.people.Take(who, c.cfg.Now()); wait > 0 {
		return &refusal{code: codeRateLimited, retry: wait}
	}
	return nil
}

// limit counts a frame against its person and network address, whatever it is.
func (c *Channel) limit(peer netip.Addr, who chat.Address, f received, refused *refusal) *refusal {
	limited := c.limitPeer(peer)
	if person := c.limitPerson(who); person != nil {
		limited = person
	}
	if limited == nil {
		return nil
	}
	limited.id = f.ID
	if refused != nil {
		limited.id = refused.id
	}
	return limited
}

// serveSession makes the secret of a new anonymous person. Nothing is stored.
func (c *Channel) serveSession(w http.ResponseWriter, r *http.Request, _ netip.Addr) {
	if c.cfg.TokenRequired {
		refuse(w, r, &refusal{code: codeSignIn})
		return
	}
	secret, err := newSecret(c.cfg.Random)
	if err != nil {
		c.cfg.Logger.Error("cannot make a session", "error", err)
		http.Error(w, "no session, try again later", http.StatusInternalServerError)
		return
	}
	answerJSON(w, http.StatusOK, map[string]string{"secret": secret})
}

// serveSocket upgrades and returns, leaving the socket to goroutines of its own:
// that frees the request and the buffers of net/http, half of what an idle
// socket would cost.
func (c *Channel) serveSocket(w http.ResponseWriter, r *http.Request, peer netip.Addr) {
	if !slices.Contains(websocket.Subprotocols(r), Subprotocol) {
		http.Error(w, "offer the subprotocol "+Subprotocol, http.StatusBadRequest)
		return
	}
	if !c.enter(peer) {
		refuse(w, r, &refusal{code: codeNoRoom, retry: retryRoom})
		return
	}
	ws, err := c.upgrader.Upgrade(w, r, nil)
	if err != nil { // the client was told
		c.exit(peer)
		return
	}
	go func() { //nolint:contextcheck // the socket outlives its request and ends with Run
		defer c.exit(peer)
		s := &socket{channel: c, ws: ws, peer: peer, pending: make(chan struct{}, maxPending)}
		s.serve()
	}()
}

// enter counts a connection in, if there is room and Run runs.
func (c *Channel) enter(peer netip.Addr) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx == nil || c.ctx.Err() != nil || c.open >= c.cfg.MaxConns || peer.IsValid() && c.from[peer] >= c.cfg.MaxPerPeer {
		return false
	}
	c.open++
	c.from[peer]++
	c.work.Add(1)
	return true
}

func (c *Channel) exit(peer netip.Addr) {
	c.mu.Lock()
	c.open--
	if c.from[peer]--; c.from[peer] == 0 {
		delete(c.from, peer)
	}
	c.mu.Unlock()
	c.work.Done()
}

// allowed says that a request comes from a page of this host, from one of the
// configured origins, or from no page at all (a native client). The last is no
// risk, because nothing here works by cookies.
func (c *Channel) allowed(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || slices.Contains(c.cfg.Origins, origin) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}
