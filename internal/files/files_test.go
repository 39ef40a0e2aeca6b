package files_test

import (
	"bytes"
	"context"
	"errors"
	"image/jpeg"
	"image/png"
	"io"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/webp"

	"verihelp/internal/chat"
	"verihelp/internal/files"
)

var (
	morning  = time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	somebody = chat.Address{Channel: "web", User: "u1"}
)

// rig is a keeper with its surroundings; somebody has a case open.
type rig struct {
	*files.Keeper
	store *memory
	now   time.Time
}

func newRig(t testing.TB) *rig {
	t.Helper()
	r := &rig{store: &memory{cases: map[chat.Address]*chat.Case{somebody: {State: chat.CaseWaiting, Category: "app.camera"}}}, now: morning}
	var n atomic.Int64
	var err error
	r.Keeper, err = files.New(files.Config{
		Store: r.store,
		Takes: func(category string) bool { return category == "app.camera" },
		NewID: func() string { return "F" + strconv.FormatInt(n.Add(1), 10) },
		Now:   func() time.Time { return r.now },
	})
	require.NoError(t, err)
	return r
}

func (r *rig) keep(name string, data []byte) (chat.File, error) {
	return r.KeepFile(context.Background(), somebody, name, bytes.NewReader(data))
}

// kept keeps a file and returns what is stored of it.
func (r *rig) kept(t *testing.T, data []byte) []byte {
	t.Helper()
	f, err := r.keep("x", data)
	require.NoError(t, err)
	_, body, err := r.OpenFile(t.Context(), somebody, f.ID)
	require.NoError(t, err)
	return body
}

func TestAFileIsWhatItsContentSays(t *testing.T) {
	tests := []struct {
		name, sent string
		data       []byte
		want       chat.File
	}{
		{"a JPEG called PDF", "shot.pdf", jpegFile(30, 20), chat.File{Name: "shot.jpg", Type: "image/jpeg", Width: 30, Height: 20}},
		{"a PNG", "畫面.PNG", pngFile(4, 9), chat.File{Name: "畫面.png", Type: "image/png", Width: 4, Height: 9}},
		{"a lossy WebP", "a.webp", webpLossy, chat.File{Name: "a.webp", Type: "image/webp", Width: 1, Height: 1}},
		{"a lossless WebP", "a", webpLossless, chat.File{Name: "a.webp", Type: "image/webp", Width: 1, Height: 1}},
		{"a WebP with alpha", "a.html", webpAlpha, chat.File{Name: "a.webp", Type: "image/webp", Width: 1, Height: 1}},
		{"a PDF called a picture", "a.jpeg", []byte(pdfFile), chat.File{Name: "a.pdf", Type: "application/pdf"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			f, err := r.keep(test.sent, test.data)
			require.NoError(t, err)
			opened, body, err := r.OpenFile(t.Context(), somebody, f.ID)
			require.NoError(t, err)
			assert.Equal(t, f, opened)
			test.want.ID, test.want.Size = "F1", int64(len(body))
			assert.Equal(t, test.want, f)
		})
	}
}

func TestWhatLiesIsRefused(t *testing.T) {
	photo, shot := jpegFile(16, 16), pngFile(16, 16)
	badSum := bytes.Clone(shot)
	badSum[len(badSum)-20] ^= 1
	frame := string(photo[bytes.Index(photo, []byte{0xFF, 0xC0}):])[:19]
	tests := map[string][]byte{
		"HTML":                        []byte("<html><script>alert(1)</script>"),
		"SVG":                         []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`),
		"ZIP":                         zipFile(),
		"GIF":                         []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"),
		"HEIC":                        []byte("\x00\x00\x00\x18ftypheic"),
		"JPEG and ZIP in one":         append(bytes.Clone(photo), zipFile()...),
		"PNG and ZIP in one":          append(bytes.Clone(shot), zipFile()...),
		"PDF and ZIP in one":          append([]byte(pdfFile), zipFile()...),
		"HTML before a JPEG":          append([]byte("<html>"), photo...),
		"HTML with a JPEG's start":    []byte("\xff\xd8\xff<html><script>alert(1)</script>"),
		"a JPEG cut off":              photo[:len(photo)-2],
		"a JPEG with two frames":      withSegments(photo, frame, ""),
		"a JPEG of an unusual kind":   bytes.Replace(photo, []byte{0xFF, 0xC0}, []byte{0xFF, 0xC9}, 1),
		"a JPEG without a picture":    []byte("\xff\xd8\xff\xd9"),
		"HTML with a PNG's start":     []byte("\x89PNG\r\n\x1a\n<html>"),
		"a PNG with a wrong checksum": badSum,
		"a PNG without a picture":     []byte("\x89PNG\r\n\x1a\n" + chunk("IEND", "")),
		"a PNG with two headers":      withChunks(shot, string(shot[8:pngHeader]), ""),
		"a PNG of Apple's kind":       []byte(string(shot[:8]) + chunk("CgBI", "\x50\x00\x20\x02") + string(shot[8:])),
		"a PNG without size":          pngOf(0, 7),
		"another RIFF":                []byte("RIFF\x04\x00\x00\x00WAVE"),
		"a WebP that moves":           webpMoving,
		"a WebP cut off":              webpLossy[:len(webpLossy)-8],
		"PDF's start alone":           []byte("%PDF-1.7\n<html><script>alert(1)</script>"),
		"a PDF of the future":         []byte(strings.Replace(pdfFile, "1.4", "9.4", 1)),
		"PDF not at the start":        []byte("\n" + pdfFile),
		"HTML behind a PDF":           []byte(pdfFile + strings.Repeat("<p>more</p>", 100)),
	}
	for name, data := range tests {
		_, err := newRig(t).keep("photo.jpg", data)
		assert.ErrorIs(t, err, chat.ErrFileType, name)
	}
}

func TestSizesHaveLimits(t *testing.T) {
	r := newRig(t)
	_, err := r.keep("x", nil)
	require.ErrorIs(t, err, chat.ErrFileEmpty)
	_, err = r.KeepFile(t.Context(), somebody, "x", io.LimitReader(endless{}, 1<<40))
	require.ErrorIs(t, err, chat.ErrFileTooBig)
	_, err = r.keep("x", pngOf(8000, 5000))
	require.NoError(t, err)
	_, err = r.keep("x", pngOf(8000, 5001))
	require.ErrorIs(t, err, chat.ErrFileTooBig, "a small file with a huge picture")
	_, err = r.KeepFile(t.Context(), somebody, "x", iotest.ErrReader(io.ErrUnexpectedEOF))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Len(t, r.store.rows, 1)
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestAPhotoTellsNoPlace(t *testing.T) {
	photo := jpegFile(32, 16)
	want, err := jpeg.Decode(bytes.NewReader(photo))
	require.NoError(t, err)
	dirty := withSegments(photo, segment(0xE0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")+
		segment(0xE1, exif(1))+segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00GPS")+segment(0xE2, "ICC_PROFILE\x00GPS")+
		segment(0xED, "Photoshop 3.0\x00GPS")+segment(0xFE, "GPS <script>%PDF-1.4"), "ftypmp42 GPS film")
	clean := newRig(t).kept(t, dirty)
	assert.NotContains(t, string(clean), "GPS")
	assert.NotContains(t, string(clean), "%PDF")
	assert.Equal(t, "\xff\xd9", string(clean[len(clean)-2:]), "nothing follows the picture")
	got, err := jpeg.Decode(bytes.NewReader(clean))
	require.NoError(t, err)
	assert.Equal(t, want, got, "the picture is the same")
}

func TestAPhotoKeepsUpright(t *testing.T) {
	for orientation, want := range map[byte]chat.File{1: {Width: 32, Height: 16}, 3: {Width: 32, Height: 16}, 6: {Width: 16, Height: 32}, 9: {Width: 32, Height: 16}} {
		r := newRig(t)
		f, err := r.keep("x", withSegments(jpegFile(32, 16), segment(0xE1, exif(orientation)), ""))
		require.NoError(t, err)
		assert.Equal(t, want, chat.File{Width: f.Width, Height: f.Height}, "as shown, orientation %d", orientation)
		assert.NotContains(t, string(r.store.rows[0].body), "GPS")
		assert.Equal(t, orientation == 3 || orientation == 6, bytes.Contains(r.store.rows[0].body, []byte("Exif")))
	}
}

func TestAScreenshotTellsNothingElse(t *testing.T) {
	shot := pngFile(16, 8)
	want, err := png.Decode(bytes.NewReader(shot))
	require.NoError(t, err)
	dirty := withChunks(shot, chunk("tEXt", "Author\x00GPS")+chunk("iTXt", "XML\x00GPS")+chunk("eXIf", "II*\x00GPS")+
		chunk("zTXt", "a\x00\x00GPS")+chunk("tIME", "GPS....")+chunk("prVt", "GPS"), "GPS: what was cropped away")
	clean := newRig(t).kept(t, dirty)
	assert.Equal(t, shot, clean)
	got, err := png.Decode(bytes.NewReader(clean))
	require.NoError(t, err)
	assert.Equal(t, want, got)
}

func TestAWebPTellsNothingElse(t *testing.T) {
	clean := newRig(t).kept(t, withExtras(webpLossless))
	assert.Equal(t, webpLossless, clean)
	assert.Equal(t, webpAlpha, newRig(t).kept(t, webpAlpha), "an alpha channel belongs to the picture")
	_, err := webp.Decode(bytes.NewReader(clean))
	assert.NoError(t, err)
}

func TestWhatFollowsAPDFIsCutOff(t *testing.T) {
	assert.Equal(t, pdfFile, string(newRig(t).kept(t, []byte(pdfFile+"<script>"))))
}

func TestNamesAreHarmless(t *testing.T) {
	for sent, want := range map[string]string{
		"螢幕截圖 2026-11-22.jpeg":             "螢幕截圖 2026-11-22.png",
		"../../etc/passwd":                 "passwd.png",
		`C:\Users\王小明\桌面\錯誤.bmp`:           "錯誤.png",
		"A123456789.jpg":                   "〔身分證號〕.png",
		"身份证110101199003070134-正面.jpeg":    "身份证〔身分證號〕-正面.png",
		"wang@example.com":                 "〔電郵〕.png",
		"A1234\u200b56789.jpg":             "〔身分證號〕.png",
		"evil\u202egpj.exe":                "evilgpj.png",
		"a\x00b\r\nc\x1b[31m.png":          "ab c[31m.png",
		"\xff\xfe.png":                     "file.png",
		"":                                 "file.png",
		"...":                              "file.png",
		".htaccess":                        "htaccess.png",
		`<img src=x onerror="alert(1)">`:   "_img src=x onerror=_alert(1)__.png",
		strings.Repeat("長", 200) + ".png":  strings.Repeat("長", 116) + ".png",
		"invoice.pdf.exe":                  "invoice.pdf.png",
		"Screenshot_2026-11-22-10-10.webp": "Screenshot_2026-11-22-10-10.png",
	} {
		f, err := newRig(t).keep(sent, pngFile(1, 1))
		require.NoError(t, err)
		assert.Equal(t, want, f.Name, "%q", sent)
	}
}

func TestFilesAreTakenOnlyWhereSomebodyLooks(t *testing.T) {
	r := newRig(t)
	stranger := chat.Address{Channel: "web", User: "u2"}
	body := &countingReader{}
	_, err := r.KeepFile(t.Context(), stranger, "x", body)
	require.ErrorIs(t, err, chat.ErrFileRefused, "no case is open")
	r.store.cases[stranger] = &chat.Case{State: chat.CaseClaimed, Category: "document.wrong_type"}
	_, err = r.KeepFile(t.Context(), stranger, "x", body)
	require.ErrorIs(t, err, chat.ErrFileRefused, "the case's category takes none")
	assert.Zero(t, body.calls, "nobody uploads in vain")
	r.store.fail = errors.New("the database is gone")
	_, err = r.KeepFile(t.Context(), somebody, "x", body)
	require.ErrorIs(t, err, r.store.fail)
}

type countingReader struct{ calls int }

func (c *countingReader) Read([]byte) (int, error) { c.calls++; return 0, io.EOF }

func TestStaffMaySendWhatTheCategoryDoesNotTakeAndDoNotUseUpTheDay(t *testing.T) {
	r := newRig(t)
	r.store.cases[somebody].Category = "document.wrong_type"
	for range files.MostFiles + 1 {
		_, err := r.KeepStaffFile(t.Context(), somebody, "指引.png", bytes.NewReader(pngFile(2, 2)))
		require.NoError(t, err)
	}
	_, err := r.KeepStaffFile(t.Context(), somebody, "x", bytes.NewReader(zipFile()))
	require.ErrorIs(t, err, chat.ErrFileType, "what it is counts for everybody")
	r.store.cases[somebody].Category = "app.camera"
	_, err = r.keep("x", pngFile(2, 2))
	assert.NoError(t, err)
}

func TestADayHasALimit(t *testing.T) {
	r := newRig(t)
	var took atomic.Int64
	var all sync.WaitGroup
	for range 2 * files.MostFiles {
		all.Go(func() {
			switch _, err := r.keep("x", pngFile(2, 2)); {
			case err == nil:
				took.Add(1)
			case !errors.Is(err, chat.ErrFileMany):
				t.Error(err)
			}
		})
	}
	all.Wait()
	assert.EqualValues(t, files.MostFiles, took.Load(), "also when all come at once")
	r.now = r.now.Add(25 * time.Hour)
	_, err := r.keep("x", pngFile(2, 2))
	assert.NoError(t, err, "the next day")
}

func TestADayHasALimitInBytes(t *testing.T) {
	r := newRig(t)
	r.store.rows = []row{{who: somebody, at: morning, file: chat.File{Size: files.MostBytes}}}
	_, err := r.keep("x", pngFile(2, 2))
	assert.ErrorIs(t, err, chat.ErrFileMany)
}

func TestAFileIsItsSendersAndExpires(t *testing.T) {
	r := newRig(t)
	f, err := r.keep("x", pngFile(2, 2))
	require.NoError(t, err)
	_, _, err = r.OpenFile(t.Context(), chat.Address{Channel: "web", User: "u2"}, f.ID)
	require.ErrorIs(t, err, chat.ErrUnknownFile)
	_, err = r.FileInfo(t.Context(), chat.Address{Channel: "web", User: "u2"}, f.ID)
	require.ErrorIs(t, err, chat.ErrUnknownFile)
	r.now = r.now.Add(files.DefaultKeep - time.Second)
	described, err := r.FileInfo(t.Context(), somebody, f.ID)
	require.NoError(t, err)
	assert.Equal(t, f, described)
	_, _, err = r.OpenFile(t.Context(), somebody, f.ID)
	require.NoError(t, err)
	r.now = r.now.Add(time.Second)
	_, _, err = r.OpenFile(t.Context(), somebody, f.ID)
	assert.ErrorIs(t, err, chat.ErrUnknownFile)
}

func TestAKeeperNeedsAllItsParts(t *testing.T) {
	_, err := files.New(files.Config{})
	require.Error(t, err)
	good := newRig(t).Config
	good.Keep = -time.Hour
	_, err = files.New(good)
	assert.ErrorContains(t, err, "720h")
}

// BenchmarkKeep is a whole photo of 12 megapixels as phones make them.
func BenchmarkKeep(b *testing.B) {
	photo := withSegments(jpegFile(4000, 3000), segment(0xE1, exif(6)), "")
	r := newRig(b)
	b.SetBytes(int64(len(photo)))
	for b.Loop() {
		r.store.rows = nil
		if _, err := r.keep("IMG_0001.JPG", photo); err != nil {
			b.Fatal(err)
		}
	}
}
