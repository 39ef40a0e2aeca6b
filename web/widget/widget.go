// Package widget holds the chat page that users see: plain HTML, CSS and
// JavaScript modules without a build step, embedded into the binary. Package
// channels/webchat serves it and speaks its protocol; a browser needs nothing
// else.
package widget

import "embed"

// Files are the page (index.html) and what it loads, in one flat folder.
//
//go:embed *.html *.css *.js *.svg
var Files embed.FS
