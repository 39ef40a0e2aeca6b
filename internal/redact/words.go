package redact

import "strings"

// The words that tell what a number or a string next to them is. Lower case,
// both scripts; they are compared in the form of fold.
var (
	codeWords = plus(soundCodes, "驗證碼", "验证码", "校驗碼", "校验码", "認證碼", "认证码", "確認碼", "确认码", "動態碼", "动态码",
		"動態密碼", "动态密码", "動態口令", "动态口令", "一次性密碼", "一次性密码", "一次性口令", "一次性代碼", "一次性代码", "谷歌碼", "谷歌码", "短信碼", "短信码", "簡訊碼", "短訊碼", "手機碼", "手机码", "郵箱碼", "邮箱码", "信箱碼", "郵件碼", "邮件码",
		"登入碼", "登入码", "登錄碼", "登录码", "登陸碼", "登陆码", "安全碼", "安全码", "提幣碼", "提币码", "verification code", "security code",
		"login code", "sms code", "email code", "auth code", "2fa code", "otp", "2fa", "one-time password", "one time password", "otp code", "totp", "ga码", "ga碼", "ga code", "yzm", "yanzhengma", "yan zheng ma", "驗證嗎", "验证吗", "验证嘛", "验正吗")
	// sixWords announce codes of six digits and much else.
	sixWords = words("code", "codes", "passcode", "驗證器", "验证器", "谷歌驗證", "谷歌验证", "authenticator", "google auth", "身份驗證器", "身份验证器", "短信", "簡訊", "sms",
		"雙重驗證", "双重验证", "二次驗證", "二次验证", "兩步驗證", "两步验证", "二步驗證", "二步验证", "雙重認證", "双重认证", "two-factor", "two factor", "mfa")
	// bareWords are words of sixWords that announce only what stands right after them.
	bareWords = words("code", "codes", "短信", "簡訊", "sms")
	// notCodeWords announce other numbers, or contain a word for a code.
	notCodeWords = words("error code", "errorcode", "error", "err", "錯誤code", "错误code", "錯誤", "错误", "報錯", "报错", "錯誤碼", "错误码",
		"錯誤代碼", "错误代码", "代碼", "代码", "返回碼", "返回码", "狀態碼", "状态码", "qr code", "qrcode", "promo code", "promo",
		"zip code", "postal code", "country code", "area code", "status code", "swift code", "referral code", "referral", "invite code",
		"invitation code", "invite", "discount code", "coupon code", "bank code", "邀請碼", "邀请码", "推薦碼", "推荐码", "優惠碼", "优惠码", "兌換碼", "兑换码",
		"折扣碼", "折扣码", "返佣碼", "返佣码", "防釣魚碼", "防钓鱼码", "禮品碼", "郵遞區號", "邮政编码", "郵編", "邮编", "尾號", "尾号", "末四碼", "末四码", "末四位", "後四碼", "后四码", "后四位",
		"後四位", "後五碼", "后五码", "尾四位", "尾數", "尾数", "末五碼", "高度", "memo", "tag", "標籤", "标签", "nonce", "版本", "build", "version", "ios", "分行", "行號", "行号", "匯款", "汇款", "序號", "序号", "電話", "电话", "客服電話", "客服电话", "熱線", "热线")
	// givenWords stand before a number that the sender passes on.
	givenWords = words("給你", "给你", "俾你", "畀你", "發你", "发你", "給您", "给您", "你要的", "輸的是", "输的是", "填的是", "打的是", "收到的是", "收到", "輸入", "输入", "輸入了", "输入了", "我輸", "我输", "我填", "我報了", "我报了", "寫著", "写着", "顯示", "显示", "here is", "here it is", "here you go", "here", "i got", "i entered", "i typed", "是", "係", "就是", "：", ":")
	// amountVerbs stand before a sum.
	amountVerbs   = words("充", "充了", "充值", "充幣", "充币", "轉", "转", "轉了", "转了", "提", "提了", "提現", "提现", "提幣", "提币", "買", "买", "買了", "买了", "賣", "卖", "卖了", "賣了", "虧", "亏", "虧了", "亏了", "賺", "赚", "入金", "出金", "存", "存了", "付", "付了", "損失", "损失", "金額", "金额", "限額", "限额", "餘額", "余额", "價", "价", "deposit", "deposited", "withdraw", "withdrew", "sent", "amount", "balance", "sold", "bought", "paid", "匯", "匯了", "汇了", "收了", "少了", "借", "借了")
	passwordWords = plus(soundPasswords, "密吗", "密嘛", "密碼", "密码", "口令", "password", "passwords", "passwd", "passcode", "passphrase", "pwd", "pw", "psw", "pin碼", "pin码", "pin", "pin code", "pin number", "mima", "passwrod", "pasword", "passward", "passcord", "pass word", "mi ma", "密ma", "25th word", "第25個詞", "第25个词", "第25個字", "第25个字")
	// shortWords announce a password only with a colon or an equals sign.
	shortWords = words("pass", "密", "pw")
	// pinWords announce passwords of digits alone.
	pinWords = words("資金密碼", "资金密码", "支付密碼", "支付密码", "解鎖密碼", "解锁密码", "提款密碼", "提款密码", "passcode", "鎖屏密碼", "锁屏密码", "屏幕密碼", "屏幕密码", "螢幕密碼", "開機密碼", "开机密码", "手機密碼", "手机密码", "取款密碼", "取款密码", "轉帳密碼", "转账密码", "安全密碼", "安全密码", "交易密碼", "交易密码", "提現密碼", "提现密码", "提幣密碼", "提币密码", "付款密碼", "付款密码", "pin碼", "pin码", "pin", "pin code", "pin number")
	// passwordLinks lead from such a word over to what the password is.
	passwordLinks = words("應該是", "应该是", "應該就是", "应该就是", "可能是", "可能係", "大概是", "好像是", "好像係", "似乎是", "是不是", "係咪", "會不會是", "会不会是", "就是", "記得是", "记得是", "我記得是", "我记得是", "應該係",
		"改成", "改成了", "改為", "改为", "改做", "換成", "换成", "設的是", "设的是", "設成", "设成", "設成了", "设成了", "改為了", "改为了", "換成了", "换成了", "設為了", "设为了", "是改成", "設為", "设为", "設定為", "設定成", "设置成", "设置为", "設置為", "設定是", "原來是", "原来是", "以前是", "之前是", "現在是", "现在是", "一直是", "用的是", "都是", "填的是", "輸的是", "输的是", "打的是",
		"打", "輸入", "输入", "填", "試", "试", "試過", "试过", "試了", "试了", "用", "給你", "给你", "發你", "发你", "俾你", "was", "might be", "maybe", "should be", "changed to", "set to", "it is", "it's", "我設的", "我设的", "我用", "我打", "我輸入", "我输入", "我填", "我的是", "寫的是", "写的是")
	// guessLinks go on to another guess at a password that was spoken of before.
	guessLinks = words("或者", "或者是", "或是", "或", "還是", "还是", "不然就是", "再不然", "要麼", "要么", "好吧", "好的", "行吧", "也試過", "也试过", "另一個", "另一个", "新的", "舊的", "旧的", "說了", "说了", "報了", "报了", "告訴他", "告诉他", "給了", "给了", "or", "/", "|", "跟", "和", "同", "同埋")
	// accountWords announce a number that names somebody.
	accountWords = words("帳號", "帐号", "账号", "賬號", "帳戶", "账户", "account", "id", "qq", "qq號", "qq号", "微信", "wechat", "群號", "群号", "telegram")
	// typedLinks lead to a password that is called so only later.
	typedLinks = words("輸", "输", "輸了", "输了", "登錄用的", "登录用的", "登入用的", "登陆用的", "改成", "改為", "改为", "換成", "换成", "打", "輸入", "输入", "填", "試", "试", "試過", "试过")
	// nameWords announce a name of an account, a device or a place, no password.
	nameWords = words("帳號", "帐号", "账号", "賬號", "帳戶", "账户", "用戶名", "用户名", "昵称", "暱稱", "user", "username", "account", "id", "uid", "手機", "手机", "版本", "型號", "型号", "網絡", "网络", "地址", "address", "訂單", "订单", "鏈", "链", "系統", "系统", "瀏覽器", "浏览器", "app", "微信", "wechat", "telegram", "line", "郵箱", "邮箱", "email", "邀請碼", "邀请码", "推薦碼", "推荐码", "錯誤碼", "错误码", "代碼", "代码", "設備", "设备", "裝置")
	// nameStarts begin the names of devices, networks and addresses.
	nameStarts = words("iphone", "ipad", "ios", "android", "windows", "win", "chrome", "uid", "trc", "erc", "bep", "http", "https", "www", "sm-", "okx", "usdt", "btc", "eth", "hk", "mate", "redmi", "vivo", "oppo", "macbook", "sha", "web", "c2c", "p2p", "lv", "kyc", "vip")
	idWords    = words("身分證", "身份證", "身份证", "身分证", "證件號", "证件号", "證號", "证号", "居留證", "居留证",
		"居住證", "居住证", "回鄉證", "回乡证", "台胞證", "台胞证", "統一編號", "統編", "id number", "id no", "id card",
		"nric", "mykad", "ic", "sfz", "身份正")
	passportWords = words("護照", "护照", "passport", "駕照", "驾照", "駕駛證", "驾驶证", "通行證", "通行证")
	// labels may stand between such a word and its value.
	labels     = words("字號", "字号", "號碼", "号码", "號", "号", "no", "number", "num", "是", "為", "为", "係", "系", "叫", "is", "我的", ":", "=", "#", ".", " ", "\n", "(", "\"", "'", "「", "“")
	phoneWords = words("電話", "电话", "手機", "手机", "phone", "tel", "whatsapp", "致電", "致电", "聯絡", "联系", "mobile", "call me")
	// numberWords announce a number that support needs and that hurts nobody.
	numberWords = words("uid", "用戶id", "用户id", "訂單", "订单", "order", "單號", "单号", "工單", "工单", "ticket",
		"case", "編號", "编号", "txid", "hash", "哈希", "流水", "申訴", "申诉")
	// cardNames leave no doubt that the number of a card follows.
	cardNames = words("卡號", "卡号", "銀行卡", "银行卡", "信用卡", "借記卡", "借记卡", "提款卡", "金融卡", "card number", "card no", "visa", "mastercard")
	cardWords = words("卡號", "卡号", "卡", "card", "銀行卡", "银行卡", "信用卡", "銀聯", "银联", "visa", "mastercard", "cvv", "jcb",
		"工行", "建行", "農行", "农行", "中行", "招行", "交行", "郵儲", "邮储", "浦發", "浦发", "中信", "民生", "興業", "兴业", "平安", "光大", "廣發", "广发", "華夏", "华夏",
		"工商銀行", "工商银行", "建設銀行", "建设银行", "農業銀行", "农业银行", "中國銀行", "中国银行", "招商銀行", "招商银行", "交通銀行", "交通银行", "銀行", "银行", "農商行", "农商行", "信用社",
		"玉山", "國泰", "台新", "富邦", "中信", "永豐", "匯豐", "汇丰", "渣打", "恒生", "恆生", "中銀", "中银", "招商", "hsbc", "icbc", "ccb", "abc", "boc", "cmb", "dbs", "maybank")
	// hashWords announce a string as long as a private key that everybody may see.
	hashWords = words("txid", "txhash", "txn", "tx", "hash", "哈希", "雜湊", "杂凑", "散列", "交易", "transaction", "transactions", "區塊", "区块", "block", "blocks", "etherscan", "bscscan", "tronscan",
		"sha256", "sha-256", "sha", "sha512", "md5", "checksum", "校驗", "校验", "校驗和", "校验和", "指紋", "指纹", "fingerprint", "digest", "commit", "merkle", "root", "公鑰", "公钥", "public key", "pubkey", "鏈上", "链上", "轉帳單", "流水")
	keyWords = plus(soundKeys, "私鑰", "私钥", "私匙", "private", "private key", "privatekey", "privkey", "priv key", "priv", "secret", "secret key", "金鑰", "密鑰", "密钥", "密匙", "秘钥", "秘鑰", "siyao", "key")
	// notHashWords contain a word for a hash and mean something else.
	notHashWords = words("交易所", "交易平台", "交易密碼", "交易密码", "指紋解鎖", "指纹解锁", "指紋登入")
	// seedCues announce a seed phrase.
	seedCues = plus(soundPhrases, "助記詞", "助记词", "助記字", "助记字", "助憶詞", "助忆词", "助記短語", "助记短语", "註記詞", "注记词", "注記詞",
		"恢復詞", "恢复词", "恢復短語", "恢复短语", "恢復密語", "恢复密语", "復原短語", "复原短语", "復原詞", "复原词",
		"備份短語", "备份短语", "備份詞", "备份词", "備忘詞", "备忘词", "種子詞", "种子词", "種子短語", "种子短语", "助记單詞",
		"個詞", "个词", "個單詞", "个单词", "個英文", "个英文", "單詞表", "单词表", "mnemonic", "mnemonics", "seed", "seeds",
		"seed phrase", "seed words", "recovery phrase", "recovery words", "backup phrase", "secret phrase", "secret recovery phrase", "srp", "bip39", "zhujici", "zhu ji ci", "恢復字", "恢复字")
	// amountUnits follow a number that is a quantity.
	amountUnits = words("天", "日", "年", "月", "歲", "岁", "元", "塊", "块", "萬", "万", "億", "亿", "次", "分", "秒",
		"小時", "小时", "點", "点", "位", "個", "个", "號", "号", "usdt", "usd", "u", "btc", "eth", "%", "mb", "kb", "px", "gb", "k", "w", "港幣", "港币", "台幣", "台币", "人民幣", "人民币", "刀", "美金", "美元", "sats", "usdc", "hkd", "twd", "rmb", "cny", "毫秒", "ms", "分鐘", "分钟", "個鐘", "钟", "鐘",
		"min", "mins", "minutes", "seconds", "sec", "hours", "times", "days", "折", "倍", "名", "人", "筆", "笔")
	// notUnits begin with a unit and are none.
	notUnits = words("點解", "點樣", "點算", "點知", "个验证码", "個驗證碼", "個碼", "个码", "個app", "个app", "分別", "分别", "日本", "個人", "个人", "人工", "人哋", "年輕", "月結", "位置", "名字", "號碼", "号码", "次次", "天天", "個系統", "个系统", "u盾")
)

// wordSet holds words by their first character, and a bit for each of these so that
// most places are passed by without a look into the map.
type wordSet struct {
	byFirst map[rune][][]rune
	bits    [16]uint64
}

type wordList = *wordSet

func words(list ...string) wordList {
	out := &wordSet{byFirst: map[rune][][]rune{}}
	for _, text := range list {
		w := []rune(strings.Map(fold, text))
		out.byFirst[w[0]] = append(out.byFirst[w[0]], w)
		out.bits[w[0]>>6&15] |= 1 << (w[0] & 63)
	}
	return out
}

// startingWith gives the words that begin with r.
func (l *wordSet) startingWith(r rune) [][]rune {
	if l == nil || l.bits[r>>6&15]&(1<<(r&63)) == 0 {
		return nil
	}
	return l.byFirst[r]
}

// wordAt gives the length of the longest word of list that starts at i, or 0.
// A Latin word must not run on: "no" is not found in "note".
func (m *marks) wordAt(i int, list wordList) int {
	best := 0
	for _, w := range list.startingWith(m.cueAt(i)) {
		if len(w) > best && m.hasWord(i, w) {
			best = len(w)
		}
	}
	return best
}

func (m *marks) hasWord(i int, w []rune) bool {
	for k, r := range w {
		if m.cueAt(i+k) != r {
			return false
		}
	}
	if isLetter(w[0]) && isLetter(m.at(i-1)) {
		return false
	}
	last := w[len(w)-1]
	if last == '马' && len(w) > 1 && m.wordAt(i+len(w)-1, atOnce) > 0 {
		return false
	}
	return !isLetter(last) || !isLetter(m.at(i+len(w)))
}

// maxCue is the length of the longest cue word that may cover a shorter one.
const maxCue = 18

// nearest tells which of the lists has the word that ends last within reach glyphs
// before i, the longest at its end; -1 if none. "error code" hides "code".
func (m *marks) nearest(i, reach int, lists ...wordList) int {
	best, end := -1, 0
	for k, stop := i-1, i-reach; k >= stop; k-- {
		r := m.at(k)
		if r == wall || r == '!' || r == '?' {
			break
		}
		for j, list := range lists {
			if n := m.wordAt(k, list); n > 0 && (best < 0 || k+n >= end) {
				best, end = j, k+n
				stop = end - maxCue
			}
		}
	}
	return best
}

// isAmount reports whether the number that ends before i is one of something.
func (m *marks) isAmount(i int) bool {
	if m.at(i) == ' ' {
		i++
	}
	n := m.wordAt(i, amountUnits)
	return n > 0 && m.wordAt(i, notUnits) <= n
}

// before reports whether a word of list starts within reach glyphs before i.
// A secret already masked and the end of a sentence shut the view.
func (m *marks) before(i, reach int, list wordList) bool {
	for k := i - 1; k >= i-reach; k-- {
		if r := m.at(k); r == wall || r == '!' || r == '?' {
			return false
		}
		if m.wordAt(k, list) > 0 {
			return true
		}
	}
	return false
}

// after reports whether a word of list starts within reach glyphs from i on.
func (m *marks) after(i, reach int, list wordList) bool {
	for k := i; k < i+reach; k++ {
		if r := m.at(k); r == wall || r == '!' || r == '?' || r == '\n' {
			return false
		}
		if m.wordAt(k, list) > 0 {
			return true
		}
	}
	return false
}

// skipLabels gives the place after any labels that start at i, at most eight.
func (m *marks) skipLabels(i int) int {
	for range 8 {
		n := m.wordAt(i, labels)
		if n == 0 {
			break
		}
		i += n
	}
	return i
}
