package main

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// unreadable is how kong says that a flag cannot have a value, wherever it was
// written.
var unreadable = regexp.MustCompile(`^--([a-z-]+)(?:: | must be ).*but got ("(?:[^"\\]|\\.)*")`)

// badSetting says which setting has a value that cannot be read, as the operator
// wrote it, and what is allowed; nil if the error is about something else.
func badSetting(model *kong.Application, args []string, file map[string]string, err error) error {
	if err == nil {
		return nil
	}
	found := unreadable.FindStringSubmatch(err.Error())
	if found == nil {
		return nil
	}
	at := slices.IndexFunc(model.Flags, func(f *kong.Flag) bool { return f.Name == found[1] && len(f.Envs) > 0 })
	if at < 0 {
		return nil // a flag of a subcommand: wrong use
	}
	flag := model.Flags[at]
	name, place := written(flag, args, file)
	return fmt.Errorf("%s is %s%s; %s", name, found[2], place, allowed(flag))
}

// written says where a setting's value stands: flags beat the environment, which
// beats the file.
func written(flag *kong.Flag, args []string, file map[string]string) (name, place string) {
	byFlag := slices.ContainsFunc(args, func(arg string) bool {
		return arg == "--"+flag.Name || strings.HasPrefix(arg, "--"+flag.Name+"=")
	})
	if byFlag {
		return "--" + flag.Name, ""
	}
	name = flag.Envs[0]
	_, inEnvironment := os.LookupEnv(name)
	if _, inFile := file[name]; inFile && !inEnvironment {
		return name, " in the settings file"
	}
	return name, ""
}

// allowed says what the values of a setting look like.
func allowed(flag *kong.Flag) string {
	if flag.Enum != "" {
		return "use one of " + strings.Join(flag.EnumSlice(), ", ")
	}
	if flag.Target.Type() == reflect.TypeFor[time.Duration]() {
		return "write a time with its unit, like " + flag.Default
	}
	switch flag.Target.Kind() {
	case reflect.Bool:
		return "write true or false"
	case reflect.Float64:
		return "write a number, like " + flag.Default
	case reflect.Int:
		return "write a whole number, like " + flag.Default
	case reflect.Map:
		return "write name=value, several with commas"
	}
	return "see what `bot config` says of it"
}
