package intents_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/intents"
)

// shipped lists the categories that evaluations and other programs depend on, each
// with the fewest examples it may have.
var shipped = map[intents.Kind]struct {
	examples int
	ids      []string
}{
	intents.Failure: {60, []string{
		"app.photo_upload", "app.unresponsive", "app.camera",
		"face.recognition_failed", "face.info_mismatch", "face.rare_character", "face.document_mismatch",
		"document.id_occupied", "document.invalid_id", "document.validity_short", "document.photo_unclear",
		"document.wrong_type", "document.address_proof", "document.not_original", "document.pages_missing",
		"document.damaged", "document.expired", "document.language",
		"identity.change", "video.deaf_mute", "video.procedure", "video.c2c_restricted",
		"eligibility.underage", "eligibility.country",
	}},
	intents.Guide: {40, []string{
		"guide.update_app", "guide.how_to_verify", "guide.id_and_selfie", "guide.authenticator", "guide.account_migration",
	}},
	intents.Talk: {40, []string{
		"talk.greeting", "talk.thanks", "talk.goodbye", "talk.affirm", "talk.deny", "talk.human",
	}},
	intents.Unclear:    {60, []string{"unclear"}},
	intents.OutOfScope: {200, []string{"out_of_scope"}},
}

// variants lists those that the dialogue knows by name.
var variants = map[string][]string{
	"out_of_scope": {"evasion", "funds", "hacked", "locked", "other_firm", "review_status", "robot", "screenshot", "security_code", "waiting_time"},
	"unclear":      {"not_helped"},
	"talk.affirm":  {"solved"},
	"talk.deny":    {"cancel", "none"},
}

func TestShippedCategories(t *testing.T) {
	c, err := intents.Load(intents.Data)
	require.NoError(t, err)
	for kind, want := range shipped {
		for _, id := range want.ids {
			cat, ok := c.Get(id)
			if assert.True(t, ok, id) {
				assert.Equal(t, kind, cat.Kind, id)
				assert.GreaterOrEqual(t, len(cat.Examples), want.examples, id)
			}
		}
	}
	for id, names := range variants {
		cat, ok := c.Get(id)
		require.True(t, ok, id)
		assert.Subset(t, cat.Variants, names, id)
	}
	perLabel := map[string]int{}
	for _, e := range c.Examples() {
		perLabel[e.Label]++
	}
	for label, n := range perLabel {
		assert.GreaterOrEqual(t, n, 30, label)
	}
}

// A user who answers one question wrongly must still be able to get there.
func TestEveryFailureIsReachedByTwoQuestions(t *testing.T) {
	c, err := intents.Load(intents.Data)
	require.NoError(t, err)
	questions := map[string]map[string]bool{}
	for _, q := range c.Questions() {
		for _, o := range q.Options {
			for _, id := range o.Categories {
				if questions[id] == nil {
					questions[id] = map[string]bool{}
				}
				questions[id][q.ID] = true
			}
		}
	}
	for _, cat := range c.All() {
		if cat.Kind == intents.Failure {
			assert.GreaterOrEqual(t, len(questions[cat.ID]), 2, cat.ID)
		}
	}
}

// The article asks for documents in the official form only.
func TestNobodyIsInvitedToSendDocuments(t *testing.T) {
	c, err := intents.Load(intents.Data)
	require.NoError(t, err)
	assert.True(t, c.TakesFiles("app.unresponsive"), "a screenshot of an error helps")
	assert.True(t, c.TakesFiles("talk.human"))
	assert.False(t, c.TakesFiles("video.deaf_mute"), "what staff need are documents")
	assert.False(t, c.TakesFiles("document.photo_unclear"))
	assert.False(t, c.TakesFiles("no.such"))
	for _, cat := range c.All() {
		if cat.Files == intents.FilesAllowed {
			assert.NotContains(t, cat.ID, "document.")
		}
	}
}
