// The lists and the counts in the navigation.

import { beacon, get, post, Problem } from './http.js';
import { morphInto } from './morph.js';
import { own, read, write } from './keep.js';
import { tick } from './clock.js';
import { toast } from './tell.js';
import * as notify from './notify.js';
import { t } from './t.js';
import * as bulk from './bulk.js';

const body = document.body;
let running = false;
let again = false;
let stale = false; // what was looked for is to be looked for anew
let waiting = -1;
let inHand = null; // which chats were in the agent's hands when last looked at

// seen remembers how much of a case its reader has seen. Of their chats the server is
// told, too, for their other devices.
export function seen(id, seq) {
  if (seq > known(id)) write(own('seen', id), seq);
}

const known = (id) => read(own('seen', id), 0);

const unread = (id, seq) => seq > known(id);

// chats are the agent's, each as its id, how far it has come, and how far they have
// read it on whatever device.
const chats = () => (document.querySelector('[data-count="chats"]')?.dataset.chats || '').split(' ').filter(Boolean).map((c) => c.split('@'));

const settle = 1000; // ms in which what is read is told at once
let telling = 0;
let told = 0; // how far the server was told that this page's case is read

// toTell is how far the page's case is read and the server does not know, or 0.
function toTell() {
  const here = chats().find(([id]) => id === body.dataset.case);
  const far = here ? known(here[0]) : 0;
  return far > Math.max(told, Number(here?.[2])) ? far : 0;
}

const address = () => `/cases/${body.dataset.number}/read`;

async function tell() {
  telling = 0;
  const seq = toTell();
  if (!seq) return;
  const before = told;
  told = seq;
  try {
    await post(address(), { seq });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    told = before; // with what is read next, or as the page goes
  }
}

// leave tells as the page goes what was to be told soon.
function leave() {
  const seq = toTell();
  if (!seq) return;
  told = seq;
  beacon(address(), { seq });
}

export function start() {
  addEventListener('pagehide', leave);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && leave());
  mark();
}

// mark shows what is unread.
export function mark() {
  for (const [id, , far] of chats()) if (Number(far) > known(id)) write(own('seen', id), Number(far));
  if (!telling && toTell()) telling = setTimeout(tell, settle);
  for (const row of document.querySelectorAll('[data-unread]')) {
    const here = row.dataset.key === body.dataset.case && document.visibilityState === 'visible';
    const fresh = !here && unread(row.dataset.key, Number(row.dataset.seq));
    row.classList.toggle('unread', fresh);
    number(row.querySelector('.unread-dot'), fresh ? Number(row.dataset.seq) - known(row.dataset.key) : 0, known(row.dataset.key) > 0);
  }
  const count = document.querySelector('[data-count="chats"]');
  if (!count) return;
  const mine = chats();
  const fresh = mine.filter(([id, seq]) => id !== body.dataset.case && unread(id, Number(seq))).length;
  count.textContent = fresh || mine.length || '';
  count.classList.toggle('urging', fresh > 0);
  const queue = document.querySelector('[data-count="waiting"]');
  queue.classList.toggle('urging', Number(queue.textContent) > 0);
  if (waiting < 0) waiting = Number(queue.textContent);
  title(Number(queue.textContent) + fresh);
  notify.badge(Number(queue.textContent) + fresh > 0);
}

// number says how much is new in a chat, where some of it was read before.
function number(dot, n, some) {
  if (!dot) return;
  const says = some && n > 0 ? (n > 99 ? '99+' : String(n)) : '';
  if (dot.textContent !== says) dot.textContent = says;
  dot.classList.toggle('counted', says !== '');
  dot.setAttribute('aria-label', says ? t('%s new', says) : t('New messages'));
}

function title(urging) {
  const plain = document.title.replace(/^\(\d+\) /, '');
  document.title = urging > 0 ? `(${urging}) ${plain}` : plain;
}

function counts(answer, fresh) {
  const queue = document.querySelector('[data-count="waiting"]');
  queue.textContent = answer.waiting || '';
  document.querySelector('[data-count="chats"]').dataset.chats = answer.chats.join(' ');
  const here = document.querySelector(`[data-group="waiting"] [data-key="${body.dataset.case}"]`);
  if (waiting >= 0 && answer.waiting > waiting && body.dataset.section !== 'queue' && !here) {
    toast(t('Somebody is waiting for an agent.'), { href: '/', text: t('Open the queue') });
  }
  notify.counted(answer, waiting);
  waiting = answer.waiting;
  const named = document.querySelector('[data-count="named"]');
  if (named) named.textContent = answer.named ? '@' + answer.named : '';
  handed(answer);
  if (fresh) presence(answer.presence);
  above(answer.banners);
}

// above draws what stands above the page. What somebody reads stays where it is on the
// screen, as long as it can scroll.
function above(html) {
  const banners = document.getElementById('banners');
  if (banners.innerHTML === html) return;
  const scroller = document.querySelector('main .scroll, .log-scroll');
  const edge = scroller?.getBoundingClientRect().top;
  const atEnd = scroller && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 2; // where who reads the newest stays
  morphInto(banners, html);
  if (scroller && !atEnd) scroller.scrollTop += scroller.getBoundingClientRect().top - edge;
}

// why shows whose the chat of the page's case is while it waits, or why it has no
// agent: that changes without the case, too.
function why(says) {
  const at = document.getElementById('head-why');
  if (at && says && at.textContent !== says) at.textContent = says;
}

// handed tells of a chat that has come to the agent from another one.
function handed(answer) {
  const now = (answer.handed || []).map((chat) => chat.case);
  const chat = inHand && (answer.handed || []).find((c) => !inHand.includes(c.case) && c.case !== body.dataset.case);
  if (chat) toast(chat.says, { href: '/cases/' + chat.number, text: t('Open') });
  inHand = now;
}

let choosing = false;
let chosen = 0; // how often the agent chose

// choose shows at once what the agent chose to be, and gives a function to call with
// whether the server took it.
export function choose(now) {
  const before = document.querySelector('.presence').dataset.presence;
  choosing = true;
  presence(now);
  return (taken) => {
    choosing = false;
    chosen++;
    if (!taken) presence(before);
  };
}

// presence shows whether the agent takes chats, in whichever tab that was
// changed.
function presence(now) {
  const form = document.querySelector('.presence');
  if (!form) return; // an auditor's page has none
  const online = now === 'online';
  form.dataset.presence = now;
  form.elements.presence.value = online ? 'away' : 'online';
  const press = form.querySelector('.presence-button');
  press.setAttribute('aria-checked', String(online));
  press.title = online ? t('You take chats. Press to go away.') : t('You are away. Press to take chats.');
  press.querySelector('.presence-text').textContent = online ? t('Online') : t('Away');
}

let later = 0;

// concerns reports whether a case that changed is one that this page shows among
// who waits and the agent's chats, or a new one.
export function concerns({ case: id, seq }) {
  return seq <= 2 || id === body.dataset.case || chats().some(([mine]) => mine === id) || shows({ case: id }) || Boolean(document.querySelector(`[data-list] [data-key="${CSS.escape(id)}"], [data-group="waiting"] [data-key="${CSS.escape(id)}"]`));
}

// shows reports whether a case is one of those that were looked for, or an older one.
// These are looked for anew only when one of them changed.
export const shows = ({ case: id }) => Boolean(document.querySelector(`[data-rows] [data-key="${CSS.escape(id)}"]`));

// soon refreshes within a second or so: what other agents do need not be seen at
// once, and a thousand of their pages ask one after the other.
export function soon() {
  if (later) return;
  const hidden = document.visibilityState !== 'visible';
  const look = () => refresh(Boolean(document.querySelector('[data-rows] .row-wait'))); // why somebody waits changes with others
  later = setTimeout(look, (hidden ? 2000 : 300) + Math.random() * (hidden ? 3000 : 700));
}

// refresh makes the lists true, and with all what was looked for. While it runs, further
// calls are one.
export async function refresh(all = true) {
  stale ||= all;
  clearTimeout(later);
  later = 0;
  if (running) {
    again = true;
    return;
  }
  running = true;
  try {
    do {
      again = false;
      await once();
    } while (again);
  } catch {
    // The stream tells of the lost connection, and its return refreshes.
  } finally {
    running = false;
  }
}

async function once() {
  const list = document.querySelector(stale ? '[data-list], [data-rows]' : '[data-list]');
  const work = document.getElementById('worklist');
  stale = false;
  const url = list ? list.dataset.list || list.dataset.rows : '/worklist?case=' + encodeURIComponent(body.dataset.case || '');
  const before = chosen;
  const answer = await get(url);
  const fresh = !choosing && before === chosen; // it may tell of the time before the agent chose
  if (list) morphInto(list, answer.html);
  else if (work) morphInto(work, answer.html);
  counts(answer, fresh);
  why(answer.why);
  mark();
  bulk.count();
  tick();
}
