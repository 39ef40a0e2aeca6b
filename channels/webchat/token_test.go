package webchat_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"verihelp/channels/channelstest"
	"verihelp/channels/webchat"
	"verihelp/internal/chat"
)

var (
	now     = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	theKeys = map[string][]byte{"k1": []byte(strings.Repeat("1", 32)), "k2": []byte(strings.Repeat("2", 32))}
)

func clock() time.Time { return now }

func tokens() webchat.Config {
	return webchat.Config{Keys: theKeys, TokenAudience: "verihelp", Now: clock, Burst: 100}
}

// claimsOf are good claims for an account, changed as a test wishes.
func claimsOf(sub any, change ...func(jwt.MapClaims)) jwt.MapClaims {
	claims := jwt.MapClaims{"sub": sub, "aud": "verihelp", "iat": now.Unix(), "exp": now.Add(15 * time.Minute).Unix()}
	for _, c := range change {
		c(claims)
	}
	return claims
}

func signed(t testing.TB, claims jwt.MapClaims) string {
	t.Helper()
	return signedBy(t, jwt.SigningMethodHS256, "k1", theKeys["k1"], claims)
}

func signedBy(t testing.TB, method jwt.SigningMethod, kid string, key any, claims jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(method, claims)
	if kid != "" {
		token.Header["kid"] = kid
	}
	text, err := token.SignedString(key)
	require.NoError(t, err)
	return text
}

func set(name string, value any) func(jwt.MapClaims) {
	return func(c jwt.MapClaims) { c[name] = value }
}

func signIn(t *testing.T, s *service, hello map[string]any) *client {
	t.Helper()
	ws, _, err := dial(s.server.URL, nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = ws.Close() })
	c := &client{t, ws}
	hello["kind"] = "hello"
	c.send(hello)
	return c
}

func TestTokens(t *testing.T) {
	s := newService(t, tokens())
	secret := newSecret(t, s.server.URL)
	key := theKeys["k1"]
	at := func(d time.Duration) int64 { return now.Add(d).Unix() }
	forged := signed(t, claimsOf("ann"))
	parts := strings.Split(forged, ".")
	other := base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"bob","aud":"verihelp","iat":` + json.Number("1795341600").String() + `,"exp":1795342000}`))
	tests := []struct {
		name, token, code string
	}{
		{"good", signed(t, claimsOf("ann")), ""},
		{"the other live key", signedBy(t, jwt.SigningMethodHS256, "k2", theKeys["k2"], claimsOf("ann")), ""},
		{"within the leeway", signed(t, claimsOf("ann", set("iat", at(-15*time.Minute)), set("exp", at(-50*time.Second)))), ""},
		{"one of several audiences", signed(t, claimsOf("ann", set("aud", []string{"x", "verihelp"}))), ""},

		{"expired", signed(t, claimsOf("ann", set("iat", at(-15*time.Minute)), set("exp", at(-61*time.Second)))), "token_expired"},
		{"no expiry", signed(t, claimsOf("ann", func(c jwt.MapClaims) { delete(c, "exp") })), "bad_token"},
		{"no time of issue", signed(t, claimsOf("ann", func(c jwt.MapClaims) { delete(c, "iat") })), "bad_token"},
		{"lives too long", signed(t, claimsOf("ann", set("exp", at(16*time.Minute)))), "bad_token"},
		{"issued in the future", signed(t, claimsOf("ann", set("iat", at(2*time.Minute)))), "bad_token"},
		{"not valid yet", signed(t, claimsOf("ann", set("nbf", at(2*time.Minute)))), "bad_token"},
		{"for someone else", signed(t, claimsOf("ann", set("aud", "other"))), "bad_token"},
		{"no subject", signed(t, claimsOf("")), "bad_token"},
		{"a number as subject", signed(t, claimsOf(5)), "bad_token"},
		{"a control character in the subject", signed(t, claimsOf("ann\n")), "bad_token"},
		{"a subject without end", signed(t, claimsOf(strings.Repeat("a", 256))), "bad_token"},
		{"signed with another key", signedBy(t, jwt.SigningMethodHS256, "k1", []byte("x"), claimsOf("ann")), "bad_token"},
		{"signed with the other kid's key", signedBy(t, jwt.SigningMethodHS256, "k2", key, claimsOf("ann")), "bad_token"},
		{"unknown kid", signedBy(t, jwt.SigningMethodHS256, "k3", key, claimsOf("ann")), "bad_token"},
		{"no kid", signedBy(t, jwt.SigningMethodHS256, "", key, claimsOf("ann")), "bad_token"},
		{"HS512", signedBy(t, jwt.SigningMethodHS512, "k1", key, claimsOf("ann")), "bad_token"},
		{"none", signedBy(t, jwt.SigningMethodNone, "k1", jwt.UnsafeAllowNoneSignatureType, claimsOf("ann")), "bad_token"},
		{"payload exchanged", parts[0] + "." + other + "." + parts[2], "bad_token"},
		{"signature cut", parts[0] + "." + parts[1] + ".", "bad_token"},
		{"not a token", "x", "bad_token"},
		{"a token without end", strings.Repeat("a", 5<<10), "bad_token"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			// A good secret beside it makes no stranger of someone with a bad token.
			c := signIn(t, s, map[string]any{"token": test.token, "secret": secret})
			if test.code == "" {
				c.until("live", func(f frame) bool { return f.State == "live" })
				return
			}
			refused := c.refusal()
			assert.Equal(t, test.code, refused.Code)
			assert.NotEmpty(t, refused.Text)
			assert.Equal(t, 4401, c.closed())
		})
	}
}

func TestWithoutKeysATokenIsRefused(t *testing.T) {
	s := newService(t, webchat.Config{})
	c := signIn(t, s, map[string]any{"token": signed(t, claimsOf("ann")), "secret": newSecret(t, s.server.URL)})
	assert.Equal(t, "bad_token", c.refusal().Code)
	assert.Equal(t, 4401, c.closed())
}

func TestTokensCanBeRequired(t *testing.T) {
	cfg := tokens()
	secret := newSecret(t, newService(t, cfg).server.URL)
	cfg.TokenRequired = true
	s := newService(t, cfg)
	c := signIn(t, s, map[string]any{"secret": secret})
	assert.Equal(t, "sign_in", c.refusal().Code)
	assert.Equal(t, 4403, c.closed())
	resp, err := http.Post(s.server.URL+"/chat/session", "", nil)
	require.NoError(t, err)
	defer resp.Body.Close()
	assert.Equal(t, http.StatusForbidden, resp.StatusCode)
	signIn(t, s, map[string]any{"token": signed(t, claimsOf("ann"))}).until("live", func(f frame) bool { return f.State == "live" })

	_, err = webchat.New(webchat.Config{TokenRequired: true})
	assert.ErrorContains(t, err, "no key")
}

func TestOnePersonNeverSeesAnothersConversation(t *testing.T) {
	s := newService(t, tokens())
	ann := signIn(t, s, map[string]any{"token": signed(t, claimsOf("ann"))})
	annTag := ann.until("welcome", func(f frame) bool { return f.Kind == "welcome" }).Person
	ann.say("m-1", "安的話")
	ann.items(0, 1)
	annAgain := signIn(t, s, map[string]any{"token": signed(t, claimsOf("ann")), "person": annTag})
	assert.Equal(t, "安的話", annAgain.items(0, 1)[0].Text, "another device of hers")

	elsewhere := signIn(t, s, map[string]any{"token": signed(t, claimsOf("bob"))})
	elsewhere.say("m-1", "寶的話") // her message's ID
	elsewhere.items(0, 1)
	// Bob's page had Ann's conversation open and comes with her number and tag. His
	// log has an item of that number, too.
	bob := signIn(t, s, map[string]any{"token": signed(t, claimsOf("bob")), "last_seq": 1, "person": annTag})
	assert.True(t, bob.until("welcome", func(f frame) bool { return f.Kind == "welcome" }).Reset, "what his page shows must go")
	assert.Equal(t, "寶的話", bob.items(0, 1)[0].Text)
	ann.say("m-2", "安的第二句")
	assert.Equal(t, "安的第二句", ann.items(1, 1)[0].Text)

	// Names that look like an anonymous address, or like each other's, are nobody's.
	_, _, secret, who := newcomer(t, tokens())
	for _, sub := range []string{who.User, "acct:ann", "ann ", "Ann", "安", secret} {
		c := signIn(t, s, map[string]any{"token": signed(t, claimsOf(sub))})
		for f := c.until("welcome", func(f frame) bool { return f.Kind == "welcome" }); f.State != "live"; f, _ = c.next() {
			assert.NotEqual(t, "item", f.Kind, sub)
		}
	}
	// A new token for somebody else ends the socket instead of changing the person.
	ann.send(map[string]any{"kind": "token", "token": signed(t, claimsOf("bob"))})
	assert.Equal(t, 4401, ann.closed())
}

func TestATokenIsRenewedOnTheSocket(t *testing.T) {
	var mu sync.Mutex
	at := now
	cfg := tokens()
	cfg.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return at }
	cfg.PingEvery = 20 * time.Millisecond
	s := newService(t, cfg)
	c := signIn(t, s, map[string]any{"token": signed(t, claimsOf("ann"))})
	assert.Equal(t, 14*60, c.until("welcome", func(f frame) bool { return f.Kind == "welcome" }).Renew)
	c.send(map[string]any{"kind": "token", "token": signed(t, claimsOf("ann", set("iat", now.Add(-time.Minute).Unix()), set("exp", now.Add(10*time.Minute).Unix())))})
	assert.Equal(t, 9*60, c.until("renewed", func(f frame) bool { return f.State == "renewed" }).Renew)
	c.send(map[string]any{"kind": "token", "token": "x"})
	assert.Equal(t, "bad_token", c.refusal().Code, "a bad one changes nothing")
	c.until("beat", func(f frame) bool { return f.State == "beat" })
	mu.Lock()
	at = at.Add(11*time.Minute + time.Second)
	mu.Unlock()
	assert.Equal(t, 4401, c.closed(), "nobody stays signed in for ever")
}

// adopting is an inbox that can move conversations.
type adopting struct {
	*channelstest.FakeInbox
	mu    sync.Mutex
	calls [][2]chat.Address
	err   error
}

func (a *adopting) Adopt(_ context.Context, from, to chat.Address) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls = append(a.calls, [2]chat.Address{from, to})
	if a.err != nil {
		return a.err
	}
	for _, item := range a.Items(from) {
		a.Commit(to, item)
	}
	return nil
}

func TestSigningInTakesTheConversationAlong(t *testing.T) {
	inbox := &adopting{FakeInbox: channelstest.NewFakeInbox(t)}
	s := newServiceWith(t, tokens(), inbox.FakeInbox, inbox)
	secret := newSecret(t, s.server.URL)
	from, _ := webchat.AddressOf(secret)
	stranger := connect(t, s.server.URL, secret, 0)
	stranger.say("m-1", "登入前說的")
	stranger.items(0, 1)
	laptop := signIn(t, s, map[string]any{"token": signed(t, claimsOf("ann"))})
	laptop.until("live", func(f frame) bool { return f.State == "live" })

	// Without the secret in hand nobody's conversation moves.
	signIn(t, s, map[string]any{"token": signed(t, claimsOf("ann")), "secret": from.User}).until("live", func(f frame) bool { return f.State == "live" })
	assert.Empty(t, inbox.calls)
	post(t, s.server.URL+"/chat/send", map[string]any{
		"hello": map[string]any{"kind": "hello", "token": signed(t, claimsOf("carl")), "secret": secret},
		"frame": map[string]any{"kind": "message", "id": "m-1", "text": "只是一則訊息"},
	})
	assert.Empty(t, inbox.calls, "nor by a mere message, whose client would not learn of it")

	ann := signIn(t, s, map[string]any{"token": signed(t, claimsOf("ann")), "secret": secret, "last_seq": 1})
	welcome := ann.until("welcome", func(f frame) bool { return f.Kind == "welcome" })
	assert.True(t, welcome.Reset)
	assert.True(t, welcome.Adopted)
	assert.Equal(t, "登入前說的", ann.items(0, 1)[0].Text)
	require.Len(t, inbox.calls, 1)
	assert.Equal(t, from, inbox.calls[0][0])
	assert.True(t, strings.HasPrefix(inbox.calls[0][1].User, "acct:"))
	assert.Equal(t, 4401, stranger.closed(), "the stranger is no one any more")
	assert.True(t, laptop.until("welcome", func(f frame) bool { return f.Kind == "welcome" }).Reset, "other devices read it anew")
	assert.Equal(t, "登入前說的", laptop.items(0, 1)[0].Text)

	inbox.err = errors.New("the store is away")
	later := signIn(t, s, map[string]any{"token": signed(t, claimsOf("bob")), "secret": newSecret(t, s.server.URL)})
	assert.False(t, later.until("welcome", func(f frame) bool { return f.Kind == "welcome" }).Adopted, "the client keeps its secret and tries again")
}

func TestKeysAreRead(t *testing.T) {
	long := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("?>", 20)))
	keys, err := webchat.ParseKeys("k1:" + long + ",\nk2:" + strings.NewReplacer("+", "-", "/", "_", "=", "").Replace(long) + "\n")
	require.NoError(t, err)
	assert.Equal(t, keys["k1"], keys["k2"])
	for text, says := range map[string]string{
		"secret":                     "kid:base64secret",
		"k1:***":                     "not base64",
		"k1:c2hvcnQ=":                "5 bytes",
		"k1:" + long + ",k1:" + long: "twice",
	} {
		_, err := webchat.ParseKeys(text)
		require.ErrorContains(t, err, says)
		assert.NotContains(t, err.Error(), long)
	}
}

func FuzzToken(f *testing.F) {
	for _, token := range []string{"", signed(f, claimsOf("ann")), "eyJhbGciOiJub25lIn0.e30.", "a.b.c"} {
		f.Add(token)
	}
	verify := webchat.Verifier(theKeys, clock)
	good := signed(f, claimsOf("ann"))
	f.Fuzz(func(t *testing.T, token string) {
		who, ok := verify(token)
		if ok && token != good {
			t.Errorf("believed %q as %v", token, who)
		}
	})
}
