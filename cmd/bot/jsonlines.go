package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// maxLine is the longest input line that is read, in bytes: 20,000 characters
// fit in it even when each is written as a JSON escape.
const maxLine = 4 << 20

// eachLine calls f for every line of JSON Lines that is not blank, also for the
// last one without a line break. A line that is too long is skipped whole and
// given as nil.
func eachLine(r io.Reader, f func(line []byte) error) error {
	in := bufio.NewReaderSize(r, 64<<10)
	for {
		line, err := readLine(in)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read input: %w", err)
		}
		last := errors.Is(err, io.EOF)
		if last && line != nil && len(line) == 0 {
			return nil // what follows the last line break is no line
		}
		if err := f(line); err != nil || last {
			return err
		}
	}
}

func readLine(in *bufio.Reader) ([]byte, error) {
	line := []byte{}
	tooLong := false
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			tooLong = true
		}
		if !tooLong {
			line = append(line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if tooLong {
			return nil, err
		}
		return line, err
	}
}

// lineWriter writes a JSON object a line and flushes each, so that the program
// can be driven as a pipe.
type lineWriter struct{ out *bufio.Writer }

func newLineWriter(w io.Writer) lineWriter { return lineWriter{bufio.NewWriter(w)} }

func (w lineWriter) write(v any) error {
	enc := json.NewEncoder(w.out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	if err := w.out.Flush(); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}

// badLine is the answer to a line that cannot be read.
type badLine struct {
	ID    json.RawMessage `json:"id"`
	Error string          `json:"error"`
}

// dayOf reads a date; empty means fallback.
func dayOf(text string, fallback time.Time, zone *time.Location) (time.Time, error) {
	if text == "" {
		return fallback, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("today must be a date like 2026-11-22, not %q", text)
	}
	return day.Add(10 * time.Hour), nil
}
