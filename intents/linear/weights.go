package linear

import (
	_ "embed"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"verihelp/intents"
)

// Weights is the shipped model, trained on the shipped examples.
//
//go:embed weights.bin
var Weights []byte

// LoadOrTrain returns a model of the catalogue's examples: the shipped one if they
// are the shipped examples, else the one that an earlier call left in cacheDir, else
// a new one, which it leaves there. A damaged or outdated file is trained anew; an
// empty cacheDir keeps nothing.
func LoadOrTrain(catalog *intents.Catalog, cacheDir string) (*Model, error) {
	examples, o := catalog.Examples(), Default()
	name := fingerprintName(examples, o)
	if m, ok := decode(Weights, examples, o); ok {
		return m, nil
	}
	if cacheDir != "" {
		stored, _ := os.ReadFile(filepath.Join(cacheDir, name)) // absent the first time
		if m, ok := decode(stored, examples, o); ok {
			return m, nil
		}
	}
	m, err := Train(examples, o)
	if err != nil || cacheDir == "" {
		return m, err
	}
	if err := keep(m, cacheDir, name); err != nil {
		return nil, fmt.Errorf("keep trained classifier: %w", err)
	}
	return m, nil
}

func decode(stored []byte, examples []intents.Example, o Options) (*Model, bool) {
	m := new(Model)
	if m.UnmarshalBinary(stored) != nil || !m.TrainedOn(examples, o) {
		return nil, false
	}
	return m, true
}

func fingerprintName(examples []intents.Example, o Options) string {
	sum := Fingerprint(examples, o)
	return "classifier-" + hex.EncodeToString(sum[:8]) + ".bin"
}

// keep writes the model beside its place and moves it there, so that a process that
// starts at the same time never reads half a file.
func keep(m *Model, dir, name string) error {
	stored, err := m.MarshalBinary()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, name+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(stored)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		os.Remove(f.Name()) //nolint:errcheck // the first error is the one to tell
	}
	return err
}
