package files_test

import (
	"bytes"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	_ "golang.org/x/image/webp"

	"verihelp/internal/redact"
)

// FuzzKeep: whatever is sent, what is kept is a clean file of a type that is
// taken, under a name that can be shown.
func FuzzKeep(f *testing.F) {
	for _, data := range [][]byte{
		jpegFile(8, 8), pngFile(8, 8), webpLossy, webpLossless, webpAlpha, webpMoving, []byte(pdfFile), zipFile(),
		withSegments(jpegFile(8, 8), segment(0xE1, exif(6)), "tail"), withChunks(pngFile(8, 8), chunk("tEXt", "a\x00b"), "tail"), withExtras(webpLossy),
	} {
		f.Add(data, "shot.png")
	}
	f.Add([]byte(pdfFile), "../A123456789\u202e.jpg")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		r := newRig(t)
		file, err := r.keep(name, data)
		if err != nil {
			assert.Empty(t, r.store.rows)
			return
		}
		body := r.store.rows[0].body
		assert.LessOrEqual(t, len(body), len(data)+64)
		again, err := r.keep(name, body)
		require.NoError(t, err, "what is kept would be kept again")
		assert.Equal(t, body, r.store.rows[1].body, "and is clean already")
		assert.Equal(t, file.Type, again.Type)
		checkName(t, file.Name)
		if strings.HasPrefix(file.Type, "image/") {
			c, kind, err := image.DecodeConfig(bytes.NewReader(body))
			require.NoError(t, err)
			assert.Equal(t, file.Type, "image/"+kind)
			assert.Equal(t, c.Width*c.Height, file.Width*file.Height)
		}
	})
}

func checkName(t *testing.T, name string) {
	t.Helper()
	assert.True(t, utf8.ValidString(name))
	assert.LessOrEqual(t, utf8.RuneCountInString(name), 120)
	assert.NotContains(t, name, "/")
	assert.NotContains(t, name, `\`)
	for _, r := range name {
		assert.True(t, unicode.IsPrint(r), "%q", name)
	}
	stem := name[:strings.LastIndex(name, ".")]
	if masked, _ := redact.Mask(stem); utf8.RuneCountInString(name) < 120 { // a long one was cut since
		assert.Equal(t, stem, masked, "a secret is in the name")
	}
}

// FuzzName: whatever a file is called, its name can be shown and holds no secret.
func FuzzName(f *testing.F) {
	for _, name := range []string{"A123456789.jpg", `C:\桌面\..\<b>.png`, "a\u202egpj.exe", "legal winner thank year.webp", strings.Repeat("證", 200)} {
		f.Add(name)
	}
	shot := pngFile(1, 1)
	f.Fuzz(func(t *testing.T, name string) {
		file, err := newRig(t).keep(name, shot)
		require.NoError(t, err)
		checkName(t, file.Name)
		assert.True(t, strings.HasSuffix(file.Name, ".png"))
	})
}
