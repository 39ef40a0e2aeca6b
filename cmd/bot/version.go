package main

import (
	"cmp"
	"fmt"
	"maps"
	"runtime"
	"runtime/debug"
	"slices"
)

// versionCmd prints what was built.
type versionCmd struct{}

// Run prints the module's version, the commit where it is known, and Go's.
func (versionCmd) Run(s streams) error { //nolint:unparam // kong wants the error
	version := "(unknown)"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.Main.Version
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				version += " " + setting.Value
			}
		}
	}
	fmt.Fprintln(s.out, "verihelp", version, runtime.Version())
	return nil
}

// sorted lists a map's keys in order.
func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
