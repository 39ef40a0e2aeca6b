package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/intents"
	"verihelp/knowledge"
)

// folders are a support lead's copies of the data, with few examples.
func folders(t *testing.T) (articles, words string) {
	t.Helper()
	articles, words = filepath.Join(t.TempDir(), "articles-of-ours"), filepath.Join(t.TempDir(), "words-of-ours")
	require.NoError(t, os.CopyFS(articles, knowledge.Data))
	require.NoError(t, os.CopyFS(words, intents.Data))
	thin(t, words)
	return articles, words
}

func rewrite(t *testing.T, path string, change func(string) string) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	changed := change(string(text))
	require.NotEqual(t, string(text), changed, path)
	require.NoError(t, os.WriteFile(path, []byte(changed), 0o600))
}

func TestCheckNamesAllProblemsOfAllFilesAtOnce(t *testing.T) {
	articles, words := folders(t)
	category := func(id, file string) string { return filepath.Join(words, "categories", id, file) }
	replace := func(path, from, to string) {
		rewrite(t, path, func(text string) string { return strings.Replace(text, from, to, 1) })
	}
	add := func(path, text string) { rewrite(t, path, func(before string) string { return before + text }) }
	replace(filepath.Join(articles, "articles", "update-app.md"), "updated:", "updatd:")
	add(filepath.Join(articles, "articles", "update-app.md"), "\n<b>粗體</b>\n")
	replace(filepath.Join(articles, "articles", "how-to-verify.md"), "title:", "title: \"\" #")
	replace(category("app.camera", "category.md"), "related: [", "related: [update-app#none, id-and-selfie#none, ")
	replace(category("app.camera", "category.md"), "next: [", "next: [app.none, ")
	replace(category("app.camera", "category.md"), "鏡頭打不開，", "镜头打不开，這裡的鏡頭")
	replace(category("app.photo_upload", "category.md"), "rank:", "rnak:")
	add(category("app.photo_upload", "category.md"), "\n## hello\n您好\n")
	replace(category("face.recognition_failed", "category.md"), "---\n", "---\nid: [\n")
	add(category("app.camera", "examples.txt"), "今天要換手機的鏡頭打不開怎麼處理才好\n")
	add(category("unclear", "examples.txt"), "今天要换手机的镜头打不开怎么处理才好\n")
	add(category("out_of_scope", "examples.txt"), "今天要換手機的鏡頭打不開怎麼處理才好呢\n")
	replace(filepath.Join(words, "phrases.yaml"), "choice.yes: 是\n", "")
	replace(filepath.Join(words, "phrases.yaml"), "choice.no: 不是", "choice.no: 不是 {a} {b}")
	add(filepath.Join(words, "questions.yaml"), "- id: where\n  text: [\n")

	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"check", "--knowledge=" + articles, "--intents=" + words, "--data-dir=" + t.TempDir()}, streams{out: &out, err: &errs})
	assert.Equal(t, exitErrors, code)
	assert.Empty(t, out.String())
	told := strings.Split(strings.TrimSpace(errs.String()), "\n")
	for _, want := range []string{
		`articles/update-app\.md:\d+: unknown key "updatd"`,
		`articles/update-app\.md:\d+: HTML is not supported`,
		`articles/how-to-verify\.md:3: no title`,
		`app\.camera/category\.md:9: section "id-and-selfie#none" is in no article`,
		`app\.camera/category\.md:10: next: "app\.none" is unknown`,
		`app\.camera/category\.md:\d+: in zh-Han[st]\S*: `,
		`app\.photo_upload/category\.md:\d+: unknown key "rnak"`,
		`app\.photo_upload/category\.md:\d+: text "hello" means nothing here`,
		`face\.recognition_failed/category\.md:\d+: not valid YAML`,
		`unclear/examples\.txt:\d+: the same example as categories/app\.camera/examples\.txt:\d+`,
		`examples\.txt:\d+: nearly the same as categories/\S+/examples\.txt:\d+`,
		`phrases\.yaml:1: key "choice\.yes" is missing`,
		`phrases\.yaml:\d+: "choice\.no" cannot use {a}`,
		`phrases\.yaml:\d+: "choice\.no" cannot use {b}`,
		`questions\.yaml:\d+: not valid YAML`,
	} {
		assert.Regexp(t, regexp.MustCompile(`(?m)^\S*-of-ours/\S*`+want), errs.String())
	}
	for _, line := range told[:len(told)-1] {
		assert.Regexp(t, `^\S*-of-ours/\S+:[1-9]\d*: .+`, line, "a file and a line")
	}
	assert.NotContains(t, errs.String(), "update-app#none", "whether an article that cannot be read has a section is not known")
	assert.Regexp(t, `^bot: problems: \d+$`, told[len(told)-1])
}
