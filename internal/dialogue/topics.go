package dialogue

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"verihelp/intents"
	"verihelp/internal/chat"
)

// Topics: begun, set aside for another, taken up again, closed.

func (t *turn) goBack() {
	cat, _ := t.e.Catalog.Get(strings.TrimPrefix(t.choice, prefixBack))
	t.say(t.phrase("back.reply", "title", cat.Title))
	t.setAside()
	if !t.resume(cat.ID) || cat.Route == intents.Human {
		t.handle(cat)
		return
	}
	// What was decided then holds; without the message that decided it, deciding
	// again would be a guess.
	t.about(chat.Answer, cat.ID)
	t.quoteAll(cat)
	t.offerAfterAdvice(cat.ID)
}

// resume makes an earlier topic the current one again.
func (t *turn) resume(category string) bool {
	for i, topic := range t.mem.Earlier {
		if topic.Category == category && slices.Contains(topic.Answered, category) {
			t.mem.Earlier = slices.Delete(t.mem.Earlier, i, i+1)
			t.mem.Topic = &topic
			return true
		}
	}
	return false
}

// setAside puts the current topic behind a new one, to come back to.
func (t *turn) setAside() {
	const most = 5
	if t.mem.Topic == nil || t.mem.Topic.Category == "" {
		t.mem.Topic = nil
		return
	}
	earlier := []chat.Topic{}
	for _, old := range t.mem.Earlier {
		if old.Category != t.mem.Topic.Category {
			earlier = append(earlier, old)
		}
	}
	earlier = append(earlier, *t.mem.Topic)
	t.mem.Earlier = earlier[max(0, len(earlier)-most):]
	t.mem.Topic = nil
}

func (t *turn) closeTopic() {
	t.about(chat.Smalltalk, "talk.affirm")
	if top, _ := t.top(); strings.HasPrefix(top, "talk.") {
		t.trace.Category = top
	}
	if !t.hasTopic() {
		t.mem.Earlier = nil // "solved" once more: what was offered to go back to as well
	}
	t.mem.Topic = nil
	if n := len(t.mem.Earlier); n > 0 {
		before := t.mem.Earlier[n-1]
		if cat, ok := t.e.Catalog.Get(before.Category); ok {
			t.say(t.phrase("solved.more", "title", cat.Title))
			t.choices = append(t.choices, chat.Choice{ID: prefixBack + cat.ID, Label: t.phrase("choice.back", "title", cat.Title)})
			t.offer(chat.ChoiceHuman)
			return
		}
	}
	t.say(t.phrase("solved.reply"))
}

// tryNext names the next likely causes to choose from, or offers a person when there
// are none left or two did not help. Nobody is told to check what he did not speak of.
func (t *turn) tryNext() {
	topic := t.topic()
	switch {
	case t.choice == "" && topic.Question == questionPerson && t.e.Desk: // offered before, and nothing else is left
		t.callPerson()
		return
	case topic.Category == "" || topic.Question != "":
		t.offerPerson("advice.no_more")
		return
	}
	cat, _ := t.e.Catalog.Get(topic.Category)
	if cat.Route == intents.Final {
		t.offerPerson("advice.final") // nothing that can be redone would change it
		return
	}
	topic.Failed = appendNew(topic.Failed, topic.Category)
	if cat.Kind == intents.Guide && len(topic.Failed) == 1 {
		t.askWhatFails() // how to update tells nothing of why it was wanted
		return
	}
	causes := t.nextCauses(cat)
	if len(causes) == 0 || len(topic.Failed) >= maxQuestions {
		t.offerPerson("advice.no_more")
		return
	}
	t.about(chat.Clarify, cat.ID)
	t.say(t.phrase("advice.next"))
	for _, next := range causes {
		t.choices = append(t.choices, chat.Choice{ID: prefixIs + next.ID, Label: next.Choice})
	}
	t.offer(chat.ChoiceNone, chat.ChoiceHuman)
	topic.Question = questionNext
	if len(topic.Belief) == 0 {
		topic.Belief = belief{}.normal(t.e.candidates)
	}
}

// askWhatFails begins anew, with what a guide did not help against.
func (t *turn) askWhatFails() {
	t.mem.Topic = &chat.Topic{Failed: t.mem.Topic.Failed}
	t.belief = belief{}.normal(t.e.candidates).without(t.mem.Topic.Failed, t.e.candidates)
	t.say(t.phrase("advice.what_fails"))
	t.ask()
}

// nextCauses are the category's next causes that are still possible, in the
// catalogue's order.
func (t *turn) nextCauses(cat *intents.Category) []*intents.Category {
	var out []*intents.Category
	for _, id := range cat.Next {
		next, ok := t.e.Catalog.Get(id)
		if ok && !slices.Contains(t.topic().Failed, id) && !slices.Contains(t.topic().Answered, id) && !t.answeredEarlier(id) {
			out = append(out, next)
		}
	}
	return out
}

// answeredEarlier: the advice for a category was given in a topic before this one.
func (t *turn) answeredEarlier(id string) bool {
	return slices.ContainsFunc(t.mem.Earlier, func(old chat.Topic) bool { return slices.Contains(old.Answered, id) })
}

// startAgain drops the mistaken topic and reads what was meant.
func (t *turn) startAgain() {
	rest, _ := t.correction()
	wrong, failed := t.mem.Topic.Category, t.mem.Topic.Failed
	t.leaves = t.e.Classifier.Classify(rest)
	t.merged = intents.Merge(t.leaves)
	if top, _ := t.top(); top != wrong { // who names it again did not mean another
		failed = appendNew(failed, wrong)
	}
	t.mem.Topic = &chat.Topic{Failed: failed}
	t.belief = t.e.fromGuesses(t.merged).without(failed, t.e.candidates)
	t.say(t.phrase("question.corrected"))
	if top, sure := t.top(); top == "out_of_scope" && sure >= sureOfTalk {
		t.declineOutside()
		return
	}
	if t.e.sure(t.belief) {
		t.handleBest()
		return
	}
	t.ask()
}

// goDeeper answers a second message on the advice just given: with a computed
// fact that is new, with another section, or by saying that it is this advice.
func (t *turn) goDeeper() {
	top, _ := t.top()
	cat, _ := t.e.Catalog.Get(top)
	if v := t.verdict(cat); v.name != "" && v.name != verdictNoPlace {
		t.handle(cat)
		return
	}
	if hit := t.hit(); hit != nil {
		t.quoteFollowUp()
		return
	}
	if cat.Route != intents.SelfService {
		t.handle(cat)
		return
	}
	if t.stillFails() || t.pending() != "" {
		t.tryNext()
		return
	}
	t.sayAgain(cat)
}

// stillNotSolved: in a few words, what was said was done and did not help. A problem
// that is for staff goes to them instead, when it is named again.
func (t *turn) stillNotSolved() bool {
	if toldBefore.MatchString(t.folded) && t.advised() && !t.otherTopic() && !t.speaksOfElse() && t.length() <= 2*longestFollowUp {
		return true
	}
	if !t.goesOnWith() || !t.stillFails() || succeeded.MatchString(t.folded) || p(t.merged, "out_of_scope") >= sureOfTalk {
		return false
	}
	cat, ok := t.e.Catalog.Get(t.mem.Topic.Category)
	return ok && cat.Route != intents.Human
}

// saidAgain, among the sections that were quoted, says that the bot had nothing to add
// once: twice is one time too many.
const saidAgain = "again"

// stillNot are words of somebody who has done as was said.
var stillNot = regexp.MustCompile(`还是(?:一直|在|很|不|没|一样|失败|被|过不|打不|传不|上不|老|那|同|这|卡|显示|提示|红|黑|糊|白|空|模糊|说|跳|出现)|还是$|也一样|也(?:不行|没用|不能|打不|传不|上不|过不|唔得)|都是这|都一样|都不行|都反光|依然|仍然|仍旧|照样|照做|试过|试了|做了|都试|重拍了|没用(?:$|[,.!了啊呀喔处])|没有用(?:$|[,.!了啊呀喔处])`)

// eitherOr asks yes or no: "行還是不行".
var eitherOr = regexp.MustCompile(`(?:行|可以|能|收|要)(?:呢)?还是不`)

// stillFails: what was advised was done and did not help, in so many words.
func (t *turn) stillFails() bool {
	return stillNot.MatchString(eitherOr.ReplaceAllString(t.folded, ""))
}

// toldBefore are words of somebody who had done, before it was advised, what was advised.
var toldBefore = regexp.MustCompile(`我(?:都|刚|刚刚|刚才|不是|就|已经|早就)+(?:跟你)?(?:说|讲|话)|(?:早就|本来就|老早|一直都?)(?:是|有|开|打开|更新|升级|检查|重装|换)|[都也](?:有开|开了|开着|正常|检查过|试过|是最新)`)

// sayAgain stays with what was said about a category: a question that the text does
// not answer is not answered with it once more.
func (t *turn) sayAgain(cat *intents.Category) {
	if cat.Route == intents.Human {
		t.offerPerson("advice.staffs")
		return
	}
	if slices.Contains(t.topic().Said, saidAgain) {
		t.offerPerson("advice.said_all")
		return
	}
	t.topic().Said = append(t.topic().Said, saidAgain)
	key := "advice.noted"
	if top, _ := t.top(); t.asks() {
		key = "advice.about"
	} else if top == cat.ID {
		key = "advice.same"
	}
	t.stayWith(cat.ID, key, "title", cat.Title)
}

// answerSeveral answers every problem named, in blocking order. The first
// decides what the turn is; nobody is told to redo what cannot pass yet.
func (t *turn) answerSeveral() {
	ids := t.several
	first, _ := t.e.Catalog.Get(ids[0])
	t.say(t.phrase("advice.several", "count", fmt.Sprint(len(ids))))
	t.setAside()
	t.handle(first)
	action, category, choices := t.trace.Action, t.trace.Category, t.choices
	for _, id := range ids[1:] {
		cat, _ := t.e.Catalog.Get(id)
		switch {
		case action == chat.Final:
			t.say(t.phrase("advice.blocked", "title", cat.Title))
		case cat.Route == intents.Human && t.open == nil:
			key := "advice.human_later"
			if !t.e.Desk {
				key = "advice.human_later_no_desk"
			}
			t.say(t.phrase(key, "title", cat.Title))
			t.mem.Earlier = append(t.mem.Earlier, chat.Topic{Category: id}) // to come back to
		default:
			t.sayBlocks(cat.Texts["opening"])
			t.quoteAll(cat)
		}
		if t.open != nil {
			t.open.Tried = appendNew(t.open.Tried, id)
		}
	}
	t.choices = choices
	t.about(action, category)
}
