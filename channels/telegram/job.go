package telegram

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// job is an update that was fetched and is not confirmed yet.
type job struct {
	update  update
	since   time.Time          // when it was fetched
	cancel  context.CancelFunc // nil until it has begun
	before  <-chan struct{}    // closed when the job before it in its chat is done; nil if there was none
	failing atomic.Bool        // an attempt failed
	limited atomic.Bool        // the last one did, because Telegram wants to hear of the chat later
	done    chan struct{}
	once    sync.Once
}

// end says that a job is done, or given up.
func (j *job) end() { j.once.Do(func() { close(j.done) }) }

// maxPerChat is how many updates of one chat are handled at a time; further ones
// wait for their turn. It lies below what the inbox lets wait for one person, so
// that none is refused and overtaken.
const maxPerChat = 20

// begin begins what has not begun yet, in order, as far as each chat's share goes.
// What fails is not overtaken, until it has had its time.
func (p *poller) begin(ctx context.Context) {
	busy, last := map[int64]int{}, map[int64]*job{}
	for _, j := range p.pending {
		if isClosed(j.done) {
			continue
		}
		chat := j.update.chat()
		if j.cancel == nil && busy[chat] < maxPerChat {
			p.start(ctx, j, last[chat])
		}
		busy[chat]++
		if j.failing.Load() && p.cfg.Now().Sub(j.since) <= p.cfg.GiveUp {
			busy[chat] = maxPerChat
		}
		last[chat] = j
	}
}

// start gives an update its place in its chat's line and handles it until it is
// done. before is the job before it in its chat, or nil.
func (p *poller) start(ctx context.Context, j, before *job) {
	ctx, cancel := context.WithCancel(ctx)
	j.cancel = cancel
	if before != nil && !j.update.sameAlbum(before.update) {
		j.before = before.done
	}
	handle, end := p.accept(j.update)
	p.work.Go(func() {
		defer cancel()
		p.finish(ctx, j, handle)
		end()
		select {
		case p.ended <- struct{}{}:
		default: // there is a sign already
		}
	})
}

func (p *poller) finish(ctx context.Context, j *job, handle func(context.Context) error) {
	wait := p.cfg.RetryWait
	for {
		err := handle(ctx)
		if err == nil {
			p.lastOK.Store(p.cfg.Now().UnixNano())
			j.end()
			return
		}
		if ctx.Err() != nil {
			return
		}
		j.failing.Store(true)
		j.limited.Store(retryAfter(err) > 0)
		p.cfg.Logger.Warn("update not taken; trying again", "channel", Name, "update", j.update.ID, "err", err)
		if p.hopeless(j) {
			p.giveBack(ctx, []*job{j})
			j.end()
			return
		}
		if !sleep(ctx, max(wait, retryAfter(err))) || !j.awaitBefore(ctx) {
			return
		}
		wait = min(2*wait, maxWait)
	}
}

// awaitBefore keeps the order of those that failed together; false if ctx ended.
func (j *job) awaitBefore(ctx context.Context) bool {
	if j.before == nil {
		return true
	}
	select {
	case <-j.before:
		return true
	case <-ctx.Done():
		return false
	}
}

// hopeless says that an update has failed for long while others were done. While
// all fail the trouble is ours, and nothing is given up.
func (p *poller) hopeless(j *job) bool {
	return p.cfg.Now().Sub(j.since) > p.cfg.GiveUp && p.othersDone(j)
}

// othersDone says that the service has done its work since a job came.
func (p *poller) othersDone(j *job) bool { return p.lastOK.Load() > j.since.UnixNano() }

// patience is how long an update may hold up those behind a full window.
const patience = 5 * time.Second

// makeRoom gives back what keeps a full window from moving on: everybody whose
// updates lie behind it waits for the first one in it, and for those of its chat.
// A trouble of ours gives nothing back, and patience begins anew when it is over.
func (p *poller) makeRoom(ctx context.Context) {
	waiting, ours := p.waiting()
	back := p.late(waiting)
	if ours || len(back) > 0 && !p.storeAnswers(ctx) {
		p.trouble = p.cfg.Now()
		return
	}
	if len(back) > 0 {
		drop(back)
		p.work.Go(func() { p.giveBack(ctx, back) })
	}
}

// late are the updates of the chat that comes first which have had their time, while
// others were done or the chat has more than its share.
func (p *poller) late(waiting map[int64]int) []*job {
	now, first := p.cfg.Now(), p.pending[0].update.chat()
	if now.Sub(p.trouble) <= patience {
		return nil
	}
	var late []*job
	for _, j := range p.pending {
		mine := j.update.chat() == first && !isClosed(j.done)
		if mine && now.Sub(j.since) > patience && (waiting[first] > maxPerChat || p.othersDone(j)) {
			late = append(late, j)
		}
	}
	return late
}

// storeAnswers says that notes can be written: where they cannot, messages cannot
// be committed either, and nobody is to blame for being slow.
func (p *poller) storeAnswers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return p.keepPosition(ctx) == nil
}

// waiting counts the updates of each chat that are not done. The trouble is ours
// where those of more than one chat fail.
func (p *poller) waiting() (chats map[int64]int, ours bool) {
	chats, failing := map[int64]int{}, map[int64]bool{}
	for _, j := range p.pending {
		if isClosed(j.done) {
			continue
		}
		chat := j.update.chat()
		chats[chat]++
		if j.failing.Load() && !j.limited.Load() {
			failing[chat] = true
		}
	}
	return chats, len(failing) > 1
}

// drop ends jobs that are not done.
func drop(jobs []*job) {
	for _, j := range jobs {
		if j.cancel != nil {
			j.cancel()
		}
		j.end()
	}
}

// giveBack asks the sender for messages of one chat once more: for how many, from
// which one on.
func (p *poller) giveBack(ctx context.Context, jobs []*job) {
	var first *message
	lost := 0
	for _, j := range jobs {
		p.cfg.Logger.Error("update given back to its sender", "channel", Name, "update", j.update.ID)
		if m := j.update.said(); m != nil && m.From != nil && m.Chat.Type == "private" {
			first = cmp.Or(first, m)
			lost++
		}
	}
	if first == nil {
		return
	}
	known, _ := p.memory.get(addressOf(first.Chat.ID))
	lang := localeFor(known, first.words(), first.From.locale())
	text := words("failed", lang)
	if lost > 1 {
		text = fmt.Sprintf(words("failed.many", lang), lost)
	}
	p.tellWith(ctx, first.Chat.ID, outgoing{text: text, replyTo: first.ID})
}
