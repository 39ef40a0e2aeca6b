package markdown_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/internal/chat"
	"verihelp/internal/markdown"
)

// body gives a text the smallest front matter; its first line is line 3.
func body(text string) string { return "---\n---\n" + text }

func TestParseReadsSectionsAndBlocks(t *testing.T) {
	const file = "---\nid: update-app\n---\n" +
		"## 兩種手機 {#both number=\"五.3\"}\n\n" +
		"先看看手機裡的\n版本,再更新 OKX\nApp。\n\n" +
		"1. 打開 App\n2. 點 ⟦立即更新⟧,\n   等它完成\n\n" +
		"- 護照\n- 駕照\n\n" +
		"## opening\nAT&amp;T 與 2\\#3 照原樣\n"
	doc, err := markdown.Parse("a.md", []byte(file))
	require.NoError(t, err)
	require.Len(t, doc.Sections, 2)

	first := doc.Sections[0]
	assert.Equal(t, "兩種手機", first.Title)
	assert.Equal(t, "both", first.Anchor)
	assert.Equal(t, map[string]string{"number": "五.3"}, first.Attributes)
	assert.Equal(t, 4, first.Line)
	assert.Equal(t, []chat.Block{
		{Kind: chat.Paragraph, Text: "先看看手機裡的版本,再更新 OKX App。"},
		{Kind: chat.Steps, Items: []string{"打開 App", "點 ⟦立即更新⟧, 等它完成"}},
		{Kind: chat.List, Items: []string{"護照", "駕照"}},
	}, first.Blocks)

	second := doc.Sections[1]
	assert.Equal(t, "opening", second.Title)
	assert.Empty(t, second.Anchor)
	assert.Equal(t, []chat.Block{{Kind: chat.Paragraph, Text: "AT&T 與 2#3 照原樣"}}, second.Blocks)
}

func TestParseAcceptsWindowsFiles(t *testing.T) {
	doc, err := markdown.Parse("a.md", []byte("\uFEFF---\r\nid: x\r\n---\r\n## 標題\r\n文字\r\n第二行\r\n"))
	require.NoError(t, err)
	assert.Equal(t, "文字第二行", doc.Sections[0].Blocks[0].Text)
}

func TestLinesAreJoinedAsChineseIsWritten(t *testing.T) {
	for _, c := range []struct{ name, lines, want string }{
		{"between Chinese characters nothing", "請重新\n拍照", "請重新拍照"},
		{"after full-width punctuation nothing", "不行\uFF0C\nOKX", "不行\uFF0COKX"},
		{"before a label in brackets nothing", "點\n⟦OKX 客服⟧", "點⟦OKX 客服⟧"},
		{"between Chinese and Latin a space", "打開\nOKX", "打開 OKX"},
		{"between Latin words a space", "OKX\nApp", "OKX App"},
		{"a hard break is a line break like any other", "請重新  \n拍照", "請重新拍照"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, err := markdown.Parse("a.md", []byte(body("## 標題\n"+c.lines)))
			require.NoError(t, err)
			assert.Equal(t, c.want, doc.Sections[0].Blocks[0].Text)
		})
	}
}

func TestParseSaysWhatIsWrongAndWhere(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"empty file", "", `a.md:1: the file is empty; begin it with a line "---"`},
		{"no front matter", "## 標題\n", `a.md:1: no front matter; begin the file with`},
		{"front matter not closed", "---\nid: x\n## 標題\n", `a.md:1: the front matter is not closed; add`},
		{"not UTF-8", body("## 標題\n\xff\xfe\n"), "a.md:4: the text is not UTF-8; save"},
		{"NUL", body("## 標題\n文\x00字\n"), `a.md:4: invisible character U+0000 after "文"; delete it`},
		{"zero-width space", body("## 標題\n文\u200b字\n"), "a.md:4: invisible character U+200B"},
		{"endless line", body("## 標題\n" + strings.Repeat("字", 5000)), "a.md:4: the line has 15000 bytes, more than 4096; break it"},
		{"too large", strings.Repeat("字\n", 300_000), "a.md:1: the file has 1200000 bytes, more than 1048576; split it"},
		{"text before a heading", body("\n文字\n"), "a.md:4: text before the first heading; begin with"},
		{"wrong level", body("### 標題\n"), "a.md:3: heading with 3 #; use ##"},
		{"no title", body("## {#a}\n"), "a.md:3: heading without a title; write it"},
		{"broken braces", body("## 標題 {#a\n"), "a.md:3: the braces of"},
		{"anchor with capitals", body("## 標題 {#Photo}\n"), `a.md:3: anchor "Photo"; use lower-case`},
		{"unquoted attribute", body("## 標題 {#a number=5}\n"), `a.md:3: the value of "number" is not in quotes; write`},
		{"anchor twice", body("## 一 {#a}\n\n## 二 {#a}\n"), `a.md:5: "a" is already the name of the section in line 3; give`},
		{"title twice", body("## ask\n\n## ask\n"), `a.md:5: "ask" is already the name`},
		{"HTML block", body("## 一\n\n<div>x</div>\n"), "a.md:5: HTML is not supported; write"},
		{"HTML in a line", body("## 一\n\n請\n按<b>這裡</b>\n"), "a.md:6: HTML is not supported; write"},
		{"link", body("## 一\n按[這裡](x)\n"), "a.md:4: a link is not supported"},
		{"address", body("## 一\n到 https://example.com 看\n"), "a.md:4: a web address in the text; put it"},
		{"image", body("## 一\n![圖](x.png)\n"), "a.md:4: an image is not supported"},
		{"emphasis", body("## 一\n**注意** 備份\n"), "a.md:4: emphasis (*) is not supported"},
		{"code", body("## 一\n`code`\n"), "a.md:4: code in `backticks` is not supported"},
		{"quotation", body("## 一\n\n> 引用\n"), `a.md:5: "> 引用" looks like a list, table or quotation`},
		{"rule under a paragraph", body("## 一\n文字\n---\n"), "a.md:5: a horizontal rule is not supported"},
		{"indented code", body("## 一\n\n    文字\n"), "a.md:5: a code block"},
		{"nested list", body("## 一\n- 外\n  - 內\n"), "a.md:5: a list item holds more than one line of text; make it one"},
		{"list in a list", body("## 一\n- - 內\n"), "a.md:4: a list inside a list item is not supported"},
		{"empty item", body("## 一\n- 一\n-\n- 三\n"), "a.md:5: empty list item 2; write it"},
		{"interrupted steps", body("## 一\n1. 甲\n\n中斷\n\n2. 乙\n"), "a.md:8: steps begin with 2; begin with 1"},
		{"Chinese numbering", body("## 一\n1、打開\n"), `a.md:4: "1、打開" looks like a list`},
		{"step without space", body("## 一\n1.打開\n"), `a.md:4: "1.打開" looks like a list`},
		{"label not closed", body("## 一\n點 ⟦客服\n"), "a.md:4: a label bracket without its other half; write"},
		{"label closed only", body("## 一\n點 客服⟧ 和 ⟦甲⟧\n"), "a.md:4: a label bracket without its other half"},
		{"label in a label", body("## 一\n點 ⟦甲⟦乙⟧\n"), "a.md:4: a label bracket without its other half"},
		{"table", body("## 一\n|a|b|\n"), `a.md:4: "|a|b|" looks like a list, table or quotation`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := markdown.Parse("a.md", []byte(c.file))
			require.Error(t, err)
			assert.Contains(t, err.Error(), c.want)
		})
	}
}

func TestParseReportsAllProblemsInOrder(t *testing.T) {
	_, err := markdown.Parse("a.md", []byte(body("# 一\n\n<b>\n\n> 引用\n")))
	require.Error(t, err)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 3)
	for i, want := range []string{"a.md:3:", "a.md:5:", "a.md:7:"} {
		assert.Contains(t, lines[i], want)
	}
}

type header struct {
	ID       string        `yaml:"id"`
	Updated  markdown.Date `yaml:"updated"`
	Rank     int           `yaml:"rank"`
	Priority bool          `yaml:"priority"`
	Sections []string      `yaml:"sections"`
}

func decode(t *testing.T, front string) (header, error) {
	t.Helper()
	doc, err := markdown.Parse("a.md", []byte("---\n"+front+"\n---\n"))
	require.NoError(t, err)
	var h header
	return h, doc.Decode(&h)
}

func TestDecodeReadsTheFrontMatter(t *testing.T) {
	doc, err := markdown.Parse("a.md", []byte("---\nid: ends-with-\nupdated: 2025-11-13\nsections: [a#b]\n---\n"))
	require.NoError(t, err)
	var h header
	require.NoError(t, doc.Decode(&h))
	assert.Equal(t, header{ID: "ends-with-", Updated: markdown.Date{Time: time.Date(2025, 11, 13, 0, 0, 0, 0, time.UTC)}, Sections: []string{"a#b"}}, h)
	assert.Equal(t, 3, doc.KeyLine("updated"))
	assert.Equal(t, 1, doc.KeyLine("source"))
	assert.EqualError(t, doc.Errorf(3, "wrong %s; do %s", "a", "b"), "a.md:3: wrong a; do b")
}

func TestDecodeSaysWhatIsWrongAndWhere(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b]"
	for _, c := range []struct{ name, front, want string }{
		{"unknown key", "id: x\ntitel: y", `a.md:3: unknown key "titel"; correct its spelling or remove it`},
		{"key twice", "id: x\nid: y", `a.md:3: key "id" stands twice; keep one`},
		{"word for a number", "id: x\nrank: high", `a.md:3: the value "high" does not fit; write a whole number`},
		{"no such day", "updated: 2025-13-40", `a.md:2: the value "2025-13-40" does not fit; write a date like 2025-11-13`},
		{"text for a list", "sections: a#b", `a.md:2: the value "a#b" does not fit; write a list like [a, b]`},
		{"word for yes or no", "priority: often", `a.md:2: the value "often" does not fit; write true or false`},
		{"broken YAML", "id: x\nsections: [a", "not valid YAML"},
		{"text only", "hello", "a.md:2: the value \"hello\" does not fit; write keys with values"},
		{"alias bomb", bomb, "a.md:2: YAML anchors and aliases are not allowed; write the value out"},
		{"two documents", "id: x\n...\nid: y", "a.md:1: more than one YAML document; keep one"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decode(t, c.front)
			require.Error(t, err)
			assert.Contains(t, err.Error(), c.want)
		})
	}
}

func TestDecodeOfNothingLeavesZeroValues(t *testing.T) {
	h, err := decode(t, "")
	require.NoError(t, err)
	assert.Zero(t, h)
}

// FuzzParse proves that no file makes the reader panic or hang, and that what it
// accepts holds no empty block and no line outside the file.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "---", "---\n---\n## a {#b c=\"d\"}\n1. x\n", body("- - - x\n"), body("## [a]: <b\n\n***\n"),
		"---\na: &a [*a]\n---\n", body("## 標題 {#a .b [}\n\\"),
	} {
		f.Add([]byte(seed))
	}
	files, err := filepath.Glob("../../knowledge/articles/*.md")
	require.NoError(f, err)
	for _, name := range files {
		src, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		doc, err := markdown.Parse("f.md", src)
		if err != nil {
			assert.Regexp(t, `^f\.md:\d+: `, err.Error())
			return
		}
		if err := doc.Decode(&header{}); err != nil {
			assert.Regexp(t, `^f\.md:\d+: `, err.Error())
		}
		for _, s := range doc.Sections {
			assert.NotEmpty(t, s.Title)
			assert.LessOrEqual(t, s.Line, 1+strings.Count(string(src), "\n"))
		}
	})
}
