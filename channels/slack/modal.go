package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"verihelp/channels"
	"verihelp/channels/staffwords"
	"verihelp/internal/chat"
	"verihelp/internal/zh"
)

// Action IDs of what is filled in.
const (
	inputText   = "text"
	inputTime   = "time"
	inputUser   = "user"
	inputChoice = "choice"
)

// meta is what a modal keeps in its private metadata.
type meta struct {
	Aim   aim    `json:"aim"`
	Query string `json:"query,omitempty"` // of the search for canned replies
	Round int    `json:"round,omitempty"` // how often its text was replaced: a new block takes a new text
	Form  string `json:"form,omitempty"`  // of sent words that it shows: the time of their last form
}

// metaOf reads a modal's metadata; what is no metadata names no case.
func metaOf(private string) meta {
	var m meta
	if json.Unmarshal([]byte(private), &m) != nil {
		return meta{}
	}
	return m
}

func (m meta) String() string {
	b, err := json.Marshal(m)
	if err != nil {
		return ""
	}
	return string(b)
}

func timeAt(seconds int64) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// opener opens or changes a modal.
type opener func(ctx context.Context, i interaction, f field, about aim) error

// modals are the buttons that open or change one.
func (d *Desk) modals(action string) opener {
	switch action {
	case actReply:
		return d.openReply
	case actCanned:
		return d.openCanned
	case actSearch:
		return d.searchCanned
	case actPick:
		return d.pickCanned
	case actScript:
		return d.convertInModal
	case actConvert:
		return d.openConvert
	case actTranscript:
		return d.openTranscript
	case actClose, actBlock, actSnooze, actTransfer, actLabel:
		return func(ctx context.Context, i interaction, _ field, about aim) error {
			return d.open(ctx, i, d.form(action, about))
		}
	}
	return nil
}

func (d *Desk) open(ctx context.Context, i interaction, view slack.ModalViewRequest) error {
	_, err := d.slack.api.OpenViewContext(ctx, i.Trigger, view)
	if err != nil {
		return fmt.Errorf("open modal: %w", err)
	}
	return nil
}

// replace changes the modal in which a button was tapped.
func (d *Desk) replace(ctx context.Context, i interaction, view slack.ModalViewRequest) error {
	_, err := d.slack.api.UpdateViewContext(ctx, view, "", i.View.Hash, i.View.ID)
	if err != nil {
		return fmt.Errorf("change modal: %w", err)
	}
	return nil
}

func modal(callback, title, submit string, m meta, blocks ...slack.Block) slack.ModalViewRequest {
	view := slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: callback, Title: plain(title), Close: plain("關閉"),
		PrivateMetadata: m.String(), Blocks: slack.Blocks{BlockSet: blocks},
	}
	if submit != "" {
		view.Submit = plain(submit)
	}
	return view
}

func input(label string, element slack.BlockElement, optional bool) *slack.InputBlock {
	block := slack.NewInputBlock("", plain(label), nil, element)
	block.Optional = optional
	return block
}

func textInput(initial string, multiline bool) *slack.PlainTextInputBlockElement {
	element := slack.NewPlainTextInputBlockElement(nil, inputText)
	element.Multiline, element.InitialValue, element.MaxLength = multiline, short(initial, maxPiece), maxPiece
	return element
}

// form is a modal that only asks for what an action needs.
func (d *Desk) form(action string, about aim) slack.ModalViewRequest {
	m := meta{Aim: about}
	switch action {
	case actClose:
		return modal(action, "結案", "結案", m, input("原因（只有客服看得到）", textInput("", false), true))
	case actBlock:
		return modal(action, "停止服務", "停止服務一天", m, input("原因：這位使用者一天內不會再得到回覆", textInput("", false), false))
	case actSnooze:
		element := slack.NewDateTimePickerBlockElement(inputTime)
		element.InitialDateTime = d.Now().Add(2 * time.Hour).Unix()
		return modal(action, "稍後處理", "確定", m, input("到什麼時候", element, false))
	case actTransfer:
		return modal(action, "轉給同事", "轉給他", m, input("同事", slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("選一位"), inputUser), false))
	}
	var options []*slack.OptionBlockObject
	for _, c := range d.Categories[:min(len(d.Categories), 100)] {
		options = append(options, slack.NewOptionBlockObject(short(c.ID, 75), plain(short(c.Label, 75)), nil))
	}
	return modal(actLabel, "正確的分類", "確定", m, input("分類", slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("選一個"), inputChoice, options...), false))
}

// replyModal asks for a reply. A button converts what was typed into the user's
// script, to be looked at before it is sent.
func replyModal(callback, title string, m meta, lang, text string) slack.ModalViewRequest {
	block := input("使用者會看到的話（"+staffwords.Script(lang)+"）", textInput(text, true), false)
	block.BlockID = "text-" + strconv.Itoa(m.Round)
	blocks := []slack.Block{block}
	if script := zh.Locale(lang).Script(); script != zh.None && callback == actReply {
		blocks = append(blocks, slack.NewActionBlock("", button(actScript, fmt.Sprintf(wordsConvert, scripts[script]), callback)))
	}
	return modal(callback, title, "傳給使用者", m, blocks...)
}

func (d *Desk) openReply(ctx context.Context, i interaction, _ field, about aim) error {
	t, err := d.threadOf(ctx, about.Case)
	if err != nil {
		return err
	}
	return d.open(ctx, i, replyModal(actReply, "回覆使用者", meta{Aim: about}, t.Lang, ""))
}

// convertInModal replaces what was typed in the reply modal by its conversion.
func (d *Desk) convertInModal(ctx context.Context, i interaction, _ field, about aim) error {
	t, err := d.threadOf(ctx, about.Case)
	if err != nil {
		return err
	}
	m := metaOf(i.View.Private)
	m.Round++
	return d.replace(ctx, i, replyModal(actReply, "回覆使用者", m, t.Lang, converted(i.input(inputText).Value, zh.Locale(t.Lang))))
}

// openConvert shows a sent message in the user's script; submitted, it replaces
// what the user sees.
func (d *Desk) openConvert(ctx context.Context, i interaction, _ field, about aim) error {
	t, err := d.threadOf(ctx, about.Case)
	if err != nil {
		return err
	}
	s, err := d.sentAt(ctx, about.Case, about.TS)
	if err != nil {
		return err
	}
	m := meta{Aim: about, Form: tsOf(s.now().At)}
	return d.open(ctx, i, replyModal(actConvert, "改用使用者的字體", m, t.Lang, converted(s.now().Text, zh.Locale(t.Lang))))
}

// unchanged is the item that names the words which a modal shows, if they still
// stand as they did when it opened.
func (d *Desk) unchanged(ctx context.Context, m meta) (seq int64, err error) {
	s, err := d.sentAt(ctx, m.Aim.Case, m.Aim.TS)
	if err != nil {
		return 0, err
	}
	if tsOf(s.now().At) != m.Form {
		return 0, errCorrected
	}
	return s.first().Seq, nil
}

const cannedLimit = 6 // sections that a search shows

func (d *Desk) openCanned(ctx context.Context, i interaction, _ field, about aim) error {
	t, err := d.threadOf(ctx, about.Case)
	if err != nil {
		return err
	}
	view, err := d.canned(ctx, meta{Aim: about, Query: t.Title}, t.Lang)
	if err != nil {
		return err
	}
	return d.open(ctx, i, view)
}

func (d *Desk) searchCanned(ctx context.Context, i interaction, f field, about aim) error {
	t, err := d.threadOf(ctx, about.Case)
	if err != nil {
		return err
	}
	view, err := d.canned(ctx, meta{Aim: about, Query: short(f.Value, maxNotice)}, t.Lang)
	if err != nil {
		return err
	}
	return d.replace(ctx, i, view)
}

// canned lists the sections that fit a query, in the user's script.
func (d *Desk) canned(ctx context.Context, m meta, lang string) (slack.ModalViewRequest, error) {
	found, err := d.sections(ctx, m.Query, lang)
	if err != nil {
		return slack.ModalViewRequest{}, err
	}
	search := slack.NewPlainTextInputBlockElement(plain("例如：護照效期"), actSearch)
	search.DispatchActionConfig = &slack.DispatchActionConfig{TriggerActionsOn: []string{"on_enter_pressed"}}
	search.InitialValue = m.Query
	box := input("找什麼（按 Enter 搜尋）", search, true)
	box.DispatchAction = true
	blocks := []slack.Block{box}
	for _, s := range found {
		pick := slack.NewAccessory(button(actPick, "選用", s.ID))
		blocks = append(blocks, slack.NewSectionBlock(plain(short(s.Title+"\n"+s.Text, 300)), nil, pick))
	}
	if len(found) == 0 {
		blocks = append(blocks, slack.NewSectionBlock(plain("沒有找到，換個說法試試。"), nil, nil))
	}
	return modal(actCanned, "常用回覆", "", m, blocks...), nil
}

func (d *Desk) sections(ctx context.Context, query, lang string) ([]channels.Section, error) {
	if d.Knowledge == nil || query == "" {
		return nil, nil
	}
	found, err := d.Knowledge.Search(ctx, query, lang, cannedLimit)
	if err != nil {
		return nil, fmt.Errorf("search knowledge: %w", err)
	}
	return found, nil
}

// pickCanned puts a section into the reply modal, to be looked at and changed.
func (d *Desk) pickCanned(ctx context.Context, i interaction, f field, about aim) error {
	t, err := d.threadOf(ctx, about.Case)
	if err != nil {
		return err
	}
	found, err := d.sections(ctx, metaOf(i.View.Private).Query, t.Lang)
	if err != nil {
		return err
	}
	for _, s := range found {
		if s.ID == f.Value {
			return d.replace(ctx, i, replyModal(actReply, "回覆使用者", meta{Aim: about, Round: 1}, t.Lang, s.Text))
		}
	}
	return errNotFound
}

const (
	transcriptItems  = 60     // last items that the transcript shows
	transcriptPiece  = 2500   // characters of one of them
	transcriptLength = 30_000 // characters of all of them
)

// openTranscript shows the last of what was said, the oldest first: more than what
// stands in the thread, and so to those only who may act on the case.
func (d *Desk) openTranscript(ctx context.Context, i interaction, _ field, about aim) error {
	if _, _, err := d.may(ctx, i.User.ID, about.Case); err != nil {
		return err
	}
	var items []chat.Item
	err := d.log(ctx, about.Case, func(item chat.Item) bool {
		items = append(items, item)
		return false
	})
	if err != nil {
		return err
	}
	var blocks []slack.Block
	length := 0
	for _, item := range slices.Backward(items) {
		text := short(spoken(item), transcriptPiece)
		if text == "" {
			continue
		}
		if length += len([]rune(text)); length > transcriptLength || len(blocks) == transcriptItems {
			break
		}
		r := (&rich{}).bold(clock(item.At, d.Location) + " " + speakerOf(item)).text(text)
		blocks = append(blocks, r.block())
	}
	if len(blocks) == 0 {
		blocks = append(blocks, slack.NewSectionBlock(plain("還沒有訊息。"), nil, nil))
	}
	slices.Reverse(blocks)
	return d.open(ctx, i, modal(actTranscript, "對話紀錄", "", meta{Aim: about}, blocks...))
}
