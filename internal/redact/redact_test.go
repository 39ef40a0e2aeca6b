package redact

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The Chinese phrases of the entropy 00 01 … 0f, in both lists.
const (
	hans = "的三欧三考于据保量损破战"
	hant = "的三歐三考於據保量損破戰"
)

func spread(text, between string) string { return strings.Join(strings.Split(text, ""), between) }

const phrase = "abandon ability able about above absent absorb abstract absurd abuse access accident"

func TestMaskHidesSecrets(t *testing.T) {
	tests := []struct {
		name, text, want string
		kind             Kind
	}{
		{"Mainland ID", "我身份证11010519491231002X被占用", "我身份证〔身分證號〕被占用", IDNumber},
		{"Mainland ID in small letters and spaces", "110105 19491231 002x", "〔身分證號〕", IDNumber},
		{"Mainland ID, full-width", "身份证号：１１０１０５１９４９１２３１００２Ｘ", "身份证号：〔身分證號〕", IDNumber},
		{"Mainland ID with invisible characters", "1101\u200b0519\u200d4912\ufeff31002X", "〔身分證號〕", IDNumber},
		{"Mainland ID digit by digit", "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X", "〔身分證號〕", IDNumber},
		{"Mainland ID of 15 digits", "老证130503670401001", "老证〔身分證號〕", IDNumber},
		{"mistyped ID after its name", "身份证号是110105194912310021", "身份证号是〔身分證號〕", IDNumber},
		{"Taiwan ID", "我的身分證A123456789", "我的身分證〔身分證號〕", IDNumber},
		{"Taiwan ID in words around", "號碼 a-123-456-789 不行", "號碼 〔身分證號〕 不行", IDNumber},
		{"Taiwan resident, new form", "居留證A800000014", "居留證〔身分證號〕", IDNumber},
		{"Taiwan resident, old form", "AC01234567 這張", "〔身分證號〕 這張", IDNumber},
		{"Hong Kong ID", "A123456(3)", "〔身分證號〕", IDNumber},
		{"Hong Kong ID, full-width parentheses", "身份證係A123456（3）", "身份證係〔身分證號〕", IDNumber},
		{"Macau ID", "澳門證1234567(8)", "澳門證〔身分證號〕", IDNumber},
		{"Malaysian IC", "my ic 900101-14-5678", "my ic 〔身分證號〕", IDNumber},
		{"Singapore NRIC", "S1234567D is mine", "〔身分證號〕 is mine", IDNumber},
		{"passport", "護照號碼 E12345678", "護照號碼 〔身分證號〕", IDNumber},
		{"card", "卡 4111 1111 1111 1111 刷不過", "卡 〔卡號〕 刷不過", CardNumber},
		{"card with dashes", "4111-1111-1111-1111", "〔卡號〕", CardNumber},
		{"UnionPay", "6222021234567890128", "〔卡號〕", CardNumber},
		{"seed phrase", "我的助记词 " + phrase + " 丢了", "我的助记词 〔助記詞〕 丢了", SeedPhrase},
		{"seed phrase, commas", strings.ReplaceAll(phrase, " ", "，"), "〔助記詞〕", SeedPhrase},
		{"seed phrase, capitals, one a line", strings.ToUpper(strings.ReplaceAll(phrase, " ", "\n")), "〔助記詞〕", SeedPhrase},
		{"seed phrase, numbered", "1. abandon 2. ability 3. able 4. about 5. above 6. absent 7. absorb 8. abstract 9. absurd 10. abuse 11. access 12. accident", "1. 〔助記詞〕", SeedPhrase},
		{"seed phrase with a typo", strings.Replace(phrase, "absent", "absnet", 1), "〔助記詞〕", SeedPhrase},
		{"seed phrase without spaces", strings.ReplaceAll(phrase, " ", ""), "〔助記詞〕", SeedPhrase},
		{"Chinese seed phrase as the whole message", hans, "〔助記詞〕", SeedPhrase},
		{"Chinese seed phrase, Traditional", hant, "〔助記詞〕", SeedPhrase},
		{"Chinese seed phrase on a line of its own", "這是我的\n" + hant + "\n幫我看", "這是我的\n〔助記詞〕\n幫我看", SeedPhrase},
		{"Chinese seed phrase in spaces", spread(hans, " "), "〔助記詞〕", SeedPhrase},
		{"Chinese seed phrase, one a line", spread(hant, "\n"), "〔助記詞〕", SeedPhrase},
		{"Chinese seed phrase, numbered", "1的 2三 3欧 4三 5考 6于 7据 8保 9量 10损 11破 12战", "1〔助記詞〕", SeedPhrase},
		{"Chinese seed phrase, announced in a sentence", "我的助记词是" + hans + "帮我恢复", "我的助记词是〔助記詞〕帮我恢复", SeedPhrase},
		{"Chinese seed phrase, mistyped, in spaces", spread("的三欧三考于据保量损破的", " "), "〔助記詞〕", SeedPhrase},
		{"hex key", "私鑰0x" + strings.Repeat("1a2b", 16), "私鑰〔私鑰〕", PrivateKey},
		{"WIF key", "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", "〔私鑰〕", PrivateKey},
		{"one-time code", "驗證碼是 482913 對嗎", "驗證碼是 〔驗證碼〕 對嗎", OneTimeCode},
		{"one-time code before its name", "482913 是我的验证码", "〔驗證碼〕 是我的验证码", OneTimeCode},
		{"one-time code in two groups", "OTP: 482 913", "OTP: 〔驗證碼〕", OneTimeCode},
		{"authenticator", "谷歌码482913", "谷歌码〔驗證碼〕", OneTimeCode},
		{"password", "密碼是Abc!2345 幫我登", "密碼是〔密碼〕 幫我登", Password},
		{"password, colon", "密码：hunter2", "密码：〔密碼〕", Password},
		{"password, English", "my password is tr0ub4dor", "my password is 〔密碼〕", Password},
		{"Mainland mobile", "手机13812345678收不到", "手机〔電話〕收不到", Phone},
		{"Mainland mobile in groups", "138-1234-5678", "〔電話〕", Phone},
		{"Taiwan mobile", "0912-345-678", "〔電話〕", Phone},
		{"Hong Kong, after a cue", "電話 91234567", "電話 〔電話〕", Phone},
		{"e-mail", "寄到 a.b+c@example.com。", "寄到 〔電郵〕。", Email},
		{"e-mail, full-width", "ｗａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", "〔電郵〕", Email},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			masked, found := Mask(tt.text)
			assert.Equal(t, tt.want, masked)
			assert.Equal(t, []Finding{{Kind: tt.kind, Count: 1}}, found)
		})
	}
}

func TestMaskLeavesOrdinaryMessages(t *testing.T) {
	tests := []string{
		"", " ", "😀", "證件過期了", "UID 123456789012345678", "我的 uid 是 13812345678", "訂單號 4111111111111111",
		"20270105", "2027-01-05到期", "有效期到 2027.01.05", "還有60天", "60天", "民國115年3月5日", "充值 1000000 USDT",
		"驗證碼收不到，等了 1000 秒", "验证器的6位数在哪看", "error code 50011", "密碼輸錯5次", "忘記密碼怎麼辦", "password is wrong",
		"密码：忘了", "password is incorrect", "護照2027年到期", "護照效期到20270105", "passport valid until 2027-01-05",
		"身份证号以前15位后来升18位的", "txid 0x" + strings.Repeat("1a2b", 16), "交易哈希 " + strings.Repeat("1a2b", 16),
		"說 didn't follow instructions, what can I do about this", "iPhone 15 Pro Max 256GB", "今年17歲", "C2C KYC lv2 99%",
		"I can not open the camera when I try to verify my identity with this phone, please help me with this", "生日填錯 1990-01-01",
		"我138开头的号码", "圖片 1024x768", "400-800-1234", "24小時 7 天", "@okx", "a@b", "2026-11-22 10:30:45", "1,234,567.89",
		"用户协议 Section 12345678",
	}
	for _, text := range tests {
		masked, found := Mask(text)
		assert.Equal(t, text, masked)
		assert.Empty(t, found)
	}
}

func TestMaskCountsByGravity(t *testing.T) {
	masked, found := Mask("a@b.com A123456789 13812345678 " + phrase + " 還有 S1234567D")
	assert.Equal(t, "〔電郵〕 〔身分證號〕 〔電話〕 〔助記詞〕 還有 〔身分證號〕", masked)
	assert.Equal(t, []Finding{{SeedPhrase, 1}, {IDNumber, 2}, {Phone, 1}, {Email, 1}}, found)
}

func TestWarn(t *testing.T) {
	for _, k := range kinds {
		assert.Equal(t, k != Phone && k != Email, k.Warn(), k)
	}
	assert.False(t, Kind("").Warn())
}

func TestStripRemovesPlaceholders(t *testing.T) {
	masked, _ := Mask("我的身分證A123456789被佔用")
	assert.Equal(t, "我的身分證被佔用", Strip(masked))
	assert.Equal(t, "證件過期", Strip("證件過期"))
}

func TestAChineseTextOfTheRightLengthIsNoPhrase(t *testing.T) {
	for _, text := range []string{
		"身份证上传了三次都不行呢",                  // twelve characters, not all in the lists
		hans[:len(hans)-len("战")] + "在", // all in the lists, the checksum is wrong
		"我的助记词丢了，是不是就没有办法再登录我的钱包了呢",
		"我 的 人 脸 一 直 过 不 了",
	} {
		masked, found := Mask(text)
		assert.Equal(t, text, masked)
		assert.Empty(t, found)
	}
}

func TestAPieceOfAPhraseIsWordsAndNothingElse(t *testing.T) {
	for text, weight := range map[string]int{
		"abandon": 2, "1. abandon 2. ability": 4, "Zoo": 2, "的": 1, "3 欧": 1,
		"": 0, "12": 0, "abandon me": 0, "的三": 0, "人臉": 0, "abandon ability able about above absent absorb": 0,
	} {
		assert.Equal(t, weight, Piece(text), text)
	}
}

func TestSeedListIsComplete(t *testing.T) {
	require.Len(t, seedWords, 2048)
	for w := range seedWords {
		require.LessOrEqual(t, len(w), maxSeedWord)
	}
	require.Len(t, hanWords, 2048+773, "773 words differ between the two lists")
}

// TestLongHostileInput also ends in time when a detector is quadratic only for
// a text of one kind.
func TestLongHostileInput(t *testing.T) {
	for _, unit := range []string{"1", "1 ", "a", "a@", "@", "abandon ", "身份证", "密码是", "验证码 1234 ", "〔", "\xff", "\u200b", "A1", "4111 ", "+1 "} {
		text := strings.Repeat(unit, 20000/utf8.RuneCountInString(unit))
		masked, _ := Mask(text)
		again, _ := Mask(masked)
		assert.Equal(t, masked, again, unit)
	}
}

func FuzzMask(f *testing.F) {
	f.Add("身份证11010519491231002X 卡4111 1111 1111 1111")
	f.Add(phrase + " 密碼是abc123")
	f.Add("驗證碼 482913 uid 1234 \xff\xfe〔密碼〕")
	f.Fuzz(func(t *testing.T, text string) {
		masked, found := Mask(text)
		if len(found) == 0 {
			require.Equal(t, text, masked)
		}
		again, more := Mask(masked)
		require.Equal(t, masked, again)
		require.Empty(t, more)
	})
}

// FuzzPlanted plants a secret between two texts of Chinese characters and marks.
func FuzzPlanted(f *testing.F) {
	f.Add("我的", "被佔用", uint8(0))
	f.Add("！", "\n", uint8(3))
	secrets := []string{"11010519491231002X", "A123456789", "4111111111111111", phrase, "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"}
	f.Fuzz(func(t *testing.T, before, after string, which uint8) {
		keep := func(r rune) rune {
			if isAlnum(narrow(r)) || narrow(r) == 0 {
				return '中'
			}
			return r
		}
		secret := secrets[int(which)%len(secrets)]
		masked, found := Mask(strings.Map(keep, before) + "，中，" + secret + "，中，" + strings.Map(keep, after))
		require.NotEmpty(t, found)
		require.False(t, strings.ContainsAny(masked, "0123456789"))
		require.NotContains(t, masked, "abandon")
	})
}

func BenchmarkMask(b *testing.B) {
	texts := map[string]string{
		"plain":  "我的護照還有一個半月就到期了請問這樣可以通過身份認證嗎還是要先去換一本新的護照呢謝謝",
		"mixed":  "我在KL, passport剩45天到期 app 6.120.1 一直說 face not recognised 怎麼辦呢謝謝",
		"secret": "身份证号是11010519491231002X被别的账号占用了，13812345678收不到短信",
		"long":   strings.Repeat("我的UID 123456789 试了3次 ", 1000),
	}
	for name, text := range texts {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Mask(text)
			}
		})
	}
}
