// The lists and the counts in the navigation.

import { get } from './http.js';
import { morphInto } from './morph.js';
import { read, write } from './keep.js';
import { tick } from './clock.js';
import { toast } from './tell.js';

const body = document.body;
let running = false;
let again = false;
let waiting = -1;
let told = null; // which chats were in the agent's hands when last looked at

// seen remembers how much of a case its reader has seen.
export function seen(id, seq) {
  if (seq > read('seen:' + id, 0)) write('seen:' + id, seq);
}

const unread = (id, seq) => seq > read('seen:' + id, 0);

// mark shows what is unread.
export function mark() {
  for (const row of document.querySelectorAll('[data-unread]')) {
    const here = row.dataset.key === body.dataset.case && document.visibilityState === 'visible';
    row.classList.toggle('unread', !here && unread(row.dataset.key, Number(row.dataset.seq)));
  }
  const count = document.querySelector('[data-count="chats"]');
  if (!count) return;
  const chats = (count.dataset.chats || '').split(' ').filter(Boolean).map((c) => c.split('@'));
  const fresh = chats.filter(([id, seq]) => id !== body.dataset.case && unread(id, Number(seq))).length;
  count.textContent = fresh || chats.length || '';
  count.classList.toggle('urging', fresh > 0);
  const queue = document.querySelector('[data-count="waiting"]');
  queue.classList.toggle('urging', Number(queue.textContent) > 0);
  if (waiting < 0) waiting = Number(queue.textContent);
  title(Number(queue.textContent) + fresh);
}

function title(urging) {
  const plain = document.title.replace(/^\(\d+\) /, '');
  document.title = urging > 0 ? `(${urging}) ${plain}` : plain;
}

function counts(answer) {
  const queue = document.querySelector('[data-count="waiting"]');
  queue.textContent = answer.waiting || '';
  document.querySelector('[data-count="chats"]').dataset.chats = answer.chats.join(' ');
  const here = document.querySelector(`[data-group="waiting"] [data-key="${body.dataset.case}"]`);
  if (waiting >= 0 && answer.waiting > waiting && body.dataset.section !== 'queue' && !here) {
    toast('Somebody is waiting for an agent.', { href: '/', text: 'Open the queue' });
  }
  waiting = answer.waiting;
  handed(answer);
  presence(answer.presence);
  const banners = document.getElementById('banners');
  if (banners.innerHTML !== answer.banners) morphInto(banners, answer.banners);
}

// handed tells of a chat that has come to the agent from another one.
function handed(answer) {
  const now = (answer.handed || []).map((chat) => chat.case);
  const chat = told && (answer.handed || []).find((c) => !told.includes(c.case) && c.case !== body.dataset.case);
  if (chat) toast(chat.says, { href: '/cases/' + chat.number, text: 'Open' });
  told = now;
}

// presence shows whether the agent takes chats, in whichever tab that was
// changed.
export function presence(now) {
  const form = document.querySelector('.presence');
  const online = now === 'online';
  form.dataset.presence = now;
  form.elements.presence.value = online ? 'away' : 'online';
  const press = form.querySelector('.presence-button');
  press.setAttribute('aria-checked', String(online));
  press.title = online ? 'You take chats. Press to go away.' : 'You are away. Press to take chats.';
  press.querySelector('.presence-text').textContent = online ? 'Online' : 'Away';
}

// refresh makes the lists true. While it runs, further calls are one.
export async function refresh() {
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
  const list = document.querySelector('[data-list]');
  const work = document.getElementById('worklist');
  const url = list ? list.dataset.list : '/worklist?case=' + encodeURIComponent(body.dataset.case || '');
  const answer = await get(url);
  if (list) morphInto(list, answer.html);
  else if (work) morphInto(work, answer.html);
  counts(answer);
  mark();
  tick();
}
