package chat

import "errors"

// File is an attachment. Its content is kept with the database and expires; what
// remains in a log is this description.
type File struct {
	ID     string `json:"id"`
	Name   string `json:"name"`             // as sent, cleaned and with secrets masked
	Type   string `json:"type"`             // media type by content: image/jpeg, image/png, image/webp, application/pdf
	Size   int64  `json:"size"`             // bytes
	Width  int    `json:"width,omitempty"`  // pixels, of an image
	Height int    `json:"height,omitempty"` // pixels, of an image
}

// MaxFile is the largest attachment, in bytes.
const MaxFile = 8 << 20

// Errors of attachments, told to whoever sent one.
var (
	ErrFileTooBig  = errors.New("the file is larger than 8 MiB")
	ErrFileType    = errors.New("only JPEG, PNG, WebP and PDF are taken")
	ErrFileEmpty   = errors.New("the file is empty")
	ErrFileRefused = errors.New("no file of this kind is taken in this conversation")
	ErrFileMany    = errors.New("too many files in this conversation today")
	ErrUnknownFile = errors.New("no such file, or it has expired")
)
