package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"verihelp/intents/linear"
)

// trainCmd writes the weights that the binary embeds.
type trainCmd struct {
	Out   string `default:"intents/linear/weights.bin" type:"path" help:"File to write."`
	Check bool   `help:"Write nothing; fail where the file is not what training gives now."`
}

// Run trains on all examples. The same examples give the same bytes everywhere.
func (c trainCmd) Run(s *settings, io streams) error {
	if s.Intents != "" {
		return usagef("train writes the weights that the binary embeds, from the embedded examples; the service trains those of BOT_INTENTS itself, at start")
	}
	if _, err := os.Stat(filepath.Dir(c.Out)); err != nil {
		return usagef("%s: no such folder; run this in the repository, or name a file with --out", filepath.Dir(c.Out))
	}
	d, err := newData(s)
	if err != nil {
		return err
	}
	model, err := linear.Train(d.catalog.Examples(), linear.Default())
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	weights, err := model.MarshalBinary()
	if err != nil {
		return fmt.Errorf("encode weights: %w", err)
	}
	if c.Check {
		return c.compare(weights, model.Hash(), io)
	}
	if err := os.WriteFile(c.Out, weights, 0o644); err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	fmt.Fprintf(io.out, "%s: %d bytes, hash %s\n", c.Out, len(weights), model.Hash())
	return nil
}

func (c trainCmd) compare(weights []byte, hash string, io streams) error {
	stored, err := os.ReadFile(c.Out)
	if err != nil {
		return usagef("%w; name the weights with --out", err)
	}
	if !bytes.Equal(stored, weights) {
		return fmt.Errorf("%s is not what the examples give; run `go run ./cmd/bot train` and commit it", c.Out)
	}
	fmt.Fprintf(io.out, "%s is up to date, hash %s\n", c.Out, hash)
	return nil
}
