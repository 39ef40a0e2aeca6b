package files

import (
	"bytes"
	"encoding/binary"
)

// JPEG markers, without the 0xFF before them.
const (
	jpegSOF0  = 0xC0 // frame header: baseline
	jpegSOF2  = 0xC2 // frame header: progressive; 0xC1 between them is extended
	jpegDHT   = 0xC4
	jpegRST0  = 0xD0
	jpegRST7  = 0xD7
	jpegEOI   = 0xD9
	jpegSOS   = 0xDA
	jpegDQT   = 0xDB
	jpegDRI   = 0xDD
	jpegAPP0  = 0xE0
	jpegAPP1  = 0xE1
	jpegAPP14 = 0xEE
	jpegAPP15 = 0xEF
	jpegCOM   = 0xFE
)

// cleanJPEG keeps what a decoder needs, byte by byte, and drops the rest: EXIF
// with place and device, XMP, IPTC, comments, profiles, thumbnails, and what
// phones write after the end of the image (short films, depth maps). Of EXIF
// only the orientation is written again, or pictures would lie on their side.
func cleanJPEG(data []byte) ([]byte, error) {
	out := append(make([]byte, 0, len(data)), data[:2]...)
	frames, scans, turned := 0, 0, false
	for rest := data[2:]; ; {
		s, after, ok := nextSegment(rest)
		if !ok {
			return nil, errMalformed
		}
		rest = after
		switch {
		case s.marker == jpegEOI && frames == 1 && scans > 0:
			return append(out, 0xFF, jpegEOI), nil
		case s.marker >= jpegSOF0 && s.marker <= jpegSOF2:
			frames++
		case s.marker == jpegSOS:
			scans++
		case s.marker == jpegAPP1 && !turned:
			if o := orientation(s.body); o > 1 {
				turned = true
				out = append(out, orientationSegment(o)...)
			}
		}
		switch s.fate() {
		case refuse:
			return nil, errMalformed
		case keep:
			out = append(append(out, 0xFF, s.marker), s.raw...)
		}
		if frames > 1 || s.marker == jpegSOS && frames == 0 {
			return nil, errMalformed
		}
	}
}

// segment is a marker with what belongs to it.
type segment struct {
	marker byte
	raw    []byte // after the marker: length, body, and a scan's data
	body   []byte
}

type fate int

const (
	refuse fate = iota // no decoder in use reads it, or it has no place there
	keep
	drop
)

func (s segment) fate() fate {
	switch s.marker {
	case jpegSOF0, jpegSOF0 + 1, jpegSOF2, jpegDHT, jpegDQT, jpegDRI, jpegSOS:
		return keep
	case jpegAPP0: // of JFIF only the bare header; others hold thumbnails
		if len(s.body) == 14 && bytes.HasPrefix(s.body, []byte("JFIF\x00")) {
			return keep
		}
	case jpegAPP14: // tells how colours are stored
		if len(s.body) == 12 && bytes.HasPrefix(s.body, []byte("Adobe")) {
			return keep
		}
	}
	if s.marker >= jpegAPP0 && s.marker <= jpegAPP15 || s.marker == jpegCOM {
		return drop
	}
	return refuse
}

// nextSegment cuts the next segment off.
func nextSegment(data []byte) (s segment, rest []byte, ok bool) {
	if len(data) < 2 || data[0] != 0xFF {
		return segment{}, nil, false
	}
	for len(data) > 2 && data[1] == 0xFF { // fill bytes
		data = data[1:]
	}
	s.marker = data[1]
	data = data[2:]
	if s.marker == jpegEOI {
		return s, data, true
	}
	if len(data) < 2 {
		return segment{}, nil, false
	}
	end := int(binary.BigEndian.Uint16(data))
	if end < 2 || end > len(data) {
		return segment{}, nil, false
	}
	s.body = data[2:end]
	if s.marker == jpegSOS {
		end += scanLength(data[end:])
	}
	s.raw = data[:end]
	return s, data[end:], true
}

// scanLength is how far a scan's data goes: to the next marker that is neither
// a stuffed 0xFF nor a restart.
func scanLength(data []byte) int {
	at := 0
	for {
		i := bytes.IndexByte(data[at:], 0xFF)
		if i < 0 || at+i+1 >= len(data) {
			return len(data)
		}
		at += i
		if next := data[at+1]; next != 0 && (next < jpegRST0 || next > jpegRST7) {
			return at
		}
		at += 2
	}
}

// orientationTag is EXIF's: 1 is upright, 5 to 8 lie on their side.
const orientationTag = 0x0112

var exifHeader = []byte("Exif\x00\x00")

// orientation reads how a picture is turned out of an APP1 segment; 0 if it does
// not say.
func orientation(app1 []byte) byte {
	tiff, ok := bytes.CutPrefix(app1, exifHeader)
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(tiff[:4]) {
	case "II*\x00":
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 0
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	entries, table := int(order.Uint16(tiff[at:])), tiff[at+2:]
	for i := 0; i < entries && len(table) >= 12*(i+1); i++ {
		if entry := table[12*i:]; order.Uint16(entry) == orientationTag {
			if v := order.Uint16(entry[8:]); v >= 1 && v <= 8 {
				return byte(v)
			}
		}
	}
	return 0
}

// orientationSegment is an APP1 segment that says nothing else.
func orientationSegment(o byte) []byte {
	s := []byte{0xFF, jpegAPP1, 0, 34}
	s = append(s, exifHeader...)
	s = append(s, "MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"...)
	return append(s, o, 0, 0, 0, 0, 0, 0)
}

// onItsSide says whether a cleaned picture is shown turned by a quarter.
func onItsSide(cleaned []byte) bool {
	for rest := cleaned[2:]; ; {
		s, after, ok := nextSegment(rest)
		if !ok || s.marker == jpegSOS {
			return false
		}
		if s.marker == jpegAPP1 {
			return orientation(s.body) >= 5
		}
		rest = after
	}
}
