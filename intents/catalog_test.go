package intents_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/intents"
)

const failureFile = `---
id: app.camera
title: 相機打不開
choice: 相機打不開
kind: failure
route: self_service
rank: 100
sections: [why#camera]
next: [unclear]
---

## opening
相機打不開，真的很讓人著急。

## confirm
是不是相機打不開？
`

const unclearFile = `---
id: unclear
title: 說不清楚
kind: unclear
route: clarify
rank: 200
---

## reply
請問卡在哪一步？

## not_helped
那我們再看看。
`

const questionsFile = `- id: where
  text: 卡在哪一步？
  options:
    - label: 拍照
      categories: [app.camera]
    - label: 說不上來
      categories: [unclear]
`

// catalog is a small catalogue without a fault; files are added to it or, when
// empty, taken away.
func catalog(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range map[string]string{
		"categories/app.camera/category.md":          failureFile,
		"categories/app.camera/examples.txt":         "# how people say it\n\n相機打不開\n摄像头黑屏\n",
		"categories/unclear/category.md":             unclearFile,
		"categories/unclear/examples.txt":            "認證失敗\n",
		"categories/unclear/examples.not_helped.txt": "還是不行\n",
		"questions.yaml":                             questionsFile,
	} {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
		if text == "" {
			delete(fsys, name)
		}
	}
	return fsys
}

func TestAFolderIsACategory(t *testing.T) {
	c, err := intents.Load(catalog(nil))
	require.NoError(t, err)
	cat, ok := c.Get("unclear")
	require.True(t, ok)
	assert.Equal(t, []string{"not_helped"}, cat.Variants)
	assert.Equal(t, "那我們再看看。", cat.Texts["not_helped"][0].Text)
	assert.Equal(t, []intents.Example{
		{Label: "app.camera", Text: "相機打不開", File: "categories/app.camera/examples.txt", Line: 3},
		{Label: "app.camera", Text: "摄像头黑屏", File: "categories/app.camera/examples.txt", Line: 4},
		{Label: "unclear/not_helped", Text: "還是不行", File: "categories/unclear/examples.not_helped.txt", Line: 1},
		{Label: "unclear", Text: "認證失敗", File: "categories/unclear/examples.txt", Line: 1},
	}, c.Examples())
	assert.Len(t, c.Questions(), 1)
	_, ok = c.Get("nowhere")
	assert.False(t, ok)
}

func TestFilesFollowTheRouteUnlessTheCategorySays(t *testing.T) {
	of := func(from, to string) intents.FilePolicy {
		c, err := intents.Load(catalog(map[string]string{"categories/app.camera/category.md": strings.Replace(failureFile, from, to, 1) +
			"\n## why_human\n要看過。\n\n## prepare\n- 畫面\n\n## never_send\n證件不要傳來。\n"}))
		require.NoError(t, err)
		cat, _ := c.Get("app.camera")
		return cat.Files
	}
	assert.Equal(t, intents.FilesRefused, of("", ""))
	assert.Equal(t, intents.FilesWarned, of("self_service", "human"))
	assert.Equal(t, intents.FilesWarned, of("next:", "files: warned\nnext:"))
	assert.Equal(t, intents.FilesRefused, of("route: self_service", "route: human\nfiles: refused"))
}

func TestTheHashKnowsEveryFile(t *testing.T) {
	first, err := intents.Load(catalog(nil))
	require.NoError(t, err)
	same, err := intents.Load(catalog(nil))
	require.NoError(t, err)
	other, err := intents.Load(catalog(map[string]string{"categories/unclear/examples.txt": "認證沒過\n"}))
	require.NoError(t, err)
	assert.Equal(t, first.Hash(), same.Hash())
	assert.NotEqual(t, first.Hash(), other.Hash())
}

func TestMistakesAreToldWithTheirPlace(t *testing.T) {
	const camera = "categories/app.camera/"
	change := func(from, to string) map[string]string {
		return map[string]string{camera + "category.md": strings.Replace(failureFile, from, to, 1)}
	}
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"an unknown key", change("rank:", "order:"), camera + "category.md:7: "},
		{"another ID than the folder's", change("id: app.camera", "id: app.kamera"), camera + "category.md:2: id is"},
		{"a route that does not fit", change("self_service", "smalltalk"), camera + "category.md:6: route"},
		{"a kind that does not exist", change("kind: failure", "kind: trouble"), camera + "category.md:5: kind"},
		{"a policy for files that is none", change("next:", "files: maybe\nnext:"), camera + `category.md:9: files: "maybe" is unknown; use one of allowed, warned, refused`},
		{"files allowed against its own text", map[string]string{camera + "category.md": strings.Replace(failureFile, "next:", "files: allowed\nnext:", 1) + "\n## never_send\n證件不要傳來。\n"},
			camera + `category.md:1: files are allowed, but the text "never_send"`},
		{"an unknown fact", change("next:", "fact: weather\nnext:"), `fact "weather" is unknown`},
		{"a fact without its texts", change("next:", "fact: age\nnext:"), `text "underage" is missing`},
		{"a title too long for a card", change("title: 相機打不開", "title: "+strings.Repeat("長", 15)), "title has 15 characters; shorten it to 14"},
		{"a missing text", change("## confirm", "## opening2"), `text "confirm" is missing`},
		{"a text nobody shows", change("## confirm", "## hello"), `category.md:15: text "hello" means nothing here`},
		{"a placeholder nobody fills", change("著急", "{feeling}"), "placeholder {feeling} is unknown"},
		{"an unknown next category", change("[unclear]", "[app.none]"), `"app.none" is unknown`},
		{"a section that is none", change("why#camera", "camera"), `"camera" is not a section`},
		{"no examples", map[string]string{camera + "examples.txt": ""}, camera + "examples.txt:1: is missing"},
		{"only comments", map[string]string{camera + "examples.txt": "# later\n"}, camera + "examples.txt:1: holds no example"},
		{"no category.md", map[string]string{camera + "category.md": ""}, camera + "category.md:1: "},
		{"a file that means nothing", map[string]string{camera + "notes.txt": "x"}, camera + "notes.txt:1: means nothing here"},
		{"a variant without a text", map[string]string{camera + "examples.black.txt": "鏡頭全黑"}, `text "black" is missing`},
		{"an example twice, in both scripts", map[string]string{camera + "examples.txt": "相機打不開\n相机打不开\n"},
			camera + "examples.txt:2: the same example as " + camera + "examples.txt:1"},
		{"an example in two categories", map[string]string{camera + "examples.txt": "认证失败\n"},
			"categories/unclear/examples.txt:1: the same example as " + camera + "examples.txt:1, in another label"},
		{"an example that is not UTF-8", map[string]string{camera + "examples.txt": "ok\n\xff\n"}, camera + "examples.txt:2: the text is not UTF-8"},
		{"a question with one option", map[string]string{"questions.yaml": "- id: a\n  text: b\n  options:\n    - {label: c, categories: [unclear]}\n"},
			`questions.yaml:1: question "a" has 1 options`},
		{"a question about nothing known", map[string]string{"questions.yaml": strings.Replace(questionsFile, "[unclear]", "[app.none]", 1)},
			`category "app.none" is unknown`},
		{"no questions", map[string]string{"questions.yaml": ""}, "questions.yaml:1: "},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := intents.Load(catalog(test.files))
			require.Error(t, err)
			assert.Contains(t, err.Error(), test.want)
		})
	}
}

func TestAllMistakesAreToldAtOnce(t *testing.T) {
	_, err := intents.Load(catalog(map[string]string{
		"categories/app.camera/notes.txt": "x",
		"categories/unclear/notes.txt":    "x",
		"questions.yaml":                  "",
	}))
	require.Error(t, err)
	lines := strings.Split(err.Error(), "\n")
	assert.Len(t, lines, 3)
	assert.Contains(t, lines[0], "app.camera")
	assert.Contains(t, lines[2], "questions.yaml")
}

func TestSectionsAreCheckedAgainstTheLibrary(t *testing.T) {
	c, err := intents.Load(catalog(nil))
	require.NoError(t, err)
	assert.NoError(t, c.CheckSections(func(id string) bool { return id == "why#camera" }))
	assert.ErrorContains(t, c.CheckSections(func(string) bool { return false }), `"why#camera"`)
}

func TestMergeSumsAVariantIntoItsCategory(t *testing.T) {
	merged := intents.Merge([]intents.Guess{{Label: "b", P: 0.4}, {Label: "a/x", P: 0.3}, {Label: "a", P: 0.2}, {Label: "c", P: 0.1}})
	require.Len(t, merged, 3)
	assert.Equal(t, "a", merged[0].Label)
	assert.InDelta(t, 0.5, merged[0].P, 1e-12)
	category, variant := intents.Split("a/x")
	assert.Equal(t, "a", category)
	assert.Equal(t, "x", variant)
}

func TestFoldsHoldEveryExampleOnceAndNeighboursTogether(t *testing.T) {
	examples := []intents.Example{{Label: "a"}, {Label: "a"}, {Label: "b"}, {Label: "a"}, {Label: "a"}, {Label: "b"}}
	assert.Equal(t, [][]int{{0, 1, 2}, {3, 4, 5}}, intents.Folds(examples, 2))
}

func FuzzLoad(f *testing.F) {
	f.Add(failureFile, "相機打不開\n", questionsFile)
	f.Add("", "", "")
	f.Add("---\n---\n", "#\n\xff\n", "- {}\n- options: [{}]\n")
	f.Fuzz(func(t *testing.T, category, examples, questions string) {
		c, err := intents.Load(fstest.MapFS{
			"categories/app.camera/category.md":          {Data: []byte(category)},
			"categories/app.camera/examples.txt":         {Data: []byte(examples)},
			"categories/unclear/category.md":             {Data: []byte(unclearFile)},
			"categories/unclear/examples.txt":            {Data: []byte("認證失敗")},
			"categories/unclear/examples.not_helped.txt": {Data: []byte("還是不行")},
			"questions.yaml":                             {Data: []byte(questions)},
		})
		_ = c.CheckSections(func(string) bool { return false }) // also of what could be read beside an error
		for _, cat := range c.All() {
			assert.NotEmpty(t, cat.ID)
		}
		if err != nil {
			assert.Regexp(t, `^\S+:\d+: `, err.Error())
		}
	})
}
