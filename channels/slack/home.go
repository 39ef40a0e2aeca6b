package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"verihelp/internal/chat"
)

const homeCases = 20 // of each list: a home tab holds 100 blocks

// showHome publishes an agent's home tab: their cases, the waiting ones by what is
// left of their time, today's figures.
func (d *Desk) showHome(ctx context.Context, user string) {
	view, err := d.home(ctx, user)
	if err == nil {
		_, err = d.slack.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: view})
	}
	if err != nil && !ended(ctx) {
		d.Logger.Warn("home tab failed", "err", explain(err))
	}
}

func (d *Desk) home(ctx context.Context, user string) (slack.HomeTabViewRequest, error) {
	view := slack.HomeTabViewRequest{Type: slack.VTHomeTab}
	_, err := d.staff.agent(ctx, user, d.Channel)
	if errors.Is(err, errStranger) {
		view.Blocks.BlockSet = []slack.Block{slack.NewSectionBlock(plain(wordsStranger), nil, nil)}
		return view, nil
	}
	if err != nil {
		return view, err
	}
	all, err := d.cases(ctx, false)
	if err != nil {
		return view, err
	}
	now := d.Now()
	var mine, waiting []chat.Case
	for _, c := range all {
		switch {
		case c.State.Open() && c.Agent != nil && c.Agent.ID == user:
			mine = append(mine, c)
		case c.State == chat.CaseWaiting:
			waiting = append(waiting, c)
		}
	}
	f := count(all, now.In(d.Location), d.late(now))
	view.Blocks.BlockSet = append([]slack.Block{
		slack.NewHeaderBlock(plain("今天")),
		(&rich{}).text(f.String() + "\n新案件 " + f.chart()).block(),
	}, slices.Concat(d.list(ctx, "我的案件", mine, now), d.list(ctx, "等待接手", waiting, now))...)
	return view, nil
}

// list shows cases, the most urgent first, each with a link to its thread.
func (d *Desk) list(ctx context.Context, title string, cases []chat.Case, now time.Time) []slack.Block {
	slices.SortStableFunc(cases, func(a, b chat.Case) int { return cmp.Compare(d.left(a, now), d.left(b, now)) })
	blocks := []slack.Block{slack.NewHeaderBlock(plain(fmt.Sprintf("%s（%d）", title, len(cases))))}
	for _, c := range cases[:min(len(cases), homeCases)] {
		text := cardTitle(c) + "\n" + states[c.State] + "，" + remaining(d.left(c, now))
		section := slack.NewSectionBlock(plain(short(clean(text), maxLine)), nil, nil)
		if t, ok, err := d.bound(ctx, c.ID); err == nil && ok {
			open := button("open", "打開", c.ID)
			open.URL = d.linkTo(t)
			section.Accessory = slack.NewAccessory(open)
		}
		blocks = append(blocks, section)
	}
	return blocks
}

func remaining(left time.Duration) string {
	if left == nothingOwed {
		return "已回覆"
	}
	if left < 0 {
		return fmt.Sprintf("已超過時限 %d 分鐘", int(-left.Minutes()))
	}
	return fmt.Sprintf("還有 %d 分鐘", int(left.Minutes()))
}

// linkTo is the address of a thread.
func (d *Desk) linkTo(t thread) string {
	return d.me().url + "archives/" + t.Channel + "/p" + strings.ReplaceAll(t.TS, ".", "")
}
