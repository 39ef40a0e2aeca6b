package webchat

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"verihelp/web/widget"
)

// securityHeaders go with every page: only its own scripts, styles and socket,
// and no way to turn text into markup. What may frame it is added.
var securityHeaders = map[string]string{
	"Permissions-Policy":     "camera=(), microphone=(), geolocation=()",
	"Referrer-Policy":        "no-referrer",
	"X-Content-Type-Options": "nosniff",
}

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors "

// asset is a file of the page, ready to be served.
type asset struct {
	body   []byte
	zipped []byte
	kind   string
	etag   string
}

func loadAssets() (map[string]asset, error) {
	assets := map[string]asset{}
	files, err := widget.Files()
	if err != nil {
		return nil, err
	}
	for name, body := range files {
		sum := sha256.Sum256(body)
		assets[name] = asset{body, zip(body), mediaType(name), hex.EncodeToString(sum[:8])}
	}
	return assets, nil
}

// zip writes into memory, which does not fail.
func zip(body []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	_, _ = w.Write(body)
	_ = w.Close()
	return out.Bytes()
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

// serveAsset serves a file. Scripts may be loaded by any page, since there is
// nothing secret in them; pages may be framed by the hosts that are allowed.
func (c *Channel) serveAsset(w http.ResponseWriter, r *http.Request, name string) {
	file, found := c.assets[name]
	if !found {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	for key, value := range securityHeaders {
		h.Set(key, value)
	}
	h.Set("Content-Security-Policy", policy+c.ancestors())
	if path.Ext(name) == ".js" {
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	} else {
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
	}
	h.Set("Content-Type", file.kind)
	h.Set("Cache-Control", "no-cache") // ask each time, 304 by the ETag
	h.Set("Vary", "Accept-Encoding")
	body, etag := file.body, file.etag
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body, etag = file.zipped, etag+"-gzip"
	}
	h.Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
}

func (c *Channel) ancestors() string {
	if len(c.cfg.Origins) == 0 {
		return "'none'"
	}
	return strings.Join(c.cfg.Origins, " ")
}
