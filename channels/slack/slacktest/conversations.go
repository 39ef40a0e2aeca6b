package slacktest

import (
	"net/url"
	"slices"
	"strconv"
)

func (s *Server) info(v url.Values) answer {
	c := s.channels[v.Get("channel")]
	if c == nil {
		return no("channel_not_found")
	}
	return ok(answer{"channel": answer{
		"id": c.id, "name": c.name, "is_archived": c.archived, "is_member": slices.Contains(c.members, BotUser),
	}})
}

func (s *Server) listMembers(v url.Values) answer {
	c := s.channels[v.Get("channel")]
	if c == nil {
		return no("channel_not_found")
	}
	return ok(answer{"members": c.members, "response_metadata": answer{"next_cursor": ""}})
}

func (s *Server) userInfo(v url.Values) answer {
	u := s.users[v.Get("user")]
	if u == nil {
		return no("user_not_found")
	}
	return ok(answer{"user": answer{
		"id": u.id, "name": u.name, "real_name": u.name, "is_bot": u.bot, "deleted": false, "is_stranger": u.stranger,
		"profile": answer{"display_name": u.name},
	}})
}

func (s *Server) history(v url.Values) answer {
	c := s.channels[v.Get("channel")]
	if c == nil {
		return no("channel_not_found")
	}
	var found []*Message
	for _, m := range slices.Backward(c.messages) {
		if (m.ThreadTS == "" || m.ThreadTS == m.TS || m.SubType == "thread_broadcast") && m.TS >= v.Get("oldest") {
			found = append(found, m)
		}
	}
	return pageOf(found, v)
}

func (s *Server) replies(v url.Values) answer {
	c := s.channels[v.Get("channel")]
	if c == nil {
		return no("channel_not_found")
	}
	root := c.find(v.Get("ts"))
	if root == nil {
		return no("thread_not_found")
	}
	found := []*Message{root}
	for _, m := range c.messages {
		if m.ThreadTS == root.TS && m.TS != root.TS && m.TS >= v.Get("oldest") {
			found = append(found, m)
		}
	}
	return pageOf(found, v)
}

func pageOf(found []*Message, v url.Values) answer {
	start, _ := strconv.Atoi(v.Get("cursor"))
	limit, _ := strconv.Atoi(v.Get("limit"))
	start = min(start, len(found))
	end := min(start+min(max(limit, 1), 999), len(found))
	next := ""
	if end < len(found) {
		next = strconv.Itoa(end)
	}
	page := make([]Message, 0, end-start)
	for _, m := range found[start:end] {
		shown := *m
		if v.Get("include_all_metadata") != "true" {
			shown.Metadata = nil
		}
		page = append(page, shown)
	}
	return ok(answer{"messages": page, "has_more": next != "", "response_metadata": answer{"next_cursor": next}})
}
