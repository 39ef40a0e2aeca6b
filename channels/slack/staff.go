package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"verihelp/internal/chat"
)

var (
	errStranger = errors.New("not a member of the desk's channel")
	errUnsure   = errors.New("Slack does not say who this is") //nolint:staticcheck // a name
	errNoInbox  = errors.New("the desk does not run")
)

const (
	membersAge = 5 * time.Minute  // how long a list of members is believed
	membersGap = 10 * time.Second // how soon it is read again for somebody who is not on it
	nameAge    = time.Hour
	maxName    = 20 // characters of a name shown to users
)

// staff knows who may act: the members of a case's channel, or those whom the
// operator names. Bots, removed users and people of other workspaces may not.
type staff struct {
	slack  *client
	agents []string
	now    func() time.Time

	mu      sync.Mutex
	members map[string]roll // by channel
	people  map[string]known
}

type roll struct {
	users []string
	read  time.Time
}

type known struct {
	name    string
	allowed bool
	read    time.Time
}

func newStaff(c *client, agents []string, now func() time.Time) *staff {
	return &staff{slack: c, agents: agents, now: now, members: map[string]roll{}, people: map[string]known{}}
}

// agent is a user who may act on cases of a channel; errStranger for others,
// errUnsure if Slack does not answer: then nobody may.
func (s *staff) agent(ctx context.Context, user, channel string) (chat.Agent, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	allowed, err := s.listed(ctx, user, channel)
	if err != nil {
		return chat.Agent{}, err
	}
	if !allowed {
		return chat.Agent{}, errStranger
	}
	who, err := s.person(ctx, user)
	if err != nil {
		return chat.Agent{}, err
	}
	if !who.allowed {
		return chat.Agent{}, errStranger
	}
	return chat.Agent{ID: user, Name: who.name}, nil
}

func (s *staff) listed(ctx context.Context, user, channel string) (bool, error) {
	if !isUser(user) {
		return false, nil
	}
	if len(s.agents) > 0 {
		return slices.Contains(s.agents, user), nil
	}
	list, age := s.members[channel], s.now().Sub(s.members[channel].read)
	if age < membersAge && slices.Contains(list.users, user) || age < membersGap {
		return slices.Contains(list.users, user), nil
	}
	users, err := s.readMembers(ctx, channel)
	if err != nil {
		return false, fmt.Errorf("%w: %w", errUnsure, err)
	}
	s.members[channel] = roll{users: users, read: s.now()}
	return slices.Contains(users, user), nil
}

func (s *staff) readMembers(ctx context.Context, channel string) ([]string, error) {
	var all []string
	for cursor := ""; ; {
		users, next, err := s.slack.api.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{ChannelID: channel, Cursor: cursor, Limit: 1000})
		if err != nil {
			return nil, fmt.Errorf("read members: %w", explain(err))
		}
		all = append(all, users...)
		if cursor = next; cursor == "" || len(all) > 100_000 {
			return all, nil
		}
	}
}

// name is what a user is called; their ID if Slack does not say.
func (s *staff) name(ctx context.Context, user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	who, err := s.person(ctx, user)
	if err != nil {
		return user
	}
	return who.name
}

func (s *staff) person(ctx context.Context, user string) (known, error) {
	if who, ok := s.people[user]; ok && s.now().Sub(who.read) < nameAge {
		return who, nil
	}
	info, err := s.slack.api.GetUserInfoContext(ctx, user)
	if err != nil {
		return known{}, fmt.Errorf("%w: %w", errUnsure, explain(err))
	}
	who := known{allowed: !info.IsBot && !info.Deleted && !info.IsStranger, read: s.now()}
	for _, name := range []string{info.Profile.DisplayName, info.RealName, info.Name, wordsSomebody} {
		if who.name = short(clean(name), maxName); who.name != "" {
			break
		}
	}
	s.people[user] = who
	return who, nil
}

// changed forgets the members of a channel: somebody joined or left.
func (s *staff) changed(channel string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.members, channel)
}
