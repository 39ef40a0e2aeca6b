package nearest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/intents"
)

func shipped(t testing.TB) (*intents.Catalog, *Index) {
	t.Helper()
	c, err := intents.Load(intents.Data)
	require.NoError(t, err)
	return c, New(c)
}

// A question in other words than those that are listed, in both scripts.
func TestAQuestionFindsItsAnswer(t *testing.T) {
	_, x := shipped(t)
	for _, row := range []struct{ question, category, answer string }{
		{"那身分證的背面也要拍喔", "document.pages_missing", "back"},
		{"反面可以不拍嗎", "document.pages_missing", "back"},
		{"可以戴着眼镜拍吗", "face.document_mismatch", "glasses"},
		{"請問Web3錢包是什麼東西", intents.Anywhere, "web3-wallet"},
		{"卸载以后我的币还在不在", intents.Anywhere, "coins-after-removal"},
		{"單據係我老豆個名", "document.address_proof", "other-name"},
		{"房东的名字可以吗", "document.address_proof", "other-name"},
		{"波浪線到底在哪", "video.procedure", "wave"},
		{"要去哪裡解凍", "video.c2c_restricted", "unfreeze"},
	} {
		got, near := x.Find(row.question, row.category)
		assert.Equal(t, row.answer, got.ID, "%s (%.2f)", row.question, near)
		assert.Greater(t, near, 0.3, row.question)
	}
}

func TestNothingIsNearToWhatHasNothingInCommon(t *testing.T) {
	_, x := shipped(t)
	for _, question := range []string{"", "。。。", "zzz", "今晚打老虎"} {
		_, near := x.Find(question, "document.pages_missing")
		assert.Less(t, near, 0.2, question)
	}
	_, near := x.Find("助記詞是什麼", "no.such")
	assert.Zero(t, near)
}

// Each listed way to ask leads to its own answer, and the very same words are as near
// as can be.
func TestListedWordsFindTheirAnswer(t *testing.T) {
	c, x := shipped(t)
	for _, category := range append(categories(c), intents.Anywhere) {
		for _, a := range c.Answers(category) {
			for _, text := range a.Asked {
				got, near := x.Find(text, category)
				assert.Equal(t, a.ID, got.ID, "%s: %s", category, text)
				assert.GreaterOrEqual(t, near, 0.9, text)
			}
		}
	}
}

// TestParaphrasesFindTheirAnswer leaves out one phrasing after the other and asks for
// its answer with it. Of what is near enough to be answered, little may be wrong.
func TestParaphrasesFindTheirAnswer(t *testing.T) {
	c, x := shipped(t)
	const enough = 0.32 // as the dialogue has it
	right, wrong, all := 0, 0, 0
	for _, category := range append(categories(c), intents.Anywhere) {
		for at, p := range x.answers[category] {
			for i := range p.asked {
				all++
				switch best := x.without(category, at, i); {
				case best.near < enough:
				case best.answer == p.ID:
					right++
				default:
					wrong++
				}
			}
		}
	}
	t.Logf("of %d phrasings %d find their answer, %d another", all, right, wrong)
	assert.Less(t, float64(wrong), 0.21*float64(right+wrong), "answers to a neighbouring question")
	assert.Greater(t, float64(right), 0.3*float64(all), "answered at all")
}

type found struct {
	answer string
	near   float64
}

// without finds what one phrasing would find if it were not listed.
func (x *Index) without(category string, at, i int) found {
	question := x.answers[category][at].asked[i]
	size, best, second := x.size(question), found{}, 0.0
	for other, p := range x.answers[category] {
		rest := p
		if other == at {
			rest = &phrased{DirectAnswer: p.DirectAnswer, any: map[uint32]bool{}}
			for j, keys := range p.asked {
				if j == i {
					continue
				}
				rest.asked, rest.norms = append(rest.asked, keys), append(rest.norms, p.norms[j])
				for _, key := range keys {
					rest.any[key] = true
				}
			}
		}
		switch near := x.near(question, size, rest, 0); {
		case near > best.near:
			best, second = found{p.ID, near}, best.near
		case near > second:
			second = near
		}
	}
	best.near = led(best.near, second)
	return best
}

func categories(c *intents.Catalog) []string {
	var ids []string
	for _, cat := range c.All() {
		ids = append(ids, cat.ID)
	}
	return ids
}

func BenchmarkFind(b *testing.B) {
	_, x := shipped(b)
	for _, category := range []string{"document.pages_missing", intents.Anywhere} {
		b.Run(category, func(b *testing.B) {
			for b.Loop() {
				x.Find("那身分證的背面也要拍喔", category)
			}
		})
	}
}
