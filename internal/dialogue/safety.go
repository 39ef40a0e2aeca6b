package dialogue

import (
	"regexp"
	"strings"
)

// What goes before any help with the verification, and what words alone decide, because a
// wrong reading is dear: danger of life, fraud that is under way, and a person at the end
// of their strength.

// Labels of what is read by words first.
const (
	crisis = "out_of_scope/crisis" // ending one's life
	scam   = "out_of_scope/scam"   // somebody asks the user for what nobody may have
)

// figures of speech name death and mean none: 慢死了, 手機死機, 你們去死吧.
var figures = regexp.MustCompile(
	`(?:慢|急|气|烦|吓|热|冷|累|忙|饿|困|丑|痛|疼|闷|卡|笑|笨|蠢|贵|烂|恨|羞|尴尬|羡慕|无聊|难看|难用|激|冤|嬲|攰|攞命|尿)死(?:个?人|我|你|算|了)*` +
		`|等死(?:我|人)|死(?:机|活|板|角|循环|磕|档|当|心|党|线|都不|都唔|也不|盯|死)|[想爱]死(?:你|妳|他|她|它)了?|打死(?:我|都|也)|(?:难|慢|气|急|烦|累|贵|丑|烂|吵|热|卡|忙|.用)得?(?:我)?(?:要|快)死|[得到]我?(?:要|快)死` +
		`|(?:你|妳|他|它|平台|公司|客服|系统|机器人|app|okx|欧易|垃圾)们?(?:都|全部?|给我|怎么不|就|快|可以|赶快|一起|要|该|通通)*(?:去|该)死|跳楼(?:价|大拍卖|甩卖)|做人(?:脸|工|面|像|头)|不想(?:活体|活动)|不想做了|激活|救不活|年轻|站在.{0,6}(?:拍|光|刷|认证)|上吊(?:着|坠|牌|灯)`)

// despair are words that leave no doubt, however little else is said.
var despair = regexp.MustCompile(
	`不想再?(?:活(?:[^体动检]|$)|做人(?:[^脸工面像头]|$)|生存)|不活(?:了|啦)|活(?:个|着)?(?:什么|啥)劲|买(?:了|好|定)?.{0,2}炭|杀(?:了|死)?我?自己|爸妈.{0,3}对不起|对不起爸妈|(?:想|要).{0,8}跳落去|吃药死|活(?:不|唔)(?:下去|落去|成|了)|轻生|寻死|自杀|自尽|结束(?:这)?(?:自己的?|我的)?(?:生命|一生|一切)|一了百了|遗书|生不如死|死路一条|生无可恋` +
		`|跳楼|跳海|跳河|跳江|跳桥|跳崖|(?:楼上?|阳台|窗户|窗台|桥上?|天台)(?:上)?.{0,2}跳(?:下|落)|跳(?:下|落)(?:楼|去).{0,2}算|站在.{0,4}(?:天台|楼顶|顶楼|桥上)|烧炭|上吊|吊颈|撞死|同归于尽|自我了断|了断(?:自己|生命|此生)|割(?:腕|手腕|脉)|想割手|安眠药|(?:吞|吃).{0,2}(?:整|一整|半|几)?瓶.{0,2}药|吞(?:了|下)?(?:一堆|很多|好多)?药|不想(?:再)?醒|(?:走(?:到|上|投)?(?:了)?)绝路|(?:一起|一齐)死|(?:准备|买)了?.{0,4}绳子|命(?:我)?(?:都|也)?不要了|遗言|想解脱|服毒|喝农药|卧轨` +
		`|想死|死一死|一死了之|死给你们?(?:看|睇)|死了?(?:算|好过|还比较|比较(?:快|好|干脆)|就好)|不如(?:我)?(?:去)?死|逼(?:我|人|到我|得我)?(?:去|上)?(?:死|绝路)` +
		`|(?:我|想|只能|只好|宁愿|就|干脆|会)(?:真的|真系|真|就|也|都|只能|只好|要|想|会|得|直接|现在|宁愿)*去死|我(?:真的|真|就|都)*(?:要|会|宁愿)死|(?:只能|只有|只剩|只好)(?:等)?死|(?:全家|一家|我们)(?:都|就)?(?:得|要|只能)死|死了就(?:不|没|什么|解脱|一了)` +
		`|(?:活着|生存|人生|活下去).{0,4}(?:没有?|冇|无|有什么|有何|还有什么|都没有)(?:什么|任何|了)?(?:意思|意义|用|希望)|活着.{0,3}(?:太|好|很)?(?:累|苦|痛苦)|没有?活(?:下去|着)|(?:人世|世界|人间|世上).{0,6}留恋|下辈子再|来世再` +
		`|我.{0,3}想(?:要)?(?:从此)?消失(?:算|了|不)|kill myself|(?:want to|wanna) die|suicid|end my life`)

// inDanger: somebody speaks of ending their life. Nothing else matters then, and staff
// who have the conversation get the words all the same.
func (t *turn) inDanger() bool {
	if t.choice != "" {
		return false
	}
	rest := figures.ReplaceAllString(t.folded, "")
	if despair.MatchString(rest) {
		return true
	}
	if rest != t.folded && !strings.Contains(rest, "死") {
		return false // "想死你了"
	}
	if p(t.leaves, crisis) >= sureOfDanger {
		return true
	}
	_, _, ok := t.anyClause(minClause, func(_ string, c clause) bool { return c.says(crisis, sureOfDanger) })
	return ok
}

// Who asks in a fraud, and what for.
const (
	person     = `(?:客服|专员|老师|导师|经理|助理|群主|管理员|群里|风控|警察|警方|公安|检察|法院|官方|工作人员|有人|对方|他们?|她们?|男友|女友|网恋|网友|中介|代办|骗子|陌生人?|自称|假冒|冒充|okx的?人|平台的?人|审核员|审核部|带我炒.{0,4}人|是(?:okx|欧易)的?|support|agent)`
	whoAsks    = `(?:` + person + `|网上|电话|打来|私信|whatsapp|telegram|电报|微信|qq|line)`
	secretKey  = `(?:助记词|私钥|seed ?phrase|mnemonic|private ?key|recovery ?phrase)`
	secretCode = `(?:验证码|动态码|短信码|校验码|otp|2fa码?|密码|口令|passcode|password|六位数?|6位数?)`
	handsOver  = `(?:发|给|传|提供|告诉|报|念|说|讲|交|share|send|拍|截图)`
	ofOwn      = `(?:我的?|你的?)?(?:个|那个|这个|一个|组)?(?:手机|短信|简讯|sms|登录|登入|账号|邮箱|谷歌|google|交易|资金|钱包)?的?`
	remoteHelp = `(?:远程|远端|遥控|teamviewer|anydesk|todesk|向日葵|rustdesk|(?:共享|分享|share) ?(?:我的?|个)?(?:手机)?(?:屏幕|画面|screen)|(?:屏幕|画面)(?:共享|分享|投))`
	paysFirst  = `(?:(?:安全|指定|监管|保管)(?:账户|钱包|地址)|保证金|押金|入钱|入数|转(?:去|到|给).{0,4}(?:他|她|对方|钱包|地址|平台|指定|别的|另一个)|解冻(?:费|金)|认证金|验证金|激活金|(?:先|付|交|缴|转|打|收).{0,3}手续费|罚款|罚金|(?:缴|交|补|付|报).{0,2}税|加钱|(?:交|付|打|汇|转|充|储|存|缴|补|垫)(?:钱|款|账|值|币|u|usdt|过去|给|入|费|一笔|[0-9]))`
)

// fraud is somebody who asks for what nobody may have.
var fraud = regexp.MustCompile(strings.NewReplacer("WHO", whoAsks, "PERSON", person, "KEY", secretKey, "CODE", secretCode, "GIVE", handsOver, "OWN", ofOwn, "REMOTE", remoteHelp, "PAY", paysFirst).Replace(
	`WHO.{0,16}(?:要|问|叫|让|请|骗|填|输入?|GIVE).{0,8}KEY|KEY.{0,6}(?:GIVE).{0,6}PERSON` +
		`|WHO.{0,12}(?:要|问|索|说要|跟我拿)(?:我|我们)?(?:要|拿|问)?(?:看|提供)?OWNCODE|WHO.{0,14}(?:叫|让|要|请|骗).{0,5}GIVE.{0,6}CODE|WHO.{0,14}(?:叫|让|要|请|骗|说).{0,4}CODE.{0,4}(?:GIVE).{0,3}(?:他|她|过去|过来|对方)` +
		`|CODE(?:给|发给|告诉)(?:okx|欧易)?客服|CODE(?:都|已经|就|也)?GIVE(?:给|了|过|去)*(?:那个|一个|这个|群里的|你们的?)?PERSON|(?:发|传|告诉|提供|报|念)?给(?:了)?(?:他们?|她们?|对方|客服|专员).{0,4}(?:CODE|KEY)|要(?:我)?(?:话|告诉|讲给)(?:他|她)(?:知|听)?.{0,3}CODE|要提供.{0,4}CODE|(?:链接|网站|网址|网页).{0,6}(?:填|输入?).{0,4}KEY` +
		`|WHO.{0,12}(?:叫|让|要|请|说|可以|能|帮|用|装|下载|骗).{0,8}REMOTE|(?:叫|让|要)我.{0,6}REMOTE` +
		`|WHO.{0,20}(?:叫|让|要求|要我|请我|说(?:要|先|得|付|交|把)|说.{0,6}(?:要|先|须)|说.{0,10}要先).{0,8}PAY|WHO.{0,8}说.{0,4}PAY.{0,6}(?:就|才)` +
		`|(?:说|叫|让|话|通知)(?:我|我们)?(?:要|先|得|须|必须|需要?)*.{0,2}PAY.{0,8}(?:才|就)(?:能|可以|会|给|可|得)` +
		`|(?:support|agent|admin|someone|caller|he|she|they)\b.{0,40}(?:ask|want|need|tell|told|say).{0,30}(?:KEY|CODE|pay|send|transfer|teamviewer|anydesk)` +
		`|WHO.{0,30}(?:是不是|是否|系不系|会不会是).{0,3}(?:诈骗|骗)|WHO.{0,30}(?:诈骗|骗子|骗人|骗局|scam)的?(?:吗|嘛|吧|\?)`))

// Words that look like it: the app itself asks for the code, or the code does not come.
var (
	noFraud = regexp.MustCompile(`(?:系统|页面|画面|app|登录).{0,4}(?:要|叫|让)我?.{0,3}(?:输入|填|打).{0,6}(?:验证码|密码)|(?:汇款|转账|付款|缴费|充值)的?(?:回单|凭证|记录|截图|证明|单)|(?:叫|让|说|提醒)我?(?:不要|别|不能).{0,3}(?:给|告诉|发|透露).{0,6}(?:验证码|密码)|(?:登录|注册|绑定|提现|提币|app|系统|页面|微信|qq|telegram|line|whatsapp)(?:时|的时候)?(?:都|还|一直|又|需|也)?要.{0,6}(?:验证码|密码)|收(?:不|没|唔)到|没(?:有)?收到|没来|登(?:录|入)?(?:不|唔)|忘(?:了|记)?.{0,3}密码|密码.{0,3}忘|无效|过期了|(?:改|换|重设|重置|修改|设置).{0,3}密码`)
	ourself = regexp.MustCompile(`你们?.{0,2}骗|(?:你们?|平台|okx|欧易)(?:们)?(?:都|就|全|整个)?(?:是不是|是否|系不系|会不会是|是)(?:一个|个)?(?:诈骗|骗)`)
	wanted  = regexp.MustCompile(secretKey + `|` + secretCode + `|` + remoteHelp + `|` + paysFirst + `|链接|钱|转(?:账|币|给|到|出|走)|骗`)
)

// scamTold: somebody is about to take what is theirs, and minutes count.
func (t *turn) scamTold() bool {
	if t.choice != "" || ourself.MatchString(t.folded) {
		return false
	}
	rest := noFraud.ReplaceAllString(t.folded, " ")
	return fraud.MatchString(rest) || p(t.leaves, scam) >= sureOfScam && wanted.MatchString(rest)
}

// sureOfScam is how sure the classifier must be where no words tell.
const sureOfScam = 0.7

func (t *turn) warnOfScam() { t.declineAs("scam") }

// distress are words of somebody at the end of their strength, but in no danger.
var distress = regexp.MustCompile(`崩溃|崩潰|快疯|要疯了|睡不着|瞓唔着|好怕|害怕|好惊|吓死|哭了|想哭|绝望|受不了了|顶唔顺|撑不住|急死我|急疯|没办法了|走投无路`)

// distressed: such words, where the reply would otherwise be as to anybody.
func (t *turn) distressed() bool { return t.choice == "" && distress.MatchString(t.folded) }
