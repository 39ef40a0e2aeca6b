package channelstest

import (
	"context"
	"errors"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// start calls run in a goroutine and returns a function that ends it, waits for
// it and checks that none of the adapter's goroutines is left. It is called at
// the end of the test at the latest.
func start(t *testing.T, adapter any, run func(context.Context) error) (stop func()) {
	t.Helper()
	before := goroutines(adapter)
	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error, 1)
	go func() { result <- run(ctx) }()
	stop = sync.OnceFunc(func() {
		select {
		case err := <-result:
			t.Errorf("Run returned before its context ended: %v", err)
			return
		default:
		}
		cancel()
		select {
		case err := <-result:
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("Run failed although its context ended: %v", err)
			}
		case <-time.After(patience):
			t.Errorf("Run still runs %v after its context ended", patience)
			return
		}
		noneLeft(t, adapter, before)
	})
	t.Cleanup(stop)
	return stop
}

// noneLeft gives goroutines that have done their last statement a moment to
// leave the stack.
func noneLeft(t *testing.T, adapter any, before map[string]string) {
	t.Helper()
	var left []string
	gone := func() bool {
		left = left[:0]
		for id, stack := range goroutines(adapter) {
			if _, old := before[id]; !old {
				left = append(left, stack)
			}
		}
		return len(left) == 0
	}
	if !assert.Eventually(t, gone, patience/5, time.Millisecond, "goroutines outlive Run") {
		t.Log(strings.Join(left, "\n\n"))
	}
}

var stackFrame = regexp.MustCompile(`(?m)^(?:created by )?(\S+)\(?.*\n\t(\S+\.go):\d+`)

// goroutines returns the stacks, by goroutine, that are in code of the adapter's
// package; its test files do not count, so that a harness may have its own.
func goroutines(adapter any) map[string]string {
	kind := reflect.TypeOf(adapter)
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	inPackage := kind.PkgPath() + "."
	buf := make([]byte, 4<<20)
	buf = buf[:runtime.Stack(buf, true)]
	found := map[string]string{}
	for stack := range strings.SplitSeq(string(buf), "\n\n") {
		for _, frame := range stackFrame.FindAllStringSubmatch(stack, -1) {
			if strings.HasPrefix(frame[1], inPackage) && !strings.HasSuffix(frame[2], "_test.go") {
				id, _, _ := strings.Cut(stack, " [")
				found[id] = stack
				break
			}
		}
	}
	return found
}

// shows waits until the text that people see holds all the wanted pieces, in
// this order.
func shows(t testing.TB, see func() string, wanted ...string) {
	t.Helper()
	var got string
	inOrder := func() bool {
		got = see()
		rest := got
		for _, piece := range wanted {
			_, after, found := strings.Cut(rest, piece)
			if !found {
				return false
			}
			rest = after
		}
		return true
	}
	require.Eventually(t, inOrder, patience, 5*time.Millisecond, "not shown in order: %q", wanted)
}
