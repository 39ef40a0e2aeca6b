package webchat

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"verihelp/web/widget"
)

// Handler serves the page (/), its files (/chat/…), new sessions and sockets.
func (c *Channel) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { c.serveAsset(w, r, "index.html") })
	mux.HandleFunc("GET /chat/{file}", func(w http.ResponseWriter, r *http.Request) { c.serveAsset(w, r, r.PathValue("file")) })
	mux.HandleFunc("POST /chat/session", c.serveSession)
	mux.HandleFunc("GET /chat/socket", c.serveSocket)
	return mux
}

// securityHeaders go with every file of the page: only its own scripts, styles
// and socket, no frames around it, and no way to turn text into markup.
var securityHeaders = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), microphone=(), geolocation=()",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
}

// asset is a file of the page, ready to be served.
type asset struct {
	body []byte
	kind string
	etag string
}

func loadAssets() (map[string]asset, error) {
	assets := map[string]asset{}
	names, err := fs.Glob(widget.Files, "*.*")
	if err != nil {
		return nil, fmt.Errorf("list files of the chat page: %w", err)
	}
	for _, name := range names {
		body, err := fs.ReadFile(widget.Files, name)
		if err != nil {
			return nil, fmt.Errorf("read file of the chat page: %w", err)
		}
		sum := sha256.Sum256(body)
		assets[name] = asset{body, mediaType(name), `"` + hex.EncodeToString(sum[:8]) + `"`}
	}
	return assets, nil
}

// mediaType does not ask the machine's own tables for scripts, because Windows
// registries and mime.types files disagree and a wrong type stops the page.
func mediaType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".html", ".css":
		return "text/" + ext[1:] + "; charset=utf-8"
	default:
		return mime.TypeByExtension(ext)
	}
}

func (c *Channel) serveAsset(w http.ResponseWriter, r *http.Request, name string) {
	file, found := c.assets[name]
	if !found {
		http.NotFound(w, r)
		return
	}
	for key, value := range securityHeaders {
		w.Header().Set(key, value)
	}
	w.Header().Set("Content-Type", file.kind)
	w.Header().Set("Cache-Control", "no-cache") // ask each time, 304 by the ETag
	w.Header().Set("ETag", file.etag)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(file.body))
}

// serveSession makes the secret of a new anonymous person. Nothing is stored.
func (c *Channel) serveSession(w http.ResponseWriter, r *http.Request) {
	if !c.allowed(r) {
		http.Error(w, "origin not allowed", http.StatusForbidden)
		return
	}
	secret, err := newSecret(c.cfg.Random)
	if err != nil {
		c.cfg.Logger.Error("cannot make a session", "error", err)
		http.Error(w, "no session, try again later", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_ = json.NewEncoder(w).Encode(map[string]string{"secret": secret}) // a client that left needs no answer
}

// serveSocket upgrades and returns, leaving the socket to goroutines of its own:
// that frees the request and the buffers of net/http, half of what an idle
// socket would cost.
func (c *Channel) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !slices.Contains(websocket.Subprotocols(r), Subprotocol) {
		http.Error(w, "offer the subprotocol "+Subprotocol, http.StatusBadRequest)
		return
	}
	if !c.enter() {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "no room now, try again later", http.StatusServiceUnavailable)
		return
	}
	ws, err := c.upgrader.Upgrade(w, r, nil)
	if err != nil { // the client was told
		c.exit()
		return
	}
	go func() { //nolint:contextcheck // the socket outlives its request and ends with Run
		defer c.exit()
		newSocket(c, ws).serve()
	}()
}

// enter counts a socket in, if there is room and Run runs.
func (c *Channel) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx == nil || c.ctx.Err() != nil || c.open >= c.cfg.MaxConns {
		return false
	}
	c.open++
	c.work.Add(1)
	return true
}

func (c *Channel) exit() {
	c.mu.Lock()
	c.open--
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
