package store

import (
	"time"

	"verihelp/internal/chat"
)

// inUTC is a copy of a commit with every time in UTC, so that columns sort as
// text and what a turn returns equals what is read back.
func inUTC(c chat.Commit) chat.Commit {
	items := make([]chat.Item, len(c.Items))
	for i, item := range c.Items {
		item.At = utc(item.At)
		items[i] = item
	}
	events := make([]chat.Event, len(c.Events))
	for i, e := range c.Events {
		events[i] = eventInUTC(e)
	}
	c.Items, c.Events = items, events
	return c
}

func eventInUTC(e chat.Event) chat.Event {
	e.At = utc(e.At)
	if e.Memory != nil {
		m := *e.Memory
		m.At = utc(m.At)
		if m.Topic != nil {
			topic := topicInUTC(*m.Topic)
			m.Topic = &topic
		}
		earlier := m.Earlier
		m.Earlier = nil
		for _, topic := range earlier {
			m.Earlier = append(m.Earlier, topicInUTC(topic))
		}
		e.Memory = &m
	}
	if e.Trace != nil {
		t := *e.Trace
		t.Clock = utc(t.Clock)
		e.Trace = &t
	}
	if e.Case != nil {
		c := *e.Case
		c.OpenedAt, c.ChangedAt = utc(c.OpenedAt), utc(c.ChangedAt)
		c.LastUser, c.LastStaff = utc(c.LastUser), utc(c.LastStaff)
		c.ClaimedAt, c.SnoozedUntil, c.ClosedAt = utc(c.ClaimedAt), utc(c.SnoozedUntil), utc(c.ClosedAt)
		c.ToldAt, c.HeldSince, c.AwaitsSince = utc(c.ToldAt), utc(c.HeldSince), utc(c.AwaitsSince)
		e.Case = &c
	}
	return e
}

func topicInUTC(t chat.Topic) chat.Topic {
	if t.Span != nil {
		t.Span = &chat.Span{From: utc(t.Span.From), To: utc(t.Span.To)}
	}
	return t
}

// utc also drops the monotonic reading, which no database keeps.
func utc(t time.Time) time.Time { return t.UTC().Round(0) }
