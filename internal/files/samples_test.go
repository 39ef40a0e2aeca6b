package files_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
)

// drawing is a small picture with something on it.
func drawing(width, height int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = uint8(i/3*7) | 128*uint8(i%4/3) // opaque enough to be seen
	}
	return img
}

func jpegFile(width, height int) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, drawing(width, height), nil) // memory never fails
	return b.Bytes()
}

func pngFile(width, height int) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, drawing(width, height))
	return b.Bytes()
}

func decode64(text string) []byte {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return b
}

// One-pixel files of each kind of WebP.
var (
	webpLossy    = decode64("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	webpLossless = decode64("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	webpAlpha    = decode64("UklGRkoAAABXRUJQVlA4WAoAAAAQAAAAAAAAAAAAQUxQSAwAAAARBxAR/Q9ERP8DAABWUDggGAAAABQBAJ0BKgEAAQAAAP4AAA3AAP7mtQAAAA==")
	webpMoving   = decode64("UklGRlIAAABXRUJQVlA4WAoAAAASAAAAAAAAAAAAQU5JTQYAAAD/////AABBTk1GJgAAAAAAAAAAAAAAAAAAAGQAAABWUDhMDQAAAC8AAAAQBxAREYiI/gcA")
)

const pdfFile = "%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R>>\nstartxref\n45\n%%EOF\n"

func zipFile() []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, _ := w.Create("../evil.sh")
	_, _ = f.Write([]byte("echo"))
	_ = w.Close()
	return b.Bytes()
}

// segment is a JPEG segment.
func segment(marker byte, body string) string {
	return string(append([]byte{0xFF, marker}, binary.BigEndian.AppendUint16(nil, uint16(len(body)+2))...)) + body
}

// exif is the body of an APP1 segment with an orientation and a place in it.
func exif(orientation byte) string {
	entry := "\x12\x01\x03\x00\x01\x00\x00\x00" + string([]byte{orientation, 0, 0, 0})
	return "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00" + entry + "\x00\x00\x00\x00GPS 25.0330 121.5654"
}

// withSegments puts segments behind a JPEG's first marker, and bytes behind its last.
func withSegments(file []byte, segments, trailer string) []byte {
	return []byte(string(file[:2]) + segments + string(file[2:]) + trailer)
}

// chunk is a PNG chunk.
func chunk(name, body string) string {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(b, name+body...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(name+body))))
}

// pngHeader is where a PNG's first chunk ends.
const pngHeader = 8 + 25

func withChunks(file []byte, chunks, trailer string) []byte {
	return []byte(string(file[:pngHeader]) + chunks + string(file[pngHeader:]) + trailer)
}

// pngOf claims a size that its data does not have.
func pngOf(width, height uint32) []byte {
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	file := pngFile(2, 2)
	return []byte(string(file[:8]) + chunk("IHDR", string(size)+"\x08\x02\x00\x00\x00") + string(file[pngHeader:]))
}

// withExtras makes an extended WebP of a simple one, with metadata in it.
func withExtras(simple []byte) []byte {
	body := "WEBP" + "VP8X\x0a\x00\x00\x00\x2c\x00\x00\x00" + strings.Repeat("\x00", 6) +
		"ICCP\x04\x00\x00\x00lcms" + string(simple[12:]) + "EXIF\x06\x00\x00\x00GPS 25" + "XMP \x04\x00\x00\x00<x/>"
	return []byte("RIFF" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)))) + body)
}
