package intents_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/intents"
)

const answersFile = `---
id: app.camera
---

## 權限在哪裡開 {#permission source="why#camera"}

- 怎么开相机权限
- 點開權限

打開手機的「設定」。

## 那怎麼辦 {#then}

請真人客服看。
`

func TestACategoryHasAnswers(t *testing.T) {
	c, err := intents.Load(catalog(map[string]string{"categories/app.camera/answers.md": answersFile}))
	require.NoError(t, err)
	all := c.Answers("app.camera")
	require.Len(t, all, 2)
	assert.Equal(t, "permission", all[0].ID)
	assert.Equal(t, []string{"權限在哪裡開", "怎么开相机权限", "點開權限"}, all[0].Asked)
	assert.Equal(t, "why#camera", all[0].Section)
	assert.Equal(t, "打開手機的「設定」。", all[0].Blocks[0].Text)
	assert.Equal(t, intents.WhatNow, all[1].ID, "which may stand without ways to ask it")
	assert.Empty(t, c.Answers("unclear"))
	assert.Empty(t, c.Answers(intents.Anywhere))

	has := func(id string) bool { return id == "why#camera" }
	require.NoError(t, c.CheckSections(has))
	assert.ErrorContains(t, c.CheckSections(func(string) bool { return false }), `section "why#camera" of #permission is in no article`)
}

func TestFaultyAnswersAreToldWithALine(t *testing.T) {
	for _, row := range []struct{ file, want string }{
		{"---\nid: app.camera\n---\n\n## 怎麼開\n\n- 一二三\n- 四五六\n\n好。\n", "has no anchor"},
		{"---\nid: app.camera\n---\n\n## 怎麼開 {#how}\n\n- 一二三\n- 四五六\n", "there is no answer"},
		{"---\nid: app.camera\n---\n\n## 怎麼開 {#how}\n\n- 一二三\n\n好。\n", "list at least two more"},
		{"---\nid: app.camera\n---\n\n## 怎麼開 {#how from=\"why#camera\"}\n\n- 一二三\n- 四五六\n\n好。\n", `"from" means nothing here`},
		{"---\nid: app.camera\n---\n\n## 怎麼開 {#how source=\"why\"}\n\n- 一二三\n- 四五六\n\n好。\n", `"why" is not a section`},
		{"---\nid: app.camera\n---\n\n## 怎麼開 {#how}\n\n- 一二三\n- 四五六\n\n等 {n} 天。\n", "no placeholders"},
		{"---\nid: unclear\n---\n\n## 怎麼開 {#how}\n\n- 一二三\n- 四五六\n\n好。\n", "write id: app.camera"},
		{"---\nid: app.camera\n---\n\n## 怎麼開 {#how}\n\n- 一二三\n- 四五六\n\n好。\n\n## 怎麼關 {#off}\n\n- 四五六\n- 七八九\n\n好。\n", "are the same"},
		{"no front matter", "no front matter"},
	} {
		_, err := intents.Load(catalog(map[string]string{"categories/app.camera/answers.md": row.file}))
		require.Error(t, err, row.file)
		assert.ErrorContains(t, err, "categories/app.camera/answers.md:")
		assert.ErrorContains(t, err, row.want)
	}
}
