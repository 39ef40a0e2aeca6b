// Command train writes the shipped weights. Run it with go generate after a change
// of the examples; the same examples give the same bytes.
package main

import (
	"fmt"
	"os"

	"verihelp/intents"
	"verihelp/intents/linear"
)

func main() {
	if err := run("weights.bin"); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(file string) error {
	examples, err := intents.ReadExamples(intents.Data)
	if err != nil {
		return err
	}
	model, err := linear.Train(examples, linear.Default())
	if err != nil {
		return err
	}
	stored, err := model.MarshalBinary()
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, stored, 0o644); err != nil {
		return err
	}
	fmt.Printf("%s: %d examples, %d labels, %d bytes, %s\n",
		file, len(examples), len(model.Labels()), len(stored), model.Hash())
	return nil
}
