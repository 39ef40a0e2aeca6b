package dialogue

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"verihelp/internal/chat"
)

// What somebody who waits for a person is told: only what is known. A place comes
// from the waiting cases, a time from those that were claimed lately; where too few
// tell, no time is named.

// standing says how many are before, how long it took others, and when staff are
// back.
func (e *Engine) standing(ahead int, q chat.Queue, now time.Time) string {
	var said strings.Builder
	if !q.Open() {
		said.WriteString(e.phrase("queue.closed", "opens", e.moment(q.OpensAt, now)))
	}
	if ahead == 0 {
		said.WriteString(e.Phrases["queue.first"])
	} else {
		said.WriteString(e.phrase("queue.ahead", "count", strconv.Itoa(ahead)))
	}
	if q.Open() && q.Typical > 0 {
		said.WriteString(e.phrase("queue.typical", "wait", e.roughly(q.Typical)))
	}
	return said.String()
}

func (e *Engine) phrase(key string, values ...string) string {
	return fill(e.Phrases[key], pairs(values))
}

// moment names a time of the next days, with its zone: people ask from anywhere.
func (e *Engine) moment(at, now time.Time) string {
	at = at.In(e.Location)
	clock := at.Format("15:04") + "（" + zoneName(at) + "）"
	switch days := int(dateIn(at, e.Location).Sub(dateIn(now, e.Location)) / (24 * time.Hour)); days {
	case 0:
		return e.phrase("when.today", "time", clock)
	case 1:
		return e.phrase("when.tomorrow", "time", clock)
	}
	return e.phrase("when.date", "month", strconv.Itoa(int(at.Month())), "day", strconv.Itoa(at.Day()), "time", clock)
}

// zoneName is UTC+8, or UTC+5:30.
func zoneName(at time.Time) string {
	_, offset := at.Zone()
	sign := '+'
	if offset < 0 {
		sign, offset = '-', -offset
	}
	name := fmt.Sprintf("UTC%c%d", sign, offset/3600)
	if minutes := offset % 3600 / 60; minutes > 0 {
		name += fmt.Sprintf(":%02d", minutes)
	}
	return name
}

// roughly rounds a wait up to what people say: five minutes, hours, days.
func (e *Engine) roughly(wait time.Duration) string {
	up := func(unit time.Duration) int { return int((wait + unit - 1) / unit) }
	switch {
	case wait <= 55*time.Minute:
		return e.phrase("wait.minutes", "count", strconv.Itoa(5*up(5*time.Minute)))
	case wait <= 24*time.Hour:
		return e.phrase("wait.hours", "count", strconv.Itoa(up(time.Hour)))
	}
	return e.phrase("wait.days", "count", strconv.Itoa(up(24*time.Hour)))
}

// longestAside is the length, in characters, of a question that can be about the
// wait and nothing else.
const longestAside = 18

var (
	howLong = regexp.MustCompile(`排(?:到|在)?第?几|第几(?:个|位|号)|前面(?:还)?有?(?:几|多少)|排(?:队)?(?:多久|多长|几耐|到几时)` +
		`|(?:还|仲)?(?:要|得|需要|大概|大约|会)*(?:等|等候|等待)(?:多久|多长|几久|几耐|到几时|到何时|到什么时候)|(?:还|仲)要?(?:多久|几耐|几久)` +
		`|(?:什么时候|何时|几时|几点|多久)(?:才)?(?:会|能|可以)?(?:有人|有客服|轮到|到我|来人|有人理|回我|回复)|轮到我(?:了)?(?:吗|没)|^多久[啊呀呢吗]?$|(?:怎么|点解)(?:还|仲)?(?:没|没有|冇)人|有没有人|(?:几点|什么时候|几时)(?:上班|返工|开始上班)|(?:有人|人)(?:吗|呢|在吗)`)
	otherWait = regexp.MustCompile(`审核|审批|认证|验证|到期|有效|解冻|提现|提币|到账`)

	maySend = regexp.MustCompile(strings.NewReplacer(
		"ASK", `(?:可以|能|可不可以|能不能|要不要|需不需要|需要|是不是要|直接|怎么|怎样|点样)`, "SEND", `(?:发|传|寄|给|贴|拍|交|send)`,
		"DOCUMENT", `(?:证件|身份证|护照|驾照|驾驶证|自拍|手持|资料|材料|文件|残疾证|残障证明|证明|户口本?|id)`, "NEAR", `[^,.!?;。]{0,8}`,
		"OK", `(?:可以吗|行吗|可以么|行不行|好吗|得唔得|ok吗)`,
	).Replace(`ASKNEARSENDNEARDOCUMENT|ASKNEARDOCUMENTNEARSEND|DOCUMENTNEARASKNEARSEND|DOCUMENTNEARSENDNEAROK|DOCUMENTNEARSEND(?:到|在)?(?:这|你|您)|DOCUMENT(?:要|该)?SEND(?:到|去)?哪`))
)

// asksHowLong: a short question for the place in the queue. How long a review takes
// is for staff to say.
func (t *turn) asksHowLong() bool {
	return t.choice == "" && t.length() <= longestAside &&
		howLong.MatchString(t.folded) && !otherWait.MatchString(t.folded)
}

// asksToSend: whether documents may be sent here, which must not wait for an
// answer of staff.
func (t *turn) asksToSend() bool {
	return t.choice == "" && maySend.MatchString(t.folded) && !sentElsewhere.MatchString(t.folded)
}

// sentElsewhere says that documents went, or go, the right way.
var sentElsewhere = regexp.MustCompile(`表单|问题反馈|单位|已经(?:发|传|寄|给|交)|(?:发|传|寄|给|交)(?:了|好|过了)`)

// sayStanding says how it stands, below another paragraph.
func (t *turn) sayStanding(lead string, ahead int) {
	t.sayBlocks([]chat.Block{
		{Kind: chat.Paragraph, Text: lead},
		{Kind: chat.Paragraph, Text: t.e.standing(ahead, t.queue, t.msg.At)},
	})
}
