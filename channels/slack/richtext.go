package slack

import (
	"encoding/json"
	"strconv"
	"strings"
)

// element is any element of a rich_text block, at any depth.
type element struct {
	Type     string    `json:"type"`
	Text     string    `json:"text"`
	URL      string    `json:"url"`
	User     string    `json:"user_id"`
	Name     string    `json:"name"`
	Unicode  string    `json:"unicode"`
	Range    string    `json:"range"`
	Style    any       `json:"style"` // a word for lists, an object for texts
	Offset   int       `json:"offset"`
	Fallback string    `json:"fallback"`
	Elements []element `json:"elements"`
}

// words turns what staff typed into the text that a user reads: names for
// mentions, addresses for links, characters for emoji. The blocks tell more than
// the text; what they do not tell is read from the text.
func words(m message, name func(user string) string) string {
	var blocks []element
	if json.Unmarshal(m.Blocks, &blocks) == nil && len(blocks) == 1 && blocks[0].Type == "rich_text" {
		r := reader{name: name}
		r.lines(blocks[0].Elements)
		if text := strings.TrimSpace(r.out.String()); text != "" && !r.lost {
			return text
		}
	}
	return strings.TrimSpace(unescape(m.Text, name))
}

type reader struct {
	out  strings.Builder
	name func(string) string
	lost bool // an element that we do not know
}

func (r *reader) lines(elements []element) {
	for i, e := range elements {
		if i > 0 && !strings.HasSuffix(r.out.String(), "\n") {
			r.out.WriteByte('\n')
		}
		switch e.Type {
		case "rich_text_section", "rich_text_quote", "rich_text_preformatted":
			r.inline(e.Elements)
		case "rich_text_list":
			r.list(e)
		default:
			r.lost = true
		}
	}
}

func (r *reader) list(e element) {
	for i, item := range e.Elements {
		if i > 0 {
			r.out.WriteByte('\n')
		}
		if e.Style == "ordered" {
			r.out.WriteString(strconv.Itoa(e.Offset+i+1) + ". ")
		} else {
			r.out.WriteString("・")
		}
		r.inline(item.Elements)
	}
}

func (r *reader) inline(elements []element) {
	for _, e := range elements {
		switch e.Type {
		case "text":
			r.out.WriteString(e.Text)
		case "link":
			r.out.WriteString(link(e.URL, e.Text))
		case "user":
			r.out.WriteString("@" + r.name(e.User))
		case "emoji":
			r.out.WriteString(emoji(e.Unicode, e.Name))
		case "broadcast":
			r.out.WriteString("@" + e.Range)
		case "date":
			r.out.WriteString(e.Fallback)
		default:
			r.lost = true
		}
	}
}

func link(url, text string) string {
	url = strings.TrimPrefix(url, "mailto:")
	if text == "" || text == url || "http://"+text == url || "https://"+text == url {
		return url
	}
	return text + " " + url
}

// emoji reads code points in hexadecimal, joined by hyphens; a custom emoji has
// none and keeps its name.
func emoji(codes, name string) string {
	var out strings.Builder
	for code := range strings.SplitSeq(codes, "-") {
		r, err := strconv.ParseInt(code, 16, 32)
		if err != nil {
			return ":" + name + ":"
		}
		out.WriteRune(rune(r))
	}
	return out.String()
}

var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// unescape reads Slack's text form: <@U1>, <#C1|name>, <!here>, <https://…|label>
// and three entities.
func unescape(text string, name func(string) string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "<")
		out.WriteString(entities.Replace(before))
		if !found {
			return out.String()
		}
		inner, after, closed := strings.Cut(rest, ">")
		if !closed {
			out.WriteString("<" + entities.Replace(rest))
			return out.String()
		}
		out.WriteString(reference(inner, name))
		text = after
	}
}

func reference(inner string, name func(string) string) string {
	target, label, _ := strings.Cut(inner, "|")
	target, label = entities.Replace(target), entities.Replace(label)
	switch {
	case strings.HasPrefix(target, "@"):
		return "@" + name(target[1:])
	case strings.HasPrefix(target, "#"):
		if label == "" {
			label = target[1:]
		}
		return "#" + label
	case strings.HasPrefix(target, "!"):
		if label == "" {
			label = target[1:]
		}
		return "@" + strings.TrimPrefix(label, "@")
	}
	return link(target, label)
}
