// All words of the interface, in both scripts. Replies of the bot and of staff
// come from the server and are shown as they are.

/** @typedef {typeof hant} Texts */

const hant = {
  lang: 'zh-Hant-TW',
  launcher: '開啟身分認證小幫手',
  /** @param {number} n */
  unread: (n) => `${n} 則新訊息`,
  close: '關閉對話',
  person: '找真人客服',
  choices: '可以選擇的回答',
  typing: '小幫手正在輸入',
  /** @param {string | undefined} name */
  personTyping: (name) => `${name || '客服人員'} 正在輸入`,
  signIn: '請先登入 App，再開啟對話',
  refused: '登入狀態已失效，請重新登入 App 再試',
  tryAgain: '再試一次',
  title: '身分認證小幫手',
  human: '真人客服',
  cancel: '不用了，取消',
  switchScript: '切換為簡體中文',
  switched: '繁體中文',
  log: '對話內容',
  welcome: '您好，身分認證卡在哪一步？',
  welcomeMore: '用自己的話說說看到的畫面或提示就好，我會一步一步陪您找出原因。',
  starters: ['證件照片一直沒通過', '證件快到期了', '系統說證件已被使用', '不支援我的國家或地區'],
  caution: '請不要在這裡傳送助記詞、私鑰、密碼或簡訊驗證碼。',
  inputLabel: '您的訊息',
  placeholder: '輸入訊息…',
  send: '送出',
  newer: '有新訊息',
  you: '您',
  bot: '小幫手',
  staff: '客服人員',
  service: '服務通知',
  opensNewTab: '（另開新分頁）',
  idle: '打字就可以開始',
  connecting: '連線中…',
  online: '已連線',
  offline: '連線中斷，正在重新連線…',
  noNetwork: '目前沒有網路，訊息會在恢復後送出',
  busy: '現在連線的人很多，稍後會自動再試',
  notHere: '這個頁面不能使用對話',
  outdated: '請重新整理頁面，再繼續對話',
  reload: '重新整理',
  replaced: '對話已在其他分頁開啟',
  continueHere: '在這裡繼續',
  caseWaiting: '已通知客服，請稍候。',
  /** @param {string | undefined} name */
  caseClaimed: (name) => `${name || '客服人員'} 正在為您服務`,
  caseBack: '客服人員已處理完畢，接下來由小幫手為您服務。',
  caseClosed: '這次的客服對話已結束。',
  caseCancelled: '已取消轉接，小幫手繼續為您服務。',
  /** @param {string} id */
  caseNumber: (id) => `案件 ${id}`,
  more: '更多選項',
  keep: '下載對話紀錄',
  elsewhere: '在 Telegram 繼續',
  elsewhereOpen: '打開 Telegram',
  forget: '刪除我的資料',
  forgetSure: '要刪除這裡的對話和檔案嗎？刪除後無法復原，等待中的客服也會看不到前面的內容。已經傳到客服系統或備份裡的副本，可能還會保留一段時間。',
  forgetNot: '先不要',
  forgetDo: '刪除',
  forgotten: '已經刪除，您可以重新開始。',
  back: '返回',
  attach: '加入圖片或 PDF',
  files: '要傳的檔案',
  filesLater: '小幫手看不到圖片，請把畫面上的字打出來。轉給真人客服之後，需要時可以在這裡傳圖片和 PDF。',
  /** @param {number} n */
  filesMost: (n) => `一次最多傳 ${n} 個檔案。`,
  fileWarning: '請不要在這裡傳證件、自拍或存摺。證件只在 App 的身分認證頁面上傳；截圖上的個人資料請先遮住。',
  /** @param {string} name */
  fileRemove: (name) => `移除 ${name}`,
  /** @param {number} n */
  attached: (n) => `〔${n} 個檔案〕`,
  download: '下載',
  edited: '已編輯',
  gone: '這則訊息已收回',
  rate: '這次的客服服務，您覺得如何？',
  stars: ['1 顆星，很不滿意', '2 顆星，不滿意', '3 顆星，普通', '4 顆星，滿意', '5 顆星，很滿意'],
  rateComment: '還有想說的嗎？（可不填）',
  rateSend: '送出評分',
  /** @param {string} id */
  copyNumber: (id) => `案件 ${id}，複製編號`,
  copied: '已複製',
  sending: '傳送中…',
  waiting: '等待連線…',
  sent: '已送出',
  failed: '沒有送出',
  retry: '重試',
  edit: '修改',
  failedAlert: '有一則訊息沒有送出。',
  /** @param {number} n @param {number} max */
  counter: (n, max) => `${n} / ${max} 字`,
  /** @param {number} max */
  tooLong: (max) => `最多 ${max} 字，請只留重點或分成幾則送出。`,
  /** @type {Record<string, string>} */
  errors: {
    too_long: '訊息太長了，請只留重點，或分成幾則送出。',
    empty: '訊息是空的。',
    unreached: '沒有成功，請檢查網路後再試一次。',
    file_type: '只能傳 JPEG、PNG、WebP 圖片或 PDF。',
    file_too_big: '檔案超過 8 MB，請壓縮或截圖後再傳。',
  },
};

/** @type {Texts} */
const hans = {
  lang: 'zh-Hans',
  launcher: '打开身份认证小助手',
  unread: (n) => `${n} 条新消息`,
  close: '关闭对话',
  person: '找人工客服',
  choices: '可以选择的回答',
  typing: '小助手正在输入',
  personTyping: (name) => `${name || '客服人员'} 正在输入`,
  signIn: '请先登录 App，再打开对话',
  refused: '登录状态已失效，请重新登录 App 再试',
  tryAgain: '再试一次',
  title: '身份认证小助手',
  human: '人工客服',
  cancel: '不用了，取消',
  switchScript: '切换为繁体中文',
  switched: '简体中文',
  log: '对话内容',
  welcome: '您好，身份认证卡在哪一步？',
  welcomeMore: '用自己的话说说看到的页面或提示就好，我会一步一步陪您找出原因。',
  starters: ['证件照片一直没通过', '证件快到期了', '系统说证件已被使用', '不支持我的国家或地区'],
  caution: '请不要在这里发送助记词、私钥、密码或短信验证码。',
  inputLabel: '您的消息',
  placeholder: '输入消息…',
  send: '发送',
  newer: '有新消息',
  you: '您',
  bot: '小助手',
  staff: '客服人员',
  service: '服务通知',
  opensNewTab: '（在新标签页打开）',
  idle: '打字就可以开始',
  connecting: '连接中…',
  online: '已连接',
  offline: '连接中断，正在重新连接…',
  noNetwork: '目前没有网络，消息会在恢复后发送',
  busy: '现在连接的人很多，稍后会自动再试',
  notHere: '这个页面不能使用对话',
  outdated: '请刷新页面，再继续对话',
  reload: '刷新',
  replaced: '对话已在其他标签页打开',
  continueHere: '在这里继续',
  caseWaiting: '已通知客服，请稍候。',
  caseClaimed: (name) => `${name || '客服人员'} 正在为您服务`,
  caseBack: '客服人员已处理完毕，接下来由小助手为您服务。',
  caseClosed: '这次的客服对话已结束。',
  caseCancelled: '已取消转接，小助手继续为您服务。',
  caseNumber: (id) => `案件 ${id}`,
  more: '更多选项',
  keep: '下载对话记录',
  elsewhere: '在 Telegram 继续',
  elsewhereOpen: '打开 Telegram',
  forget: '删除我的数据',
  forgetSure: '要删除这里的对话和文件吗？删除后无法恢复，等待中的客服也会看不到前面的内容。已经发到客服系统或备份里的副本，可能还会保留一段时间。',
  forgetNot: '先不要',
  forgetDo: '删除',
  forgotten: '已经删除，您可以重新开始。',
  back: '返回',
  attach: '添加图片或 PDF',
  files: '要发送的文件',
  filesLater: '小助手看不到图片，请把页面上的字打出来。转给人工客服之后，需要时可以在这里发送图片和 PDF。',
  filesMost: (n) => `一次最多发送 ${n} 个文件。`,
  fileWarning: '请不要在这里发送证件、自拍或存折。证件只在 App 的身份认证页面上传；截图上的个人信息请先遮住。',
  fileRemove: (name) => `移除 ${name}`,
  attached: (n) => `〔${n} 个文件〕`,
  download: '下载',
  edited: '已编辑',
  gone: '这条消息已撤回',
  rate: '这次的客服服务，您觉得如何？',
  stars: ['1 颗星，很不满意', '2 颗星，不满意', '3 颗星，一般', '4 颗星，满意', '5 颗星，很满意'],
  rateComment: '还有想说的吗？（可不填）',
  rateSend: '提交评分',
  copyNumber: (id) => `案件 ${id}，复制编号`,
  copied: '已复制',
  sending: '发送中…',
  waiting: '等待连接…',
  sent: '已发送',
  failed: '没有发送',
  retry: '重试',
  edit: '修改',
  failedAlert: '有一条消息没有发送。',
  counter: (n, max) => `${n} / ${max} 字`,
  tooLong: (max) => `最多 ${max} 字，请只留重点或分成几条发送。`,
  errors: {
    too_long: '消息太长了，请只留重点，或分成几条发送。',
    empty: '消息是空的。',
    unreached: '没有成功，请检查网络后再试一次。',
    file_type: '只能发送 JPEG、PNG、WebP 图片或 PDF。',
    file_too_big: '文件超过 8 MB，请压缩或截图后再发。',
  },
};

/** The regional wording of Hong Kong, where it differs. @type {Texts} */
const hk = {
  ...hant,
  lang: 'zh-Hant-HK',
  person: '找真人客服',
  connecting: '連接中…',
  online: '已連接',
  offline: '連接中斷，正在重新連接…',
  noNetwork: '目前沒有網絡，訊息會在恢復後送出',
  busy: '現在連接的人很多，稍後會自動再試',
  waiting: '等待連接…',
  switchScript: '切換為簡體中文',
  starters: ['證件相片一直未能通過', '證件快到期了', '系統說證件已被使用', '不支援我的國家或地區'],
  caution: '請不要在這裡傳送助記詞、私鑰、密碼或短訊驗證碼。',
  errors: {
    ...hant.errors,
    unreached: '沒有成功，請檢查網絡後再試一次。',
  },
};

/** @typedef {import('./types').Script} Script */

/**
 * The interface's words.
 * @param {Script} script
 * @param {boolean} [hongKong]
 */
export function textsOf(script, hongKong) {
  if (script === 'hans') return hans;
  return hongKong ? hk : hant;
}

/** The script of a BCP 47 tag, or null if the tag does not tell. @param {string} [tag] @returns {Script | null} */
export function scriptOf(tag) {
  const lower = (tag || '').toLowerCase();
  if (!lower.startsWith('zh') && !lower.startsWith('yue')) return null;
  if (lower.includes('hans')) return 'hans';
  if (lower.includes('hant')) return 'hant';
  return /-(tw|hk|mo)\b/.test(lower) || lower.startsWith('yue') ? 'hant' : 'hans';
}

/** Whether a tag speaks of Hong Kong's or Macau's wording; null if it says nothing of a region. @param {string} [tag] */
export function hongKongOf(tag) {
  const lower = (tag || '').toLowerCase();
  if (/-(hk|mo)\b/.test(lower) || lower.startsWith('yue')) return true;
  return /-tw\b/.test(lower) ? false : null;
}

/** The first Chinese among the languages, or an empty tag. @param {readonly string[]} languages */
export function firstChinese(languages) {
  return languages.find((tag) => scriptOf(tag)) ?? '';
}
