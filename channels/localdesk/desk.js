// The desk page: it reads cases and logs again whenever the server says that
// something changed, so that nothing it shows is older than the store.

const byId = (id) => document.getElementById(id);
const states = { waiting: '等待接手', claimed: '處理中', handed_back: '已交還', closed: '已結案', cancelled: '使用者取消' };
const speakers = { user: '使用者', bot: '機器人', staff: '客服', notice: '通知' };

let cases = [];
let me = '';
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

function waited(from) {
  const minutes = Math.max(0, Math.floor((Date.now() - new Date(from)) / 60000));
  return minutes < 60 ? `${minutes} 分鐘` : `${Math.floor(minutes / 60)} 小時 ${minutes % 60} 分`;
}

async function refresh() {
  try {
    const overview = await read('/api/cases');
    me = overview.me;
    cases = overview.cases ?? [];
    list();
    if (current) await show();
  } catch (problem) {
    byId('refusal').textContent = problem.message;
  }
}

function list() {
  byId('none').hidden = cases.length > 0;
  byId('cases').replaceChildren(...cases.map((c) => {
    const button = element('button', '');
    button.type = 'button';
    button.dataset.case = c.id;
    if (c.id === current) button.setAttribute('aria-current', 'true');
    const holder = c.agent ? `，${c.agent.name}` : '';
    button.append(
      element('strong', `${c.priority ? '優先 · ' : ''}${c.title}`),
      element('span', `${states[c.state]}${holder} · 等了 ${waited(c.opened_at)}${c.unanswered ? ` · 未回 ${c.unanswered} 則` : ''}`),
      element('small', c.id),
    );
    button.addEventListener('click', () => { current = c.id; byId('refusal').textContent = ''; refresh(); });
    const item = document.createElement('li');
    item.append(button);
    return item;
  }));
}

function card(c) {
  const rows = [
    ['案件', `${c.id}（${c.category}）`],
    ['判斷', (c.also ?? []).map((g) => `${g.category} ${Math.round(g.p * 100)}%`).join('、')],
    ['試過', (c.tried ?? []).join('、')],
    ['算出', (c.facts ?? []).join('、')],
    ['已遮蔽', (c.masked ?? []).join('、')],
    ['請使用者準備', (c.checklist ?? []).join('；')],
    ['管道與語言', `${c.address.channel} · ${c.lang}`],
    ['規則', c.rule ?? ''],
    ['狀態', states[c.state] + (c.agent ? `，${c.agent.name}` : '')],
  ].filter(([, value]) => value);
  byId('card').replaceChildren(...rows.flatMap(([name, value]) => [element('dt', name), element('dd', value)]));
}

async function show() {
  const c = cases.find((x) => x.id === current);
  byId('case').hidden = false;
  const mine = c?.agent?.id === me;
  for (const button of document.querySelectorAll('[data-change]')) {
    button.disabled = !c || (button.dataset.change === 'claim' ? Boolean(c.agent) : !mine);
  }
  for (const field of byId('form').elements) field.disabled = !mine;
  byId('text').placeholder = mine ? '回覆使用者' : '接手這個案件之後才能回覆';
  if (c) {
    byId('title').textContent = c.title;
    card(c);
  } else {
    byId('title').textContent = `案件 ${current}：已結束`;
    byId('card').replaceChildren();
  }
  const shownCase = current;
  const lines = await read(`/api/log?case=${encodeURIComponent(shownCase)}`);
  if (shownCase !== current) return;
  byId('log').replaceChildren(...lines.map((l) => {
    const item = element('li', '', l.kind);
    const time = new Date(l.at).toLocaleTimeString('zh-TW', { hour: '2-digit', minute: '2-digit' });
    item.append(element('small', `${l.agent || speakers[l.kind]} ${time}`), document.createElement('br'), l.text);
    return item;
  }));
}

function refuse(why) {
  byId('refusal').textContent = why;
  byId('refusal').scrollIntoView({ block: 'nearest' });
  return false;
}

// act sends an action and says whether it was taken. What failed for want of an
// answer is sent again with the same ID.
async function act(change, text = '') {
  byId('refusal').textContent = '';
  const key = JSON.stringify([current, change, text]);
  if (unsent?.key !== key) unsent = { key, id: crypto.randomUUID() };
  try {
    const response = await fetch('/api/act', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Desk': '1' },
      body: JSON.stringify({ id: unsent.id, case_id: current, change, text, name: byId('name').value }),
    });
    if (!response.ok) return refuse(await response.text());
  } catch {
    return refuse('連不上服務，您寫的話還在，請再試一次。');
  }
  unsent = null;
  await refresh();
  return true;
}

for (const button of document.querySelectorAll('[data-change]')) {
  button.addEventListener('click', () => act(button.dataset.change));
}
byId('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = byId('text').value;
  if (await act('reply', text) && byId('text').value === text) byId('text').value = '';
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
setInterval(list, 30000);
