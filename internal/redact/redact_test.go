package redact

import (
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The Chinese phrases of the entropy 00 01 … 0f, in both lists.
const (
	hans = "的三欧三考于据保量损破战"
	hant = "的三歐三考於據保量損破戰"
)

// spreadHan numbers the second and all further characters: "，第2個…".
func spreadHan(text string) string {
	var b strings.Builder
	for i, r := range []rune(text) {
		fmt.Fprintf(&b, "，第%d個%c", i+2, r)
	}
	return b.String()
}

func spreadWords(label, between string) string {
	var out []string
	for i, w := range strings.Fields(phrase) {
		numeral := strings.Split("一 二 三 四 五 六 七 八 九 十 十一 十二", " ")[i]
		out = append(out, fmt.Sprintf(label, numeral)+w)
	}
	return strings.Join(out, between)
}

func circled(words []string, between string) string {
	var out []string
	for i, w := range words {
		out = append(out, string('①'+rune(i))+w)
	}
	return strings.Join(out, between)
}

func spread(text, between string) string { return strings.Join(strings.Split(text, ""), between) }

// solana is as long as a key of Solana and as a signature.
const solana = "4bkJiH4AA8gPy1JTMVugNZ7gwTQQUT2mvrMnuj4p1a2fVo7hpqXBdKSZenpGTELH3mopBxUtER4aN5mfwznXdu43"

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
		{"mistyped card after its name", "银行卡 6222021234567890123 认证不了", "银行卡 〔卡號〕 认证不了", CardNumber},
		{"mistyped card in groups", "信用卡號是4111 1111 1111 1112", "信用卡號是〔卡號〕", CardNumber},
		{"mistyped ID after its name in Taiwan", "身分證字號是H223456781 照片傳不上去", "身分證字號是〔身分證號〕 照片傳不上去", IDNumber},
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
		{"one-time code with a number before it", "驗證碼：1.482913", "驗證碼：1.〔驗證碼〕", OneTimeCode},
		{"one-time code in two groups", "OTP: 482 913", "OTP: 〔驗證碼〕", OneTimeCode},
		{"authenticator", "谷歌码482913", "谷歌码〔驗證碼〕", OneTimeCode},
		{"password", "密碼是Abc!2345 幫我登", "密碼是〔密碼〕 幫我登", Password},
		{"password, colon", "密码：hunter2", "密码：〔密碼〕", Password},
		{"password, English", "my password is tr0ub4dor", "my password is 〔密碼〕", Password},
		{"Mainland mobile", "手机13812345678收不到", "手机〔電話〕收不到", Phone},
		{"Mainland mobile in groups", "138-1234-5678", "〔電話〕", Phone},
		{"Taiwan mobile", "0912-345-678", "〔電話〕", Phone},
		{"Hong Kong, after a cue", "電話 91234567", "電話 〔電話〕", Phone},
		{"seed phrase, numbered in words", spreadWords("第%s个是", "，"), "第一个是〔助記詞〕", SeedPhrase},
		{"seed phrase, circled numbers", "助记词" + circled(strings.Fields(phrase), " "), "助记词①〔助記詞〕", SeedPhrase},
		{"seed phrase in two lines with labels", "第一行：" + phrase[:40] + "\n第二行：" + phrase[41:], "第一行：〔助記詞〕", SeedPhrase},
		{"seed phrase in two halves", "前面6个是 " + phrase[:33] + " 后面是 " + phrase[34:] + " 能恢复吗", "前面6个是 〔助記詞〕 能恢复吗", SeedPhrase},
		{"seed phrase, last word mistyped", "助记词：" + phrase[:len(phrase)-1] + "x 不行", "助记词：〔助記詞〕 不行", SeedPhrase},
		{"part of a seed phrase, announced", "助记词只记得 gorilla hockey rifle canvas turtle velvet oxygen gadget", "助记词只记得 〔助記詞〕", SeedPhrase},
		{"Chinese seed phrase, first to twelfth", "第1個" + hant[:3] + spreadHan(hant[3:]) + "。對嗎", "第1個〔助記詞〕。對嗎", SeedPhrase},
		{"Chinese seed phrase, circled numbers", "助記詞" + circled(strings.Split(hant, ""), " ") + "麻煩幫我", "助記詞①〔助記詞〕麻煩幫我", SeedPhrase},
		{"Chinese seed phrase, announced by nothing but the word", "注记词" + hans + "登录不了", "注记词〔助記詞〕登录不了", SeedPhrase},
		{"Chinese seed phrase in a later clause", "助記詞撈亂咗，中文嗰組係" + hant + "，英文唔記得", "助記詞撈亂咗，中文嗰組係〔助記詞〕，英文唔記得", SeedPhrase},
		{"Chinese seed phrase in spaces, glued to the text", "我报的是" + spread(hans, " ") + "，来得及吗", "我报的是〔助記詞〕，来得及吗", SeedPhrase},
		{"hex key in two lines", "私钥分两行：\n" + strings.Repeat("1a2b", 8) + "\n" + strings.Repeat("3c4d", 8), "私钥分两行：\n〔私鑰〕", PrivateKey},
		{"hex key in groups of eight", "私钥 " + strings.TrimSpace(strings.Repeat("1a2b3c4d ", 8)) + " 手抄的", "私钥 〔私鑰〕 手抄的", PrivateKey},
		{"hex key in groups of four", "private key " + strings.TrimSpace(strings.Repeat("1a2b ", 16)), "private key 〔私鑰〕", PrivateKey},
		{"hex key exported at an exchange", "交易所导出的" + strings.Repeat("1a2b", 16), "交易所导出的〔私鑰〕", PrivateKey},
		{"card after the name of a bank", "提现到工行6222026186068040220三天没到账", "提现到工行〔卡號〕三天没到账", CardNumber},
		{"code after a question", "不是要验证码吗？给你：862441，快点", "不是要验证码吗？给你：〔驗證碼〕，快点", OneTimeCode},
		{"code of an authenticator", "Google Authenticator 顯示 814 226，不對", "Google Authenticator 顯示 〔驗證碼〕，不對", OneTimeCode},
		{"code by its plain name", "code 283950 點解入唔到", "code 〔驗證碼〕 點解入唔到", OneTimeCode},
		{"passcode of a message", "passcode 619035 from sms", "passcode 〔驗證碼〕 from sms", OneTimeCode},
		{"one-time password", "583716 呢個一次性密碼係咪啱", "〔驗證碼〕 呢個一次性密碼係咪啱", OneTimeCode},
		{"dynamic password", "動態密碼係 490067，啱啱收到", "動態密碼係 〔驗證碼〕，啱啱收到", OneTimeCode},
		{"code with letters", "邮箱验证码 K7Q2ZD 提示错误", "邮箱验证码 〔驗證碼〕 提示错误", OneTimeCode},
		{"code in words", "验证码四八二零六一 我念给你听", "验证码〔驗證碼〕 我念给你听", OneTimeCode},
		{"digits after a fund password", "資金密碼 846291 被鎖了", "資金密碼 〔密碼〕 被鎖了", Password},
		{"PIN", "PIN碼 8405 開不了", "PIN碼 〔密碼〕 開不了", Password},
		{"short name of a password", "user: lee88 pass: Lam&Lam2008", "user: lee88 pass: 〔密碼〕", Password},
		{"password that may be", "密码是不是 Wang@1985 ？", "密码是不是 〔密碼〕 ？", Password},
		{"password that was set", "提现密码设的是 602814 但是", "提现密码设的是 〔密碼〕 但是", Password},
		{"password after a change", "叫我改密碼，我改成 FuBao7788，改完", "叫我改密碼，我改成 〔密碼〕，改完", Password},
		{"password with Chinese characters", "密码是我爱你1314", "密码是〔密碼〕", Password},
		{"password after an account", "帳號跟密碼：uid 730185526 / Moonlight_5", "帳號跟密碼：uid 730185526 / 〔密碼〕", Password},
		{"password in an answer", "你要密码做什么？好吧 Gz2046-star，快点", "你要密码做什么？好吧 〔密碼〕，快点", Password},
		{"code in a message of the service", "[OKX] 558201 is your verification code", "[OKX] 〔驗證碼〕 is your verification code", OneTimeCode},
		{"password before its name", "我换成Moon1990也不行，密码错误", "我换成〔密碼〕也不行，密码错误", Password},
		{"password like an ID number", "资金密码：Tt66778899", "资金密码：〔密碼〕", Password},
		{"word for a code in variant characters", "驗証碼:３０７４９２", "驗証碼:〔驗證碼〕", OneTimeCode},
		{"word for a code by its sound", "验证玛 482913 不对", "验证玛 〔驗證碼〕 不对", OneTimeCode},
		{"word for a code, mistaken for a question", "验证吗274605收到了", "验证吗〔驗證碼〕收到了", OneTimeCode},
		{"word for a password by its sound", "密馬是Abc12345", "密馬是〔密碼〕", Password},
		{"word for a phrase by its sound", "住记词" + hans + "导不进去", "住记词〔助記詞〕导不进去", SeedPhrase},
		{"word for a key by its sound", "思鑰 0x" + strings.Repeat("1a2b", 16), "思鑰 〔私鑰〕", PrivateKey},
		{"bare 碼", "個碼係2048，快啲", "個碼係〔驗證碼〕，快啲", OneTimeCode},
		{"code with its prefix", "G-581720 是這個嗎", "G-〔驗證碼〕 是這個嗎", OneTimeCode},
		{"code told by its number of digits", "簡訊那六個數字 531 064 唸給對方", "簡訊那六個數字 〔驗證碼〕 唸給對方", OneTimeCode},
		{"code of a second factor", "雙重驗證我看到的是117 935", "雙重驗證我看到的是〔驗證碼〕", OneTimeCode},
		{"code with letters by its plain name", "the code: 9K2LQ7", "the code: 〔驗證碼〕", OneTimeCode},
		{"backup codes", "备用码 83d1-90fc 6b27-aa41，丢了", "备用码 〔驗證碼〕，丢了", OneTimeCode},
		{"backup codes, numbered", "backup codes:\n1. 1234 5678\n2. 8765 4321", "backup codes:\n1. 〔驗證碼〕", OneTimeCode},
		{"key of an authenticator", "谷歌验证器的秘钥是JBSWY3DPEHPK3PXP", "谷歌验证器的秘钥是〔驗證碼〕", OneTimeCode},
		{"key of an authenticator in groups", "setup key: jbrw 6y3v nz2g k4tt", "setup key: 〔驗證碼〕", OneTimeCode},
		{"Solana key", "Phantom导出的密钥是" + solana + "，报错", "Phantom导出的密钥是〔私鑰〕，报错", PrivateKey},
		{"Solana key as bytes", "私鑰 [" + strings.Repeat("12, 255,", 32) + "7]", "私鑰 [〔私鑰〕]", PrivateKey},
		{"Solana key before its name", solana + " 這是我的solana私鑰", "〔私鑰〕 這是我的solana私鑰", PrivateKey},
		{"code of a message, before its name", "短信发来的 739201 是干嘛的验证码", "短信发来的 〔驗證碼〕 是干嘛的验证码", OneTimeCode},
		{"code that a message says", "SMS says 739201", "SMS says 〔驗證碼〕", OneTimeCode},
		{"code of small letters", "验证码 a7k92q", "验证码 〔驗證碼〕", OneTimeCode},
		{"secret of an API", "secretKey=9F8E7D6C5B4A39281706F5E4D3C2B1A0", "secretKey=〔私鑰〕", PrivateKey},
		{"password before its role", "同一組Mango_8421當密碼", "同一組〔密碼〕當密碼", Password},
		{"password before a question", "Leo*Wang#77 密碼這個對不對", "〔密碼〕 密碼這個對不對", Password},
		{"password after what it looks like", "密码大写D开头 Dalian_2016!", "密码大写D开头 〔密碼〕", Password},
		{"password after a remark and nothing else", "密码（登录的）Dalian2016", "密码（登录的）〔密碼〕", Password},
		{"password that becomes one", "把 Leo_1990 设成密码", "把 〔密碼〕 设成密码", Password},
		{"password after a word in parentheses", "第25個詞（passphrase）是moonRabbit", "第25個詞（passphrase）是〔密碼〕", Password},
		{"password after a remark", "passphrase（第25個字）是moonRabbit", "passphrase（第25個字）是〔密碼〕", Password},
		{"password of four digits", "解锁密码0923忘了改", "解锁密码〔密碼〕忘了改", Password},
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
		"身份证有效期 2006.12.30-2026.12.30", "身份证2007.03.15-2027.03.15", "身分證 2006-12-30-2026-12-30", "身份证20061230-20261230",
		"开仓时间 09:30 12:15 15:18 18:21 21:24 都亏了", "13:45:20 18:20 19:30 09:12", "我问的是交易哈希不是私钥，哈希：0x" + strings.Repeat("1a2b", 16),
		"私钥没泄露 TxHash " + strings.Repeat("1a2b", 16), "SHA256 " + strings.Repeat("1a2b", 16) + " 跟官網一樣嗎", strings.Repeat("1a2b", 16) + " 这笔交易没到账",
		"sha " + strings.TrimSpace(strings.Repeat("1a2b3c4d ", 8)), "驗證碼錯誤 error 100421", "验证码收不到，充了285600", "验证码收不到 手机尾号8826",
		"邀请码 482913 验证码收不到", "websocket 老是斷線 code 1006", "收不到驗證碼已經 3600 秒了", "密码至少8位", "密码是2019年设的", "密码忘了，我用的是 iPhone15Pro",
		"there will come one day when people just use this all year, same again", "list: coin, token, cash, credit, gold, silver, oil, index",
		"buy sell swap stake earn loan margin card pay gift", "when will you open this again, people have been waiting all week",
		"step one: open app, step two: click trade, step three: enter amount", "验证码过期时间 3000 毫秒", "忘记密码，用户名是 lee_1990", "Second pass: interpret all",
		"提币马上 500000 到账吗", "这样安全吗 482913", "有加密吗 iPhone15Pro", "code 200001 invalid parameter 是什麼錯", "code：E10023", "邀請的碼是 482913", "邀请code：K7M2QX",
		"UID最后六位数字 531064", "备用码有10个吗", "备用码2024年生成的还能用吗", "恢复码收不到，UID 38472919", "手机 2024款，邮箱 2023 注册的", "充值到 手機 100000 郵箱 200000",
		"Solana簽名 " + solana, "密钥丢了 充值地址0x73772cd1c38a9e67c608ba7ec61d852052f93728", "key points: read-the-faq-first-2024-edition", "支付密码2019设的忘了",
		"Leo_1990 这个账号 密码忘了", "Order#ABC123 密码输错", "级别G-500000", "收到短信说我中奖 100000", "导入 7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU 这个地址", "密碼 (至少8位) 是什麼格式",
		"用戶名 lee_1990 密碼這個對不對", "lee1990 密码忘了", "passphrase（第25個字）是什麼", strings.Repeat("1a2b", 16) + "\n" + strings.Repeat("3c4d", 16) + "\n这两笔哈希都没到",
		"两笔哈希：\n" + strings.Repeat("1a2b", 16) + "\n" + strings.Repeat("3c4d", 16),
		"我 的 币 不 见 了 怎 么 办 急 死 了", "你 們 到 底 什 麼 時 候 才 處 理 啊", "這個網站是不是你們的官方", "2021年3月15日 2022年4月16日 2023年5月17日 2024年6月18日",
	}
	for _, text := range tests {
		masked, found := Mask(text)
		assert.Equal(t, text, masked)
		assert.Empty(t, found)
	}
}

func TestMaskFindsAllOfOneKind(t *testing.T) {
	for text, want := range map[string]string{
		"验证码先是 218846 后来又发了 703395，都不行":         "验证码先是 〔驗證碼〕 后来又发了 〔驗證碼〕，都不行",
		"提币验证码：429 860\n邮箱的：118254\n谷歌的：907713": "提币验证码：〔驗證碼〕\n邮箱的：〔驗證碼〕\n谷歌的：〔驗證碼〕",
		"验证码是284710，对，284710，你输一下":              "验证码是〔驗證碼〕，对，〔驗證碼〕，你输一下",
		"密碼打 chen_0917 進不去，打 Chen_0917 也進不去":    "密碼打 〔密碼〕 進不去，打 〔密碼〕 也進不去",
		"密码忘了，可能是 LY19900123 或者 liuyang0123":    "密码忘了，可能是 〔密碼〕 或者 〔密碼〕",
		"提幣要輸兩個，手機902751，郵箱336418":              "提幣要輸兩個，手機〔驗證碼〕，郵箱〔驗證碼〕",
		"密码试过Moon1990、Moon1991都不行":              "密码试过〔密碼〕、〔密碼〕都不行",
		"验证码218846收不到，UID 703395，充了100000 USDT": "验证码〔驗證碼〕收不到，UID 703395，充了100000 USDT",
	} {
		masked, _ := Mask(text)
		assert.Equal(t, want, masked)
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
	for text, want := range map[string]string{
		"我個身份證號碼係〔身分證號〕，點解認證唔到": "，點解認證唔到",
		"身份证号：〔身分證號〕被占用":        "被占用",
		"验证码是〔驗證碼〕 不对":          " 不对",
		"號碼〔身分證號〕 不行":           " 不行",
		"〔不是密碼〕我的 〔密碼〕 忘了":      "〔不是密碼〕我的  忘了",
	} {
		assert.Equal(t, want, Strip(text), text)
	}
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
	seed := maphash.MakeSeed()
	for text, words := range map[string]int{
		"abandon": 1, "1. abandon 2. ability": 2, "Zoo": 1, "歐": 1, "3 欧": 1, "abandon ability able about above absent absorb": 7,
		"": 0, "12": 0, "abandon me": 0, "的三": 0, "人臉": 0, "help": 0, "是": 0, "face verify error": 0,
	} {
		assert.Len(t, Piece(text, seed), words, text)
	}
	assert.Equal(t, Piece("zoo", seed), Piece("ZOO", seed))
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
	for _, unit := range []string{"1", "1 ", "a", "a@", "@", "abandon ", "身份证", "密码是", "验证码 1234 ", "〔", "\xff", "\u200b", "A1", "4111 ", "+1 ",
		"第1个 ", "第一個興，", "后面6个是 ", "密码打 ", "密码 或者 Moon_1990 ", "验证码吗？", "验证码 123456 ", "123456 ", "私钥 abcd ", "abcd ", "助记词", "助记词的三", "的 ", "的三欧三考于据保量损破战，",
		"12:30 ", "2006.12.30-", "20061230-", "abandon abilxty ", "abandon ability able abxyz ", "you will open this again then they x ", "abandon中", "助记词 abandon about x ", "code ", "四八", "密码是我爱你13 ",
		"备用码 a1b2 ", "a1b2-c3d4 ", "a1b2 ", "密钥 a2b3 ", "手机135790 ", "12,", "第25個詞（", "SMS says 739201 ", "个码是 1234 ", "密码(", "密码大写开头 ", "Mango_8421 当", strings.Repeat("1a2b", 16) + "\n", "验正马"} {
		text := strings.Repeat(unit, 20000/utf8.RuneCountInString(unit))
		masked, _ := Mask(text)
		again, _ := Mask(masked)
		assert.True(t, masked == again, unit) // too long to print
	}
}

// TestMixesStayMasked joins pieces of cues and secrets by lot: what one pass has
// masked must not let the next one see anything new.
func TestMixesStayMasked(t *testing.T) {
	pieces := append(strings.Fields(`备用码 83d1-90fc 手机135790 邮箱246802 郵箱 個碼係 G-581720 六位数字 双重验证 code: secret密钥 setup JBSWY3DPEHPK3PXP jbrw 6y3v 当密码 对不对 大写开头 (新) 验证吗 密瑪
		验证码 驗證碼 code 是 收到 给你 错误 error UID 密码 密碼 pin pass: 可能是 或者 改成 资金密码 帳號 助记词 助記詞： seed
		第1个 第二個 ① ⑩ 12. 私钥 交易哈希 交易所 工行 身份证 手机 尾号 充了 482913 739201 8405 2024 13812345678 A123456789 K7Q2ZD Moon_1990 lee88 a@b.com
		11010519491231002X 4111111111111111 20061230 2006.12.30 09:30 abandon zoo open you 的 三 欧 不 四八二零 我爱你1314 的三欧三考于据保量损破战 1a2b3c4d 怎么办 这个 100USDT`),
		" ", " ", " ", "，", "。", "？", "！", "\n", "/", "、", "：", "-", phrase, spread(hans, " "), strings.Repeat("1a2b", 16), "〔密碼〕", "〔助記詞〕")
	r := rand.New(rand.NewPCG(3, 4))
	for range 30_000 {
		var b strings.Builder
		for range 1 + r.IntN(40) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		masked, _ := Mask(b.String())
		again, more := Mask(masked)
		require.Equal(t, masked, again, b.String())
		require.Empty(t, more)
	}
}

func FuzzMask(f *testing.F) {
	f.Add("身份证11010519491231002X 卡4111 1111 1111 1111")
	f.Add(phrase + " 密碼是abc123")
	f.Add("驗證碼 482913 uid 1234 \xff\xfe〔密碼〕")
	f.Add("验证码先是 218846 后来又发了 703395，對，703395？给你：K7Q2ZD 四八二零")
	f.Add("密碼打 chen_0917，打 Chen_0917 或者 a_b_c_1234、x1y2z3，pin 8405 密码是我爱你1314")
	f.Add("助记词" + hans + "第1個的，第2個三 ①欧 前面6个是 " + spread(hans, " ") + " 后面" + phrase)
	f.Add("私钥 1a2b3c4d 1a2b3c4d 1a2b3c4d 1a2b3c4d 1a2b3c4d 1a2b3c4d 1a2b3c4d 1a2b3c4d TxHash 09:30 2006.12.30-2026.12.30")
	f.Add("备用码 83d1-90fc 6b27-aa41 手机902751，邮箱336418 個碼係2048 G-581720 setup key: jbrw 6y3v nz2g k4tt code：K7M2QX")
	f.Add("密碼（新的）是Abc12345 Leo*Wang#77 密碼對不對 同一組Mango_8421當密碼 密码大写D开头 Dalian_2016! API密钥 " + solana)
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

// FuzzRepeated looks for texts that take more than linear time.
func FuzzRepeated(f *testing.F) {
	f.Add("密码 或者 Moon_1990 ", "验证码 123456 ")
	f.Add("助记词的三", "abandon ")
	f.Fuzz(func(t *testing.T, head, unit string) {
		if unit == "" || len(unit) > 100 || len(head) > 1000 {
			return
		}
		text := head + strings.Repeat(unit, 1+20000/len(unit))
		start := time.Now()
		masked, _ := Mask(text)
		require.Less(t, time.Since(start), 2*time.Second)
		again, more := Mask(masked)
		require.True(t, masked == again, "the second pass masks more")
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
