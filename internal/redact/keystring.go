package redact

// Lengths of keys that are told only by the word before them.
const (
	minSetupKey = 16 // of an authenticator, in base32
	maxSetupKey = 64
	minSecret   = 16 // after "secret key"
	minWeak     = 30 // after 密鑰, which is the key of anything
	maxSecret   = 128
	solanaShort = 86 // 64 bytes in base58
	solanaLong  = 88
)

var (
	// apiWords announce the secret of an API.
	apiWords = words("secret key", "secretkey", "secret", "api secret", "apisecret", "api key", "apikey", "api_key", "secret_key", "access key", "api密鑰", "api密钥", "api秘鑰", "api秘钥", "api金鑰", "api私鑰", "client secret", "app secret")
	apiNames = words("api")
	// weakWords announce a secret, or the key of an authenticator.
	weakWords = plus(soundKeys, "密匙", "秘钥", "秘鑰", "金鑰", "key", "私匙")
	// setupWords announce the key of an authenticator and nothing else.
	setupWords = words("setup key", "setup code", "setup secret", "設定金鑰", "设置密钥", "設置密鑰", "設定密鑰", "otp secret", "totp secret", "2fa secret", "2fa key", "totp key", "otp key", "secret")
	// authWords tell that a key is one of an authenticator.
	authWords = words("authenticator", "google", "谷歌", "驗證器", "验证器", "authy", "2fa", "totp", "otp", "雙重", "双重", "二次驗證", "二次验证", "兩步", "两步", "二步", "setup key", "設定金鑰", "设置密钥", "動態碼", "动态码")
	// openWords announce strings that everybody may see.
	openWords = words("簽名", "签名", "signature", "sig", "地址", "address", "合約", "合约", "contract", "設備", "设备", "裝置", "device", "request id", "request", "uuid", "公鑰", "公钥", "public key", "版本", "version", "網址", "网址")
	// movedWords speak of a wallet that is moved, which takes its key.
	movedWords = words("導出", "导出", "匯出", "汇出", "導入", "导入", "匯入", "汇入", "export", "exported", "import", "還原", "还原")
)

// keyStrings finds keys that only the word before them tells: Solana's, the keys of
// authenticators and the secrets of an API.
func (m *marks) keyStrings() {
	for i := 0; i < len(m.glyphs); i++ {
		if !isAlnum(m.at(i)) {
			continue
		}
		from := i
		for isKeySign(m.at(i)) {
			i++
		}
		for m.at(i) == '=' && isKeySign(m.at(i-1)) && !isAlnum(m.at(i+1)) { // padding
			i++
		}
		to := i
		if grouped := m.setupGroups(from, to); grouped > to {
			to, i = grouped, grouped
		}
		if kind := m.keyKind(from, to); kind != "" {
			m.take(from, to, kind)
		}
	}
}

func isKeySign(r rune) bool {
	return isAlnum(r) || r == '-' || r == '_' || r == '+' || r == '/'
}

// minArray is how many bytes a key has at least that is written as numbers.
const minArray = 32

// keyArrays finds keys that are written as bytes: [12,34,56,…].
func (m *marks) keyArrays() {
	for i := 0; i < len(m.glyphs); i++ {
		if isDigit(m.at(i - 1)) {
			continue
		}
		from, to, size := i, i, 0
		for {
			n := m.leadingDigits(i)
			if n == 0 || n > 3 || (window{digits: m.digitsAt(i, n)}).num(0, n) > 255 {
				break
			}
			size, to = size+1, i+n
			i = m.skipSpace(to)
			if m.at(i) != ',' {
				break
			}
			i = m.skipSpace(i + 1)
		}
		if size >= minArray {
			m.take(from, to, PrivateKey)
		}
	}
}

func (m *marks) digitsAt(i, n int) []byte {
	out := make([]byte, n)
	for k := range out {
		out[k] = byte(m.at(i + k))
	}
	return out
}

// keyKind tells what a string is, "" for no secret.
func (m *marks) keyKind(from, to int) Kind {
	n := to - from
	if n < minSetupKey || n > maxSecret || m.afterPrefix(from) > from {
		return ""
	}
	if n >= solanaShort && n <= solanaLong && m.isBase58(from, to) && m.isSolanaKey(from, to) {
		return PrivateKey
	}
	cue := m.nearest(from, 24, apiWords, weakWords, setupWords, hashWords, openWords, notHashWords, numberWords)
	if cue < 0 || cue > 2 || m.at(from-1) == '.' { // the rest of an address: www.okx.com/docs-v5
		return ""
	}
	auth := cue == 2 || m.before(from, 40, authWords) || m.after(to, 24, authWords)
	digits, plain := m.base32(from, to)
	switch c := m.content(from, to); {
	case plain && n <= maxSetupKey && (digits > 0 || auth) && !(cue == 0 && !auth):
		return OneTimeCode
	case c.digits < 2 || c.letters < 4 || m.wordAt(from, nameStarts) > 0 && c.signs > 0:
		return ""
	case cue == 0 || m.before(from, 24, apiNames) || n >= minWeak && 8*c.digits >= n && 8*c.signs <= n && !m.isAddress(from, to):
		return PrivateKey
	}
	return ""
}

func (m *marks) isSolanaKey(from, to int) bool {
	cue := m.nearest(from, 24, keyWords, movedWords, hashWords, openWords, notHashWords)
	return cue == 0 || cue == 1 || cue < 0 && m.after(to, 16, keyWords)
}

// base32 reports whether a string is base32 in one case, in groups or not.
func (m *marks) base32(from, to int) (digits int, ok bool) {
	small, large := 0, 0
	for i := from; i < to; i++ {
		switch r := m.at(i); {
		case r >= '2' && r <= '7':
			digits++
		case r >= 'a' && r <= 'z':
			small++
		case r >= 'A' && r <= 'Z':
			large++
		case r != ' ' && r != '-' && r != '=':
			return 0, false
		}
	}
	return digits, (small == 0) != (large == 0) && digits+small+large >= minSetupKey
}

const setupGroup = 4

// setupGroups gives the end of a key in groups of four: jbrw 6y3v nz2g k4tt.
func (m *marks) setupGroups(from, to int) int {
	if to-from != setupGroup {
		return 0
	}
	mixed := count(m.isMixed(from, to))
	for groups := 1; groups < maxSetupKey/setupGroup && m.at(to) == ' '; groups++ {
		end := to + 1
		for isAlnum(m.at(end)) && end <= to+1+setupGroup {
			end++
		}
		if end != to+1+setupGroup {
			break
		}
		mixed += count(m.isMixed(to+1, end))
		to = end
	}
	if _, ok := m.base32(from, to); !ok || mixed < 2 {
		return 0
	}
	return to
}

func (m *marks) isMixed(from, to int) bool {
	c := m.content(from, to)
	return c.digits > 0 && c.letters > 0
}

// isAddress reports whether a string is made as addresses are: Bitcoin, Tron, Solana.
func (m *marks) isAddress(from, to int) bool {
	n, first := to-from, m.at(from)
	if lower(first) == 'b' && lower(m.at(from+1)) == 'c' && m.at(from+2) == '1' {
		return true
	}
	return m.isBase58(from, to) && (n == 34 && first == 'T' || n <= 35 && (first == '1' || first == '3') || n == 43 || n == 44)
}
