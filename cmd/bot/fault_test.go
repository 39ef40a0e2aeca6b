package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"verihelp/channels"
	"verihelp/channels/channelstest/remotetest"
	"verihelp/internal/chat"
	"verihelp/internal/store"
	"verihelp/internal/store/pgtest"
)

// The fault suite: real processes of the service are killed while people write
// and staff answer through a remote desk that fails as such APIs fail. In the end
// everybody must have everything, once and in order; a double at the desk is
// allowed where the API cannot be asked and an unknown outcome was recorded.
//
// kills is how often a process is killed; FAULT_KILLS asks for more.
const (
	kills        = 20
	writers      = 12
	convergeTime = 5 * time.Minute
)

// faultVariable makes this test binary a service with the remote desk at the
// address that it holds.
const faultVariable = "FAULT_DESK"

// offsetVariable makes the clock of such a service go wrong by that much.
const offsetVariable = "FAULT_CLOCK"

func TestMain(m *testing.M) {
	if base := os.Getenv(faultVariable); base != "" {
		if err := serveWithRemoteDesk(base); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(exitErrors)
		}
		return
	}
	os.Exit(pgtest.Run(m))
}

// serveWithRemoteDesk is `bot serve` with one more desk.
func serveWithRemoteDesk(base string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	var c cli
	parser, err := kong.New(&c)
	if err != nil {
		return err
	}
	if _, err := parser.Parse(nil); err != nil {
		return err
	}
	desk := &remoteDesk{base: base, Client: &remotetest.Client{Base: base, HTTP: &http.Client{Timeout: 500 * time.Millisecond}}}
	io := streams{out: os.Stdout, err: os.Stderr}
	offset, _ := time.ParseDuration(os.Getenv(offsetVariable)) // none: 0
	wrong := func(now clock) clock { return func() time.Time { return now().Add(offset) } }
	return serveApp(ctx, fx.New(service(&c.settings, io), fx.Decorate(wrong), fx.Provide(func() deskOut { return asDesk(desk) })))
}

// remoteDesk is a desk at a test server: it takes staff's actions from a list.
type remoteDesk struct {
	*remotetest.Client
	base string
}

func (*remoteDesk) Name() string { return "remote" }

func (d *remoteDesk) Run(ctx context.Context, in channels.DeskInbox) error { //nolint:unparam // the error is the interface's
	for ctx.Err() == nil {
		if a, ok := d.next(ctx); ok {
			if err := in.Handle(ctx, a); err == nil {
				d.done(ctx, a.ID)
				continue
			}
			// A failure is tried again, as a member of staff would.
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

func (d *remoteDesk) next(ctx context.Context) (a chat.StaffAction, ok bool) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.base+"/action", http.NoBody)
	if err != nil {
		return a, false
	}
	response, err := d.HTTP.Do(request)
	if err != nil {
		return a, false
	}
	defer response.Body.Close() //nolint:errcheck // only read
	if response.StatusCode != http.StatusOK || json.NewDecoder(response.Body).Decode(&a) != nil {
		return a, false
	}
	return a, true
}

func (d *remoteDesk) done(ctx context.Context, id string) {
	request, err := http.NewRequestWithContext(ctx, http.MethodDelete, d.base+"/action?id="+id, http.NoBody)
	if err != nil {
		return
	}
	if response, err := d.HTTP.Do(request); err == nil {
		_ = response.Body.Close()
	}
}

func TestNothingIsLostWhenProcessesDie(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for a minute")
	}
	for name, nodes := range map[string]int{"sqlite": 1, "postgres": 3} {
		t.Run(name, func(t *testing.T) { newTrial(t, name, nodes).run(t) })
	}
}

// trial is one run of the suite.
type trial struct {
	env     []string
	nodes   []*node
	desk    *deskServer
	people  []*writer
	open    func(t *testing.T) *store.Reader
	restart func(t *testing.T) // of the database; nil where it dies with its process
}

func newTrial(t *testing.T, name string, nodes int) *trial {
	t.Helper()
	tr := &trial{desk: newDeskServer(t, name == "postgres")}
	dir := t.TempDir()
	s := &settings{Data: dir}
	tr.env = append(os.Environ(), faultVariable+"="+tr.desk.url, "BOT_LISTEN=127.0.0.1:0", "BOT_DESK_LISTEN=off",
		"BOT_BURST=0s", "BOT_LOG=error", "BOT_DATA="+dir)
	if name == "postgres" {
		server := pgtest.Start(t)
		url := server.Database(t)
		tr.env = append(tr.env, "BOT_DATABASE="+url)
		tr.restart = func(t *testing.T) { server.Restart(t) }
		tr.open = func(t *testing.T) *store.Reader {
			r, err := store.OpenPostgresReader(t.Context(), url, store.Options{})
			require.NoError(t, err)
			return r
		}
	} else {
		tr.open = func(t *testing.T) *store.Reader {
			r, err := store.OpenReader(t.Context(), databaseFile(s), store.Options{})
			require.NoError(t, err)
			return r
		}
	}
	for i := range nodes { // each node's clock goes a little wrong: within what leases allow
		offset := time.Duration(i) * 700 * time.Millisecond
		tr.nodes = append(tr.nodes, &node{env: append(slices.Clone(tr.env), offsetVariable+"="+offset.String())})
	}
	return tr
}

func (tr *trial) run(t *testing.T) {
	for _, n := range tr.nodes {
		n.start(t)
		t.Cleanup(func() { n.kill(syscall.SIGKILL) })
	}
	ctx, stopWriting := context.WithCancel(t.Context())
	defer stopWriting()
	var writing sync.WaitGroup
	for i := range writers {
		w := &writer{name: "u" + strconv.Itoa(i), nodes: tr.nodes, desk: tr.desk}
		tr.people = append(tr.people, w)
		writing.Go(func() { w.run(ctx, t.Context()) })
	}
	ended := make(chan struct{})
	go func() { tr.desk.answer(ctx); close(ended) }()

	tr.disturb(t)
	stopWriting()
	<-ended
	writing.Wait()
	tr.converge(t)
	tr.check(t)
	for _, w := range tr.people {
		w.close()
	}
	for _, n := range tr.nodes {
		assert.NoError(t, n.kill(syscall.SIGTERM), "a service that is told to stop stops in good order")
	}
}

// disturb kills processes at random moments; every fourth is told to stop, as in
// a rolling restart, and the database restarts once on its way.
func (tr *trial) disturb(t *testing.T) {
	n := kills
	if more, err := strconv.Atoi(os.Getenv("FAULT_KILLS")); err == nil {
		n = more
	}
	for i := range n {
		time.Sleep(time.Duration(50+rand.IntN(700)) * time.Millisecond) // a moment that nobody chose
		victim := tr.nodes[rand.IntN(len(tr.nodes))]
		if i%4 == 3 {
			require.NoError(t, victim.kill(syscall.SIGTERM))
		} else {
			_ = victim.kill(syscall.SIGKILL)
		}
		victim.start(t)
		if tr.restart != nil && i == n/2 {
			tr.restart(t)
		}
	}
}

// converge waits until nothing is under way any more.
func (tr *trial) converge(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(convergeTime); ; time.Sleep(100 * time.Millisecond) {
		missing := tr.missing()
		rows := tr.deliveries(t, chat.DeliveryWaiting, chat.DeliveryUnknown)
		if missing == "" && len(rows) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("still missing after %v: %s; deliveries %+v", convergeTime, missing, rows)
		}
	}
}

func (tr *trial) missing() string {
	if left := tr.desk.left(); left > 0 {
		return fmt.Sprintf("%d actions of staff", left)
	}
	for _, w := range tr.people {
		said, heard := w.state()
		relayed := unique(tr.desk.relayed(w.name))
		if len(relayed) < said-1 { // the first opens the case and bears no number
			return fmt.Sprintf("%s said %d, the desk has %d", w.name, said, len(relayed))
		}
		if replies := tr.desk.replied(w.name); len(heard) < replies {
			return fmt.Sprintf("staff wrote %d to %s, %d are there", replies, w.name, len(heard))
		}
	}
	return ""
}

// check compares what everybody said with what everybody got.
func (tr *trial) check(t *testing.T) {
	total := 0
	for _, w := range tr.people {
		said, heard := w.state()
		total += said
		assert.Empty(t, w.trouble(), w.name)
		assert.Equal(t, numbers(said-1), unique(tr.desk.relayed(w.name)), "%s: what the desk has, in order", w.name)
		assert.Equal(t, numbers(tr.desk.replied(w.name)), heard, "%s: what staff wrote, once and in order", w.name)
		assert.Equal(t, numbers(said-1), w.echoed(), "%s: the person's own words, once and in order", w.name)
	}
	rows := tr.deliveries(t, chat.DeliverySent, chat.DeliveryDead)
	unknown := map[string]int{}
	for _, d := range rows {
		assert.NotEqual(t, chat.DeliveryDead, d.State)
		unknown[strconv.FormatInt(d.ID, 10)+"/0"] = d.Unknowns
	}
	doubles := 0
	for id, n := range tr.desk.counts() {
		if n > 1 {
			doubles++
			assert.True(t, tr.desk.api.Mute, "%s came %d times although the API can be asked", id, n)
			assert.GreaterOrEqual(t, unknown[id], n-1, "%s came %d times and nobody recorded why", id, n)
		}
	}
	t.Logf("%d messages, %d deliveries, %d doubles, all of them recorded as unknown", total, len(rows), doubles)
}

func (tr *trial) deliveries(t *testing.T, states ...chat.DeliveryState) []chat.Delivery {
	r := tr.open(t)
	defer r.Close() //nolint:errcheck // only read
	rows, err := r.Deliveries(t.Context(), states, 1_000_000)
	require.NoError(t, err)
	return rows
}

// numbers are 1 to n.
func numbers(n int) []int {
	out := []int{}
	for i := range max(n, 0) {
		out = append(out, i+1)
	}
	return out
}

// unique leaves out what has come before, so that what comes late shows.
func unique(in []int) []int {
	out, seen := []int{}, map[int]bool{}
	for _, n := range in {
		if !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}

// node is a process of the service that comes back under a new address.
type node struct {
	env []string

	mu  sync.Mutex
	cmd *exec.Cmd
	url string
}

var webChatLine = regexp.MustCompile(`web chat\s+(http://\S+)`)

func (n *node) start(t *testing.T) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = n.env
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := webChatLine.FindStringSubmatch(lines.Text()); m != nil {
			n.mu.Lock()
			n.cmd, n.url = cmd, m[1]
			n.mu.Unlock()
			go func() { _, _ = io.Copy(io.Discard, out) }() // ends with the process
			return
		}
	}
	t.Fatalf("the service did not start: %v", cmd.Wait())
}

// kill ends the process and returns how it ended.
func (n *node) kill(how syscall.Signal) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.cmd == nil {
		return nil
	}
	cmd := n.cmd
	n.cmd, n.url = nil, ""
	if err := cmd.Process.Signal(how); err != nil {
		return err
	}
	return cmd.Wait()
}

func (n *node) address() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.url
}

// deskServer is the API of the remote desk with its faults, and the staff.
type deskServer struct {
	api remotetest.Server
	url string

	mu      sync.Mutex
	actions []chat.StaffAction
	cases   map[string]string // a person's case
	wrote   map[string]int    // replies to a case
}

// faulty answers one request of five badly.
func faulty(remotetest.Arrival) remotetest.Fault {
	if rand.IntN(5) > 0 {
		return remotetest.None
	}
	faults := []remotetest.Fault{
		remotetest.Unavailable, remotetest.Busy, remotetest.Broken, remotetest.Cut, remotetest.Silent,
		remotetest.LostAnswer, remotetest.CutAnswer, remotetest.LateAnswer, remotetest.BrokenAfter,
	}
	return faults[rand.IntN(len(faults))]
}

func newDeskServer(t *testing.T, mute bool) *deskServer {
	d := &deskServer{
		api:   remotetest.Server{Fault: faulty, RetryAfter: 1, Mute: mute},
		cases: map[string]string{}, wrote: map[string]int{},
	}
	mux := http.NewServeMux()
	mux.Handle("/", &d.api)
	mux.HandleFunc("GET /action", d.first)
	mux.HandleFunc("DELETE /action", d.remove)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	d.url = server.URL
	return d
}

func (d *deskServer) first(w http.ResponseWriter, _ *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.actions) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	_ = json.NewEncoder(w).Encode(d.actions[0])
}

func (d *deskServer) remove(_ http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.actions) > 0 && d.actions[0].ID == r.URL.Query().Get("id") {
		d.actions = d.actions[1:]
	}
}

func (d *deskServer) left() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.actions)
}

// spoken is a numbered message of a person.
var spoken = regexp.MustCompile(`\[(u\d+) (\d+)\]`)

// answer is the staff: it claims each case that it sees and answers each message once.
func (d *deskServer) answer(ctx context.Context) {
	for ctx.Err() == nil {
		d.look()
		select {
		case <-ctx.Done():
		case <-time.After(300 * time.Millisecond):
		}
	}
}

func (d *deskServer) look() {
	for i := range writers {
		name := "u" + strconv.Itoa(i)
		id, read := d.caseOf(name), len(unique(d.relayed(name)))
		if id == "" {
			continue
		}
		d.mu.Lock()
		if _, claimed := d.wrote[id]; !claimed {
			d.wrote[id] = 0
			d.act(chat.StaffAction{ID: "claim " + id, CaseID: id, Change: chat.CaseClaim})
		} else if d.wrote[id] < read {
			d.wrote[id]++
			n := strconv.Itoa(d.wrote[id])
			d.act(chat.StaffAction{ID: "reply " + id + " " + n, CaseID: id, Change: chat.CaseReply, Text: "(staff " + n + ")"})
		}
		d.mu.Unlock()
	}
}

func (d *deskServer) act(a chat.StaffAction) {
	a.Agent, a.At = chat.Agent{ID: "s1", Name: "小安"}, time.Now()
	a.ID = regexp.MustCompile(`\s`).ReplaceAllString(a.ID, "-")
	d.actions = append(d.actions, a)
}

// caseOf finds a person's case by what the desk was told.
func (d *deskServer) caseOf(name string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if id := d.cases[name]; id != "" {
		return id
	}
	for to, arrived := range d.api.All() {
		for _, a := range arrived {
			if m := spoken.FindStringSubmatch(a.Text); m != nil {
				d.cases[m[1]] = to
			}
		}
	}
	return d.cases[name]
}

// relayed are the numbers of a person's messages in the order in which they arrived.
func (d *deskServer) relayed(name string) []int {
	var found []int
	for _, a := range d.api.Arrived(d.caseOf(name)) {
		for _, m := range spoken.FindAllStringSubmatch(a.Text, -1) {
			n, _ := strconv.Atoi(m[2])
			found = append(found, n)
		}
	}
	return found
}

func (d *deskServer) replied(name string) int {
	id := d.caseOf(name)
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.wrote[id]
}

// counts is how often each part of a delivery arrived.
func (d *deskServer) counts() map[string]int {
	found := map[string]int{}
	for _, arrived := range d.api.All() {
		for _, a := range arrived {
			found[a.ID]++
		}
	}
	return found
}
