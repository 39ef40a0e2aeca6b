package dialogue

import "regexp"

// What goes before any help with the verification: fraud that is under way, and a person
// at the end of their strength.

// scam is the label of somebody asking the user for what nobody may have.
const scam = "out_of_scope/scam"

// Somebody asks the user for a secret or for money; what the app itself sends is none.
var demanding = regexp.MustCompile(`(?:客服|风控|官方|平台的人|老师|导师|教练|警察|公安|检察|群主|管理员|网友|工作人员|专员|中介|有人|对方|那个人|他们).{0,12}(?:要我|问我|叫我|让我|请我|喊我|骗我|跟我要|向我要|要求我|说要|话要|要).{0,10}(?:验证码|短信码|六位数|助记词|私钥|密码|远程|共享屏幕|分享屏幕|安全账户|监管账户|保证金|解冻金|认证金)`)

// scamTold: in words that leave no doubt, or most probably.
func (t *turn) scamTold() bool {
	return t.choice == "" && (t.says(scam) || demanding.MatchString(t.folded) && !negatedDemand.MatchString(t.folded))
}

// negatedDemand is what real staff do not do, quoted by the user.
var negatedDemand = regexp.MustCompile(`(?:不会|不要|没有|没|唔会|冇)(?:要|问|叫|让)`)

func (t *turn) warnOfScam() { t.declineAs("scam") }

// distress are words of somebody at the end of their strength, but in no danger.
var distress = regexp.MustCompile(`崩溃|崩潰|快疯|要疯了|睡不着|瞓唔着|好怕|害怕|好惊|吓死|哭了|想哭|绝望|受不了了|顶唔顺|撑不住|急死我|急疯|没办法了|走投无路`)

// distressed: such words, where the reply would otherwise be as to anybody.
func (t *turn) distressed() bool { return t.choice == "" && distress.MatchString(t.folded) }
