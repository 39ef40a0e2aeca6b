package store

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"verihelp/internal/chat"
)

// A time that is added to the vocabulary must not be forgotten in inUTC.
func TestEveryTimeOfACommitBecomesUTC(t *testing.T) {
	local := time.Date(2026, 11, 22, 20, 0, 0, 0, time.FixedZone("UTC+8", 8*60*60))
	item, event := chat.Item{}, chat.Event{}
	eachTime(reflect.ValueOf(&item), "Item", func(_ string, v reflect.Value) { v.Set(reflect.ValueOf(local)) })
	eachTime(reflect.ValueOf(&event), "Event", func(_ string, v reflect.Value) { v.Set(reflect.ValueOf(local)) })

	times := 0
	commit := inUTC(chat.Commit{Items: []chat.Item{item}, Events: []chat.Event{event}})
	check := func(path string, v reflect.Value) {
		times++
		assert.Equal(t, local.UTC(), v.Interface(), path)
	}
	eachTime(reflect.ValueOf(&commit.Items[0]), "Item", check)
	eachTime(reflect.ValueOf(&commit.Events[0]), "Event", check)
	assert.GreaterOrEqual(t, times, 8)
}

// eachTime visits every time in a structure. It fills empty pointers and
// lists, so that nothing is passed over.
func eachTime(v reflect.Value, path string, visit func(path string, v reflect.Value)) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		eachTime(v.Elem(), path, visit)
	case reflect.Slice:
		if v.Len() == 0 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		eachTime(v.Index(0), path, visit)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			visit(path, v)
			return
		}
		for i := range v.NumField() {
			eachTime(v.Field(i), path+"."+v.Type().Field(i).Name, visit)
		}
	}
}
