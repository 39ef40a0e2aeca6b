package slacktest

import (
	"encoding/json"
	"net/url"
	"unicode/utf8"
)

// Limits of Block Kit that a desk can run into, in characters.
const (
	maxText   = 40_000
	maxBlocks = 50
	maxAll    = 13_200 // over all blocks of a message; hidden
	maxView   = 100    // blocks
)

// limits of one text, by the type of what holds it.
var limits = map[string]int{"header": 150, "section": 3000, "button": 75, "context": 3000, "input": 2000, "option": 75, "plain_text_input": 150}

// badMessage is Slack's error for a message that breaks a limit.
func badMessage(v url.Values) string {
	switch blocks := v.Get("blocks"); {
	case v.Get("text") == "" && blocks == "":
		return "no_text"
	case utf8.RuneCountInString(v.Get("text")) > maxText:
		return "msg_too_long"
	case blocks != "":
		return badBlocks(json.RawMessage(blocks), maxBlocks, maxAll)
	}
	return ""
}

func badBlocks(raw json.RawMessage, most, all int) string {
	var blocks []map[string]any
	if json.Unmarshal(raw, &blocks) != nil || len(blocks) > most {
		return "invalid_blocks"
	}
	total := 0
	for _, b := range blocks {
		if !fits(b, &total) {
			return "invalid_blocks"
		}
	}
	if total > all {
		return "msg_blocks_too_long"
	}
	return ""
}

// fits checks the texts, values and IDs of a block and what is in it.
func fits(b map[string]any, total *int) bool {
	kind, _ := b["type"].(string)
	if kind == "" && b["value"] != nil {
		kind = "option"
	}
	if text, ok := b["text"].(map[string]any); ok && !fitsText(text, limits[kind]) {
		return false
	}
	if text, ok := b["text"].(string); ok {
		if text == "" {
			return false
		}
		*total += utf8.RuneCountInString(text)
	}
	if value, ok := b["value"].(string); ok && (kind == "button" && len(value) > 2000 || kind == "option" && len(value) > 75) {
		return false
	}
	seen := map[string]bool{}
	for _, key := range []string{"elements", "options", "element", "accessory", "fields", "text"} {
		children, _ := b[key].([]any)
		if one, ok := b[key].(map[string]any); ok {
			children = []any{one}
		}
		if key == "elements" && (kind == "actions" && len(children) > 25 || kind == "context" && len(children) > 10) || key == "options" && (len(children) > 100 || kind == "overflow" && len(children) > 5) {
			return false
		}
		for _, c := range children {
			child, ok := c.(map[string]any)
			if !ok || !fits(child, total) {
				return false
			}
			if id, _ := child["action_id"].(string); id != "" {
				if seen[id] || len(id) > 255 {
					return false
				}
				seen[id] = true
			}
		}
	}
	return true
}

func fitsText(text map[string]any, limit int) bool {
	s, _ := text["text"].(string)
	return s != "" && (limit == 0 || utf8.RuneCountInString(s) <= limit)
}
