package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"verihelp/intents"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pipe runs a subcommand over lines and decodes what comes out.
func pipe(t *testing.T, in string, args ...string) (code int, out []map[string]any) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), append(args, "--data-dir="+t.TempDir()), streams{in: strings.NewReader(in), out: &stdout, err: &stderr})
	for line := range strings.Lines(stdout.String()) {
		var v map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &v), line)
		out = append(out, v)
	}
	return code, out
}

func TestClassifyKeepsItsContract(t *testing.T) {
	code, out := pipe(t, strings.Join([]string{
		`{"id":"t1","text":"我的護照再45天就到期了，可以用嗎","today":"2026-11-22"}`,
		`not json`,
		`{"id":"t3"}`,
		`{"id":"t4","text":"   "}`,
		`{"id":"t5","text":"转人工","unknown":1}`,
		`{"id":"t6","text":"` + strings.Repeat(`\u8eab`, 20000) + `"}`,
		`{"id":"t7","text":"\u0000😀\u200b"}`,
		"{\"id\":\"t8\",\"text\":\"\xff\xfe\"}",
	}, "\n"), "classify", "--today=2026-11-22")
	assert.Equal(t, exitErrors, code)
	require.Len(t, out, 8, "a line out for a line in")
	assert.Equal(t, "t1", out[0]["id"])
	assert.Equal(t, "document.validity_short", out[0]["category"])
	assert.Equal(t, "answer", out[0]["action"])
	assert.Equal(t, "hant", out[0]["script"])
	facts, _ := out[0]["facts"].(map[string]any)
	assert.Equal(t, "too_short", facts["verdict"])
	assert.EqualValues(t, 45, facts["n"])
	assert.Equal(t, "day", facts["unit"])
	assert.NotEmpty(t, facts["all"])
	assert.Nil(t, out[1]["id"])
	for _, i := range []int{1, 2, 3} {
		assert.NotEmpty(t, out[i]["error"], i)
	}
	assert.Equal(t, "t3", out[2]["id"])
	assert.Equal(t, "escalate", out[4]["action"])
	assert.Equal(t, "hans", out[4]["script"])
	assert.NotEmpty(t, out[5]["category"])
	assert.Equal(t, "clarify", out[6]["action"], "no words: asks for some")
	sum := 0.0
	for _, a := range append([]any{map[string]any{"confidence": out[4]["confidence"]}}, out[4]["alternatives"].([]any)...) {
		sum += a.(map[string]any)["confidence"].(float64)
	}
	assert.InDelta(t, 1, sum, 0.2, "the best six hold nearly all probability")
}

func TestReplayKeepsItsContract(t *testing.T) {
	code, out := pipe(t, `{"id":"c1","today":"2026-11-22","turns":[{"user":"我名字里有个生僻字，系统识别不了"},{"user":"还在吗"},{"user":"不用了，取消"}]}`+"\n"+`{"id":"c2"}`, "replay")
	assert.Equal(t, exitErrors, code, "the second line has no turns")
	require.Len(t, out, 4)
	assert.Equal(t, []any{"escalate", "face.rare_character", true, "hans"}, []any{out[0]["action"], out[0]["category"], out[0]["case_open"], out[0]["script"]})
	assert.Equal(t, []any{"relay", true}, []any{out[1]["action"], out[1]["case_open"]})
	assert.Equal(t, []any{"smalltalk", false}, []any{out[2]["action"], out[2]["case_open"]})
	assert.NotEmpty(t, out[3]["error"])
}

func TestReplayIsTheSameEveryTime(t *testing.T) {
	in := `{"id":"c1","today":"2026-11-22","turns":[{"user":"認證失敗"},{"user":"1"},{"user":"還是不行"}]}`
	_, first := pipe(t, in, "replay")
	_, second := pipe(t, in, "replay")
	assert.Equal(t, first, second)
	assert.NotEmpty(t, first)
}

func TestCheckAcceptsTheShippedData(t *testing.T) {
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"check", "--data-dir=" + t.TempDir()}, streams{out: &out, err: &errs})
	assert.Equal(t, exitDone, code, errs.String())
	assert.Contains(t, out.String(), "ok:")
}

// A support lead adds a category: a folder, no Go. The model is trained at the
// first start and kept for the next.
func TestOwnCategoriesAreTrainedAndKept(t *testing.T) {
	own, data := t.TempDir(), t.TempDir()
	require.NoError(t, os.CopyFS(own, intents.Data))
	thin(t, own)
	folder := filepath.Join(own, "categories", "app.rooted_phone")
	require.NoError(t, os.Mkdir(folder, 0o700))
	category := "---\nid: app.rooted_phone\ntitle: 手機已越獄\nchoice: 手機越獄了\nkind: failure\nroute: self_service\nrank: 100\nsections: [why-verification-failed#unresponsive]\n---\n\n## opening\n我明白。\n\n## confirm\n是不是手機越獄了？\n"
	require.NoError(t, os.WriteFile(filepath.Join(folder, "category.md"), []byte(category), 0o600))
	var examples strings.Builder
	for _, words := range []string{"手機越獄了認證會擋嗎", "我的iPhone jailbreak過", "root過的安卓機不能認證", "刷過機解了root", "提示裝置已越獄", "越狱手机过不了", "手机root了提示环境异常", "說我裝置被破解不安全"} {
		examples.WriteString(words + "\n")
	}
	require.NoError(t, os.WriteFile(filepath.Join(folder, "examples.txt"), []byte(examples.String()), 0o600))

	classify := func() string {
		var out, errs bytes.Buffer
		code := run(t.Context(), []string{"classify", "--intents=" + own, "--data-dir=" + data},
			streams{in: strings.NewReader(`{"text":"我的手機越獄過，認證提示環境異常"}`), out: &out, err: &errs})
		require.Equal(t, exitDone, code, errs.String())
		return out.String()
	}
	first := classify()
	assert.Contains(t, first, `"category":"app.rooted_phone"`)
	kept, err := filepath.Glob(filepath.Join(data, "models", "*"))
	require.NoError(t, err)
	require.Len(t, kept, 1)
	before, err := os.Stat(kept[0])
	require.NoError(t, err)
	assert.Equal(t, first, classify())
	after, err := os.Stat(kept[0])
	require.NoError(t, err)
	assert.Equal(t, before.ModTime(), after.ModTime(), "not trained again")
}

// thin leaves every eighth example, so that training takes seconds.
func thin(t *testing.T, folder string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "categories", "*", "examples*.txt"))
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var kept strings.Builder
		for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
			if i%8 == 0 {
				kept.WriteString(line + "\n")
			}
		}
		require.NoError(t, os.WriteFile(file, []byte(kept.String()), 0o600))
	}
}

func FuzzClassifyLine(f *testing.F) {
	f.Add([]byte(`{"id":"t1","text":"身份证还有45天","today":"2026-11-22"}`))
	f.Add([]byte(`{"id":1,"text":"\ud800"}`))
	f.Add([]byte("{\"text\":\"\xff\"}"))
	b, err := testBrain()
	require.NoError(f, err)
	today := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, line []byte) {
		answer, bad := classifyCmd{}.line(b.engine, line, today, time.UTC)
		if bad != nil {
			assert.NotEmpty(t, bad.Error)
			return
		}
		assert.NotEmpty(t, answer.Category)
		assert.NotEmpty(t, answer.Action)
		assert.GreaterOrEqual(t, answer.Confidence, 0.0)
		assert.LessOrEqual(t, answer.Confidence, 1.0)
	})
}
