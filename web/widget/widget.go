// Package widget holds the chat that users see: plain HTML, CSS and JavaScript
// modules without a build step, embedded into the binary. widget.js brings a
// custom element into someone's page (demo.html shows one), embed.js makes a page
// of it (index.html). Package channels/webchat serves them and speaks their
// protocol; a browser needs nothing else.
package widget

import "embed"

// Files are the pages and what they load, in one flat folder.
//
//go:embed *.html *.css *.js *.svg
var Files embed.FS
