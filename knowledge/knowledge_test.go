package knowledge_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/knowledge"
)

const front = "---\nid: a\ntitle: 標題\nupdated: 2025-11-13\nsource: \"\"\nabout: 說明\n---\n"

// files is a folder with the given articles.
func files(articles map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range articles {
		out["articles/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func TestLoadReadsAnArticle(t *testing.T) {
	lib, err := knowledge.Load(files(map[string]string{
		"b.md": strings.Replace(front, "id: a", "id: b", 1) + "## 二 {#two}\n文字\n",
		"a.md": strings.Replace(front, `source: ""`, "source: https://example.com/a", 1) +
			"## 一 {#one number=\"五.3\"}\n先看。\n\n1. 打開\n2. 關上\n\n## 三 {#three}\n文字\n",
		"notes.txt": "not an article",
	}))
	require.NoError(t, err)

	require.Len(t, lib.Sections(), 3)
	for i, want := range []string{"a#one", "a#three", "b#two"} {
		assert.Equal(t, want, lib.Sections()[i].ID)
	}
	require.Len(t, lib.Articles(), 2)

	a := lib.Articles()[0]
	assert.Equal(t, "https://example.com/a", a.Source)
	assert.Equal(t, time.Date(2025, 11, 13, 0, 0, 0, 0, time.UTC), a.Updated)
	s, ok := lib.Section("a#one")
	require.True(t, ok)
	assert.Same(t, a, s.Article)
	assert.Equal(t, "五.3", s.Number)
	assert.Equal(t, 8, s.Line)
	assert.Equal(t, "先看。\n1. 打開\n2. 關上", s.Text())
	_, ok = lib.Section("a#none")
	assert.False(t, ok)
}

func TestHashFollowsContentsOnly(t *testing.T) {
	load := func(text string) string {
		lib, err := knowledge.Load(files(map[string]string{"a.md": front + text}))
		require.NoError(t, err)
		return lib.Hash()
	}
	assert.Len(t, load("## 一 {#x}\n文字\n"), 12)
	assert.Equal(t, load("## 一 {#x}\n文字\n"), load("## 一 {#x}\n文字\n"))
	assert.NotEqual(t, load("## 一 {#x}\n文字\n"), load("## 一 {#x}\n字文\n"))
}

func TestLoadSaysWhatIsWrongAndWhere(t *testing.T) {
	const section = "## 一 {#x}\n文字\n"
	for _, c := range []struct{ name, file, want string }{
		{"not the file name", strings.Replace(front, "id: a", "id: b", 1) + section, `articles/a.md:2: id "b" is not the file name; write id: a`},
		{"no title", strings.Replace(front, "title: 標題", `title: ""`, 1) + section, "articles/a.md:3: no title; write"},
		{"no such day", strings.Replace(front, "2025-11-13", "2025-11-31", 1) + section, `articles/a.md:4: the value "2025-11-31" does not fit; write a date`},
		{"no date", strings.Replace(front, "updated: 2025-11-13\n", "", 1) + section, "articles/a.md:1: no date; write updated:"},
		{"source not https", strings.Replace(front, `""`, "http://example.com", 1) + section, "articles/a.md:5: source is not an https address; write"},
		{"no summary", strings.Replace(front, "about: 說明\n", "", 1) + section, "articles/a.md:1: no summary; write about:"},
		{"unknown key", strings.Replace(front, "about:", "abuot:", 1) + section, `articles/a.md:6: unknown key "abuot"`},
		{"no sections", front, "articles/a.md:2: no sections; write at least one"},
		{"no anchor", front + "## 一\n文字\n", `articles/a.md:8: section "一" has no anchor; end the heading with {#anchor}`},
		{"unknown attribute", front + "## 一 {#x nr=\"1\"}\n文字\n", `articles/a.md:8: unknown attribute "nr"; only number=`},
		{"empty section", front + "## 一 {#x}\n", `articles/a.md:8: section "一" is empty; write`},
		{"too long", front + "## 一 {#x}\n" + strings.Repeat("字", 501) + "\n", `section "一" has 501 characters, more than 500; shorten`},
		{"reinstalling without warning", front + "## 一 {#x}\n請解除安裝 App,再重新下載。\n", `articles/a.md:8: section "一" advises to uninstall or reinstall`},
		{"broken Markdown", front + "## 一 {#x}\n<b>\n", "articles/a.md:9: HTML is not supported"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := knowledge.Load(files(map[string]string{"a.md": c.file}))
			require.Error(t, err)
			assert.Contains(t, err.Error(), c.want)
		})
	}
}

func TestLoadReportsAllProblemsOfAllFilesInOrder(t *testing.T) {
	_, err := knowledge.Load(files(map[string]string{
		"b.md": "hello",
		"a.md": front + "## 一\n文字\n\n## 二 {#two}\n",
		"C.md": strings.Replace(front, "id: a", "id: C", 1) + "## 一 {#x}\n文字\n",
	}))
	require.Error(t, err)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 4)
	for i, want := range []string{"articles/C.md:2:", "articles/a.md:8:", "articles/a.md:11:", "articles/b.md:1:"} {
		assert.True(t, strings.HasPrefix(lines[i], want), lines[i])
	}
}

func TestLoadWithoutArticles(t *testing.T) {
	_, err := knowledge.Load(fstest.MapFS{})
	assert.EqualError(t, err, "articles:1: no articles; put at least one .md file into the folder articles")
}

func TestBackupWarningMissing(t *testing.T) {
	for _, text := range []string{
		"請解除安裝 App 再重新下載", "建议卸载后重新下载", "把 App 刪掉再裝", "移除 OKX 之後重開", "試試重新安裝", "重裝一次", "重灌 App", "Uninstall it",
		"先備份,再重裝", "不要卸载旧的,先重装一次", "先備份助記詞,再重裝",
	} {
		assert.True(t, knowledge.BackupWarningMissing(text), text)
	}
	for _, text := range []string{
		"先備份助記詞和私鑰,再解除安裝 App", "请先备份助记词和私钥,再卸载 App",
		"不確定的話,請先不要解除安裝", "先别卸载",
		"更新到最新版本", "解除驗證器", "清除 App 的快取", "到商店下載最新版本", "",
	} {
		assert.False(t, knowledge.BackupWarningMissing(text), text)
	}
}

// TestEmbeddedArticlesHoldTheFixedSections pins the IDs that categories and stored
// traces point to.
func TestEmbeddedArticlesHoldTheFixedSections(t *testing.T) {
	lib, err := knowledge.Load(knowledge.Data)
	require.NoError(t, err)
	for article, anchors := range map[string]string{
		"why-verification-failed": "first-checks photo-upload unresponsive camera face-recognition info-mismatch rare-character " +
			"face-document-mismatch id-occupied invalid-id validity photo-unclear wrong-type address-proof not-original pages-missing " +
			"damaged expired language identity-change deaf-mute video-procedure c2c-restricted underage country country-list country-partly country-closed",
		"update-app":             "both android iphone cannot-enter",
		"account-migration":      "one-id-one-account move-contact not-yours no-merge",
		"how-to-verify":          "where what-is-asked documents after-submitting nationality uid",
		"id-and-selfie":          "document-photo selfie selfie-with-document",
		"authenticator":          "set-up codes-refused lost-access after-change keep-safe",
		"face-recognition-guide": "before during too-many-tries same-network android-google",
	} {
		for _, anchor := range strings.Fields(anchors) {
			_, ok := lib.Section(article + "#" + anchor)
			assert.True(t, ok, "%s#%s", article, anchor)
		}
	}
}

// FuzzLoad proves that no file makes the loader panic, and that every section of a
// library it accepts can be shown.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(front + "## 一 {#x number=\"五.3\"}\n1. 打開\n"))
	f.Add([]byte(front))
	f.Fuzz(func(t *testing.T, src []byte) {
		lib, err := knowledge.Load(fstest.MapFS{"articles/a.md": {Data: src}})
		if err != nil {
			assert.Regexp(t, `^articles/a\.md:\d+: `, err.Error())
			return
		}
		for _, s := range lib.Sections() {
			assert.NotEmpty(t, s.Text())
			assert.NotEmpty(t, s.Anchor)
		}
	})
}
