package files

import (
	"encoding/binary"
	"hash/crc32"
)

const pngMagic = "\x89PNG\r\n\x1a\n"

// pngChunks are those that a still picture needs. Texts, EXIF, times, profiles,
// further frames and private chunks are not among them.
var pngChunks = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true, "tRNS": true, "sRGB": true, "gAMA": true, "cHRM": true, "sBIT": true, "bKGD": true, "pHYs": true,
}

// cleanPNG keeps the chunks that a picture needs. What stands after the end goes
// too: some programs leave the uncropped picture there.
func cleanPNG(data []byte) ([]byte, error) {
	out := append(make([]byte, 0, len(data)), pngMagic...)
	seen := map[string]int{}
	for rest := data[len(pngMagic):]; ; {
		name, chunk, ok := nextChunk(rest)
		if !ok || seen["IHDR"] == 0 && name != "IHDR" {
			return nil, errMalformed
		}
		rest = rest[len(chunk):]
		seen[name]++
		switch {
		case pngChunks[name]:
			out = append(out, chunk...)
		case name[0]&0x20 == 0: // a capital: not to be left out, and unknown
			return nil, errMalformed
		}
		if seen["IHDR"] > 1 {
			return nil, errMalformed
		}
		if name == "IEND" {
			if seen["IDAT"] == 0 {
				return nil, errMalformed
			}
			return out, nil
		}
	}
}

// nextChunk reads a chunk whole: length, name, data, checksum.
func nextChunk(data []byte) (name string, chunk []byte, ok bool) {
	if len(data) < 12 {
		return "", nil, false
	}
	end := 12 + int64(binary.BigEndian.Uint32(data))
	if end > int64(len(data)) {
		return "", nil, false
	}
	name = string(data[4:8])
	if crc32.ChecksumIEEE(data[4:end-4]) != binary.BigEndian.Uint32(data[end-4:]) {
		return "", nil, false
	}
	return name, data[:end], true
}
