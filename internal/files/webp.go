package files

import (
	"bytes"
	"encoding/binary"

	"golang.org/x/image/webp"
)

// cleanWebP makes a new file of the image and, where it has one, its alpha
// channel. Animations are refused; profiles, EXIF, XMP and unknown chunks go.
func cleanWebP(data []byte) ([]byte, error) {
	if len(data) < 12 || string(data[8:12]) != "WEBP" {
		return nil, errMalformed
	}
	size := int64(binary.LittleEndian.Uint32(data[4:])) + 8
	if size < 12 || size > int64(len(data)) {
		return nil, errMalformed
	}
	image, alpha, ok := webpImage(data[12:size])
	if !ok {
		return nil, errMalformed
	}
	plain := riff(image)
	if alpha == nil {
		return plain, nil
	}
	c, err := webp.DecodeConfig(bytes.NewReader(plain))
	if err != nil || c.Width < 1 || c.Height < 1 {
		return nil, errMalformed
	}
	return riff(bytes.Join([][]byte{webpHeader(c.Width, c.Height), alpha, image}, nil)), nil
}

// webpImage finds the one image chunk, and the alpha channel of a lossy one.
func webpImage(chunks []byte) (image, alpha []byte, ok bool) {
	for len(chunks) > 0 {
		if len(chunks) < 8 {
			return nil, nil, false
		}
		name := string(chunks[:4])
		end := 8 + int64(binary.LittleEndian.Uint32(chunks[4:]))
		end += end % 2 // chunks have an even length
		if end > int64(len(chunks)) {
			return nil, nil, false
		}
		switch name {
		case "VP8 ", "VP8L":
			if image != nil || name == "VP8L" && alpha != nil {
				return nil, nil, false
			}
			image = chunks[:end]
		case "ALPH":
			if image != nil || alpha != nil {
				return nil, nil, false
			}
			alpha = chunks[:end]
		case "ANIM", "ANMF":
			return nil, nil, false
		}
		chunks = chunks[end:]
	}
	return image, alpha, image != nil
}

// webpHeader is a VP8X chunk that announces an alpha channel and nothing else.
func webpHeader(width, height int) []byte {
	const alphaFlag = 0x10
	h := append([]byte("VP8X"), 10, 0, 0, 0, alphaFlag, 0, 0, 0)
	for _, n := range []int{width - 1, height - 1} {
		h = append(h, byte(n), byte(n>>8), byte(n>>16))
	}
	return h
}

func riff(chunks []byte) []byte {
	out := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(chunks)+4))
	return append(append(out, "WEBP"...), chunks...)
}
