package knowledge

import (
	"regexp"
	"strings"
)

// reinstall finds advice that makes people delete the app, in both scripts and in the
// wordings of all regions. Downloading "again" counts: nobody does it with the app
// still there.
var reinstall = regexp.MustCompile(`(?i)解除安[裝装]|反安[裝装]|卸[載载]|重新?安?[裝装灌]|重新下[載载]|uninstall|reinstall|` +
	`(?:` + remove + `)[^。，；\n]{0,8}(?:` + app + `)|(?:` + app + `)[^。，；\n]{0,4}(?:` + remove + `)`)

const (
	remove = `移除|[刪删]除|[刪删]掉|[刪删]了|移走`
	app    = `App|OKX|應用|应用|程式|程序|軟體|软件`
)

// against finds the opposite advice: not to delete the app (yet).
var against = regexp.MustCompile(`(?:不要|[別别勿])(?:解除安[裝装]|反安[裝装]|卸[載载])`)

// BackupWarningMissing says that a text advises to uninstall or reinstall the app but
// does not warn to back up seed phrase and private keys first. Who follows such advice
// with a Web3 wallet loses the funds in it for good, so no text of ours may.
func BackupWarningMissing(text string) bool {
	return reinstall.MatchString(against.ReplaceAllString(text, "")) && !warns(text)
}

func warns(text string) bool {
	for _, word := range [][2]string{{"備份", "备份"}, {"助記詞", "助记词"}, {"私鑰", "私钥"}} {
		if !strings.Contains(text, word[0]) && !strings.Contains(text, word[1]) {
			return false
		}
	}
	return true
}
