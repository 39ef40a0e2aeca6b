package linear

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// The stored form: a magic, a version, the fingerprint of the examples, options,
// labels, numbers, features in ascending order as differences, then for each feature
// the weights that are not 0, each with its distance from the one before. A SHA-256
// of everything ends it.
const (
	magic         = "verihelp linear\n"
	formatVersion = 3
)

// Limits of what is read: many times what is ever trained, and small enough that a
// hostile file costs nothing.
const (
	maxLabels    = 1000
	maxLabelSize = 200
	maxWeights   = 1 << 28
	maxRun       = 8
)

// MarshalBinary returns the stored form. It never fails.
func (m *Model) MarshalBinary() ([]byte, error) {
	b := []byte(magic)
	b = binary.AppendUvarint(b, formatVersion)
	b = append(b, m.examples[:]...)
	b = binary.AppendUvarint(b, uint64(m.options.Chars))
	b = binary.AppendUvarint(b, uint64(m.options.Sounds))
	b = binary.AppendUvarint(b, uint64(m.options.Skips))
	b = binary.AppendUvarint(b, uint64(m.options.Least))
	for _, on := range []bool{m.options.Marks, m.options.Negation, m.options.Concepts, m.options.Rarity} {
		b = appendBool(b, on)
	}
	b = appendFloat(b, m.options.Cost)
	b = appendFloat(b, m.slope)
	b = binary.AppendUvarint(b, uint64(len(m.labels)))
	for i, label := range m.labels {
		b = binary.AppendUvarint(b, uint64(len(label)))
		b = append(b, label...)
		b = appendFloat(b, m.intercept[i])
	}
	b = binary.AppendUvarint(b, uint64(len(m.keys)))
	before := uint32(0)
	for i, key := range m.keys {
		b = binary.AppendUvarint(b, uint64(key-before))
		before = key
		b = appendRow(b, m.weights[i*len(m.labels):(i+1)*len(m.labels)])
	}
	sum := sha256.Sum256(b)
	return append(b, sum[:]...), nil
}

func appendRow(b []byte, row []int8) []byte {
	count := 0
	for _, w := range row {
		if w != 0 {
			count++
		}
	}
	b = binary.AppendUvarint(b, uint64(count))
	next := 0
	for i, w := range row {
		if w != 0 {
			b = binary.AppendUvarint(b, uint64(i-next))
			b = append(b, byte(w))
			next = i + 1
		}
	}
	return b
}

func appendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}

func appendFloat(b []byte, v float64) []byte {
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
}

var errCorrupt = errors.New("not a classifier's weights, or damaged; train again")

// UnmarshalBinary reads the stored form into an empty model. Anything else is an
// error.
func (m *Model) UnmarshalBinary(b []byte) error {
	body := len(b) - sha256.Size
	if body < 0 || !bytes.HasPrefix(b, []byte(magic)) {
		return fmt.Errorf("read classifier: %w", errCorrupt)
	}
	if sha256.Sum256(b[:body]) != [sha256.Size]byte(b[body:]) {
		return fmt.Errorf("read classifier: checksum: %w", errCorrupt)
	}
	r := &reader{rest: b[len(magic):body]}
	if version := r.number(math.MaxInt32); version != formatVersion {
		return fmt.Errorf("read classifier: format %d, not %d: %w", version, formatVersion, errCorrupt)
	}
	copy(m.examples[:], r.bytes(sha256.Size))
	m.options = Options{
		Chars: r.number(maxRun), Sounds: r.number(maxRun), Skips: r.number(maxRun), Least: r.number(maxRun),
		Marks: r.number(1) == 1, Negation: r.number(1) == 1, Concepts: r.number(1) == 1, Rarity: r.number(1) == 1, Cost: r.float(),
	}
	m.slope = r.float()
	r.labels(m)
	r.rows(m)
	if r.failed || len(r.rest) > 0 {
		return fmt.Errorf("read classifier: %w", errCorrupt)
	}
	m.index = newIndex(m.keys)
	return nil
}

// reader takes values off the front; after the first that is wrong it is failed, and
// all others are zero.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) labels(m *Model) {
	n := r.number(maxLabels)
	for range n {
		label := string(r.bytes(r.number(maxLabelSize)))
		if len(m.labels) > 0 && label <= m.labels[len(m.labels)-1] {
			r.failed = true
		}
		m.labels = append(m.labels, label)
		m.intercept = append(m.intercept, r.float())
		if r.failed {
			return
		}
	}
	if n < 2 {
		r.failed = true
	}
}

func (r *reader) rows(m *Model) {
	n := r.number(maxWeights / max(len(m.labels), 1))
	if r.failed || n > len(r.rest)/2 { // a row has two bytes at least
		r.failed = true
		return
	}
	m.keys = make([]uint32, n)
	m.weights = make([]int8, n*len(m.labels))
	before := 0
	for i := range n {
		step := r.number(math.MaxUint32 - before)
		if i > 0 && step == 0 {
			r.failed = true
		}
		before += step
		m.keys[i] = uint32(before)
		r.row(m.weights[i*len(m.labels) : (i+1)*len(m.labels)])
		if r.failed {
			return
		}
	}
}

func (r *reader) row(weights []int8) {
	next := 0
	for range r.number(len(weights)) {
		next += r.number(len(weights) - next)
		if next >= len(weights) || r.failed {
			r.failed = true
			return
		}
		weights[next] = int8(r.byte())
		next++
	}
}

// number reads a whole number up to largest.
func (r *reader) number(largest int) int {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v > uint64(largest) {
		r.failed, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return int(v)
}

func (r *reader) bytes(n int) []byte {
	if n > len(r.rest) {
		r.failed, r.rest = true, nil
		return nil
	}
	out := r.rest[:n]
	r.rest = r.rest[n:]
	return out
}

func (r *reader) byte() byte {
	if b := r.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

// float reads a finite number.
func (r *reader) float() float64 {
	b := r.bytes(8)
	if b == nil {
		return 0
	}
	v := math.Float64frombits(binary.LittleEndian.Uint64(b))
	if math.IsNaN(v) || math.IsInf(v, 0) {
		r.failed = true
	}
	return v
}
