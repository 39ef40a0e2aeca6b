package files

import (
	"archive/zip"
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"

	"verihelp/internal/chat"
)

// maxPixels is the largest picture: what a viewer has to hold in memory follows
// from its pixels and not from the size of the file.
const maxPixels = 40_000_000

// format is a type of file that is taken.
type format struct {
	mediaType string
	extension string
	magic     string                                // first bytes
	clean     func(data []byte) ([]byte, error)     // checks the structure; what is to be kept
	config    func(io.Reader) (image.Config, error) // width and height; nil for what has none
}

var formats = []format{
	{"image/jpeg", ".jpg", "\xff\xd8\xff", cleanJPEG, jpegConfig},
	{"image/png", ".png", pngMagic, cleanPNG, png.DecodeConfig},
	{"image/webp", ".webp", "RIFF", cleanWebP, webp.DecodeConfig},
	{"application/pdf", ".pdf", "%PDF-", cleanPDF, nil},
}

// kept is a file that was found good.
type kept struct {
	format
	body          []byte
	width, height int // as shown; 0 where it has none
}

// errMalformed is a file that does not keep to its own format. Senders need not
// know more than that the type is not taken.
var errMalformed = chat.ErrFileType

// inspect finds a file's type by its content and cleans it.
func inspect(data []byte) (kept, error) {
	for _, f := range formats {
		if !bytes.HasPrefix(data, []byte(f.magic)) {
			continue
		}
		if isArchive(data) {
			return kept{}, errMalformed
		}
		body, err := f.clean(data)
		if err != nil {
			return kept{}, err
		}
		k := kept{format: f, body: body}
		if f.config != nil {
			err = k.measure()
		}
		return k, err
	}
	return kept{}, chat.ErrFileType
}

// measure reads the size of what is kept, which is what viewers will see.
func (k *kept) measure() error {
	c, err := k.config(bytes.NewReader(k.body))
	switch {
	case err != nil || c.Width < 1 || c.Height < 1:
		return errMalformed
	case int64(c.Width)*int64(c.Height) > maxPixels:
		return chat.ErrFileTooBig
	}
	k.width, k.height = c.Width, c.Height
	return nil
}

// isArchive says that a file can also be read as a ZIP archive, which is found
// from its end: two files in one are no picture.
func isArchive(data []byte) bool {
	_, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	return err == nil || errors.Is(err, zip.ErrInsecurePath)
}

// jpegConfig gives width and height as they are shown, after turning.
func jpegConfig(r io.Reader) (image.Config, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return image.Config{}, err
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err == nil && onItsSide(data) {
		c.Width, c.Height = c.Height, c.Width
	}
	return c, err
}
