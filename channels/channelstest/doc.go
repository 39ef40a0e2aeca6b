// Package channelstest proves that a way to users or to staff keeps the promises
// written in package channels.
//
// An adapter's test calls Channel or Desk with a harness: a function that builds
// the adapter, not yet running, and hands out people who use it the way real
// ones would (a socket, a terminal, a fake of the remote API). The suite runs
// the adapter against FakeInbox or FakeDeskInbox, which behave like the service
// (commit, number, drop repetitions, deliver after the commit) and can be told
// to fail. The fakes are exported for the adapters' own tests.
//
// The suite only looks at what people see and what reaches the inbox, so that an
// adapter is free in everything else.
package channelstest
