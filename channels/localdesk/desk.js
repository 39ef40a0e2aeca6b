// The desk page: it reads cases and logs again whenever the server says that
// something changed, so that nothing it shows is older than the store.

const byId = (id) => document.getElementById(id);
const states = {
  waiting: '等待接手', claimed: '處理中', pending: '等使用者回覆', snoozed: '先放著', handed_back: '已交還', closed: '已結案', cancelled: '使用者取消',
};
const speakers = { user: '使用者', bot: '機器人', staff: '客服', notice: '通知' };

let cases = [];
let me = '';
let agents = [];
let categories = [];
let current = '';
let unsent = null; // an action that may have arrived: it keeps its ID when tried again

try { byId('name').value = localStorage.getItem('name') ?? ''; } catch { /* no storage: asked again */ }
byId('name').addEventListener('change', () => { try { localStorage.setItem('name', byId('name').value); } catch { /* as above */ } });

function element(tag, text, className = '') {
  const e = document.createElement(tag);
  e.textContent = text;
  e.className = className;
  return e;
}

async function read(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

function ago(from) { return span((Date.now() - new Date(from)) / 1000); }

function span(seconds) {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  return minutes < 60 ? `${minutes} 分鐘` : `${Math.floor(minutes / 60)} 小時 ${minutes % 60} 分`;
}

async function refresh() {
  try {
    const overview = await read(`/api/cases?name=${encodeURIComponent(byId('name').value)}`);
    me = overview.me;
    agents = overview.agents ?? [];
    cases = overview.cases ?? [];
    categories = overview.categories ?? [];
    list();
    if (current) await show();
  } catch (problem) {
    byId('refusal').textContent = problem.message;
  }
}

// standing is where a case stands, with whom, and since when.
function standing(c) {
  const until = c.state === 'snoozed' ? `到 ${clock(c.snoozed_until)}` : '';
  return [states[c.state] + until, c.agent?.name, `開案 ${ago(c.opened_at)}`].filter(Boolean).join(' · ');
}

// owed is how long an answer is owed, in working time, against the target.
function owed(c) {
  const late = c.owed > c.target ? '，超過目標' : '';
  return `未回 ${c.unanswered} 則 · 等了 ${span(c.owed)}（目標 ${span(c.target)}${late}）`;
}

function clock(at) {
  return new Date(at).toLocaleString('zh-TW', { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' });
}

function list() {
  byId('none').hidden = cases.length > 0;
  byId('cases').replaceChildren(...cases.map((c) => {
    const button = element('button', '');
    button.type = 'button';
    button.dataset.case = c.id;
    if (c.id === current) button.setAttribute('aria-current', 'true');
    button.append(element('strong', `${c.priority ? '優先 · ' : ''}${c.title}`), element('span', standing(c)));
    if (c.unanswered) button.append(element('span', owed(c), c.owed > c.target ? 'late' : ''));
    button.append(element('small', c.id));
    button.addEventListener('click', () => choose(c));
    const item = document.createElement('li');
    item.append(button);
    return item;
  }));
}

// choose shows a case from its top: on a phone it stands below the list.
async function choose(c) {
  current = c.id;
  byId('refusal').textContent = '';
  await refresh();
  byId('title').scrollIntoView();
}

function card(c) {
  const rows = [...c.card, { name: '狀態', text: standing(c) }];
  if (c.unanswered) rows.push({ name: '還欠回覆', text: owed(c) });
  byId('card').replaceChildren(...rows.flatMap(({ name, text }) => [element('dt', name), element('dd', text)]));
}

// can says whether an action makes sense now; the service decides.
function can(change, c, mine) {
  if (change === 'label') return Boolean(c);
  if (change === 'claim') return Boolean(c) && (!c.agent || c.orphaned || (mine && c.state !== 'claimed'));
  return Boolean(c) && mine;
}

// topics lists the categories, those that the bot thought of first, and keeps what was
// chosen.
function topics(c) {
  const chosen = byId('label').dataset.case === c.id ? byId('label').value : c.label || c.category;
  const likely = (c.also ?? []).map((g) => g.category);
  const place = (id) => (likely.indexOf(id) + 1 || likely.length + 1);
  const sorted = [...categories].sort((a, b) => place(a.id) - place(b.id));
  byId('label').replaceChildren(...sorted.map((t) => new Option(t.label, t.id, false, t.id === chosen)));
  byId('label').dataset.case = c.id;
}

// colleagues lists who a case can be passed on to, and keeps what was chosen.
function colleagues() {
  const chosen = byId('to').value;
  const others = agents.filter((a) => a.id !== me);
  byId('to').replaceChildren(...others.map((a) => new Option(a.name, a.id, false, a.id === chosen)));
  if (others.length === 0) byId('to').append(new Option('沒有別的同事', ''));
}

function entry(l, mine) {
  const item = element('li', '', l.kind + (l.gone ? ' gone' : ''));
  const time = new Date(l.at).toLocaleTimeString('zh-TW', { hour: '2-digit', minute: '2-digit' });
  const note = l.gone ? '（已收回）' : l.edited ? '（已修改）' : '';
  item.append(element('small', `${l.agent || speakers[l.kind]} ${time}${note}`), document.createElement('br'), l.text);
  if (mine && l.mine && !l.gone) {
    const change = element('button', '修改');
    change.addEventListener('click', () => {
      const text = prompt('改成', l.text);
      if (text) act('edit', { seq: l.seq, text });
    });
    const drop = element('button', '收回');
    drop.addEventListener('click', () => act('delete', { seq: l.seq }));
    for (const button of [change, drop]) button.type = 'button';
    item.append(document.createElement('br'), change, drop);
  }
  return item;
}

async function show() {
  const c = cases.find((x) => x.id === current);
  byId('case').hidden = false;
  const mine = c?.agent?.id === me;
  for (const button of document.querySelectorAll('[data-change]')) {
    button.disabled = !can(button.dataset.change, c, mine);
  }
  colleagues();
  for (const field of byId('form').elements) field.disabled = !mine;
  byId('text').placeholder = mine ? '回覆使用者' : '接手這個案件之後才能回覆';
  if (c) {
    byId('title').textContent = `${c.priority ? '優先 · ' : ''}${c.title}　${c.id}`;
    card(c);
    topics(c);
  } else {
    byId('title').textContent = `案件 ${current}：已結束`;
    byId('card').replaceChildren();
  }
  const shownCase = current;
  const lines = await read(`/api/log?case=${encodeURIComponent(shownCase)}`);
  if (shownCase !== current) return;
  const follow = atEnd();
  byId('log').replaceChildren(...lines.map((l) => entry(l, mine)));
  if (follow) toEnd();
}

// scroller is what scrolls the case: the page itself on a phone.
function scroller() {
  return matchMedia('(max-width: 700px)').matches ? document.scrollingElement : byId('case');
}

// atEnd says whether the agent reads the last words; if so, further ones are followed.
function atEnd() {
  const s = scroller();
  return s.scrollTop > 0 && s.scrollHeight - s.scrollTop - s.clientHeight < 60;
}

function toEnd() { scroller().scrollTop = scroller().scrollHeight; }

function refuse(why) {
  byId('refusal').textContent = why;
  return false;
}

// act sends an action and says whether it was taken. What failed for want of an
// answer is sent again with the same ID.
async function act(change, more = {}) {
  byId('refusal').textContent = '';
  const key = JSON.stringify([current, change, more]);
  if (unsent?.key !== key) unsent = { key, id: crypto.randomUUID() };
  try {
    const response = await fetch('/api/act', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Desk': '1' },
      body: JSON.stringify({ id: unsent.id, case_id: current, change, name: byId('name').value, ...more }),
    });
    if (!response.ok) return refuse(await response.text());
  } catch {
    return refuse('連不上服務，您寫的話還在，請再試一次。');
  }
  unsent = null;
  await refresh();
  return true;
}

// what a button sends beside its action
const details = {
  transfer: () => ({ to: byId('to').value }),
  snooze: () => ({ until: new Date(Math.ceil(Date.now() / 60000 + Number(byId('until').value)) * 60000).toISOString() }),
  label: () => ({ label: byId('label').value }),
  close: () => ({ text: byId('reason').value }),
  block: () => ({ text: byId('reason').value }),
};

for (const button of document.querySelectorAll('[data-change]')) {
  button.addEventListener('click', async () => {
    const change = button.dataset.change;
    if (change === 'block' && !confirm('這個人一天之內都得不到回覆，確定要封鎖嗎？')) return;
    if (await act(change, details[change]?.()) && (change === 'close' || change === 'block')) byId('reason').value = '';
  });
}
byId('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = byId('text').value;
  if (!await act('reply', { text })) return;
  if (byId('text').value === text) byId('text').value = '';
  toEnd();
});
byId('text').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault();
    byId('form').requestSubmit();
  }
});
byId('invite').addEventListener('click', async () => {
  const response = await fetch('/api/invite', { method: 'POST', headers: { 'X-Desk': '1' } });
  byId('link').textContent = response.ok ? location.origin + (await response.json()).path : await response.text();
});

new EventSource('/api/events').addEventListener('message', refresh);
setInterval(refresh, 30000);
