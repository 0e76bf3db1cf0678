// The log of a case: fetches what is new, puts it where it belongs, and keeps
// the reader's place.

import { get, Problem } from './http.js';
import { morph, morphInto, parse } from './morph.js';
import { tick } from './clock.js';
import { mark, seen } from './lists.js';
import * as composer from './composer.js';
import * as outbox from './outbox.js';

const main = document.getElementById('main');
const log = document.getElementById('log');
const scroller = document.getElementById('log-scroll');
const pill = document.getElementById('newer');
const late = document.getElementById('late');
const id = document.body.dataset.case;
const address = '/cases/' + document.body.dataset.number;
const drawn = new Map(); // what the server last said an entry looks like
const together = 5 * 60 * 1e6; // as in package record, in microseconds

let seq = 0;
let revision = 0;
let running = false;
let again = false;
let everything = false; // is to be drawn anew
let wait = 0; // before the next try of a fetch that failed, in ms
let retry = 0;
let pinned = true; // the reader is at the end and stays there
let top = 0; // where the log stood when last looked at

export const atCase = () => Boolean(log);

export function start() {
  if (!log) return;
  seq = Number(main.dataset.seq);
  revision = Number(main.dataset.revision);
  restorePlace();
  scroller.addEventListener('scroll', moved, { passive: true });
  addEventListener('pagehide', savePlace);
  const grown = new ResizeObserver(stay);
  grown.observe(log);
  grown.observe(scroller);
  grown.observe(document.getElementById('outbox'));
  pill.addEventListener('click', () => toEnd());
  log.addEventListener('click', (event) => {
    const link = event.target.closest('[data-edit]');
    if (!link || !composer.canEdit()) return;
    event.preventDefault();
    composer.edit(link.getAttribute('href'));
  });
  document.addEventListener('visibilitychange', look);
  look();
}

function toEnd() {
  pinned = true;
  scroller.scrollTop = scroller.scrollHeight;
  top = scroller.scrollTop;
  look();
}

// stay keeps a reader at the end there, unless they have just left it: the
// browser tells of their scrolling only later.
function stay() {
  if (scroller.scrollTop < top - 1) moved();
  if (pinned) toEnd();
}

// stick keeps the end in sight after the person has written something.
export const stick = toEnd;

// moved sees where the reader has scrolled. Only going up leaves the end: a
// log that grew meanwhile is no wish of the reader's.
function moved() {
  const up = scroller.scrollTop < top - 1;
  top = scroller.scrollTop;
  if (up || !pinned) pinned = scroller.scrollHeight - top - scroller.clientHeight < 48;
  if (pinned) look();
}

// look counts as read what is in sight.
function look() {
  if (document.visibilityState !== 'visible' || !pinned) return;
  pill.hidden = true;
  seen(id, seq);
  mark();
}

function savePlace() {
  try {
    sessionStorage.setItem('place:' + id, pinned ? 'end' : String(scroller.scrollTop));
  } catch {
    // Without storage the page begins at the end.
  }
}

function restorePlace() {
  let place = 'end';
  try {
    place = sessionStorage.getItem('place:' + id) || 'end';
  } catch {
    // As above.
  }
  if (location.hash.startsWith('#e')) {
    document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: 'center' });
    pinned = false;
    moved();
  } else if (place === 'end') {
    toEnd();
  } else {
    pinned = false;
    scroller.scrollTop = Number(place);
    moved();
  }
}

// changed says how far the case has come.
export function changed(change) {
  if (change.seq > seq || change.revision > revision) refresh();
}

// refresh fetches what is new, or everything. While it runs, further calls are
// one. What fails is tried again, less and less often: the stream may be well
// while a fetch is not, and then nobody else would.
export async function refresh(all = false) {
  if (!log) return;
  everything ||= all;
  if (running) {
    again = true;
    return;
  }
  running = true;
  clearTimeout(retry);
  try {
    do {
      again = false;
      await fetchNew();
    } while (again);
    wait = 0;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    wait = Math.min(30_000, wait * 2 || 1000);
    retry = setTimeout(refresh, wait);
  } finally {
    running = false;
    late.hidden = wait === 0;
  }
}

async function fetchNew() {
  const all = everything;
  const open = [...log.querySelectorAll('[data-open]')].map((e) => Number(e.dataset.seq));
  const from = all ? 1 : Math.min(seq + 1, ...open);
  show(await get(`${address}/log?after=${all ? 0 : seq}&open=${from}`));
  if (all) everything = false;
}

function show(news) {
  const before = seq;
  const from = news.items.map((item) => put(item)).filter(Boolean);
  seq = Math.max(seq, news.seq);
  arrange();
  if (news.revision >= revision) around(news);
  tick();
  stay();
  if (!pinned && from.length > 0 && seq > before) pill.hidden = false;
  look();
}

// put draws an entry, and returns whose it is when it is new and not ours.
function put(item) {
  if (drawn.get(item.seq) === item.html) return '';
  drawn.set(item.seq, item.html);
  const entry = parse(item.html).firstElementChild;
  const old = document.getElementById(entry.id);
  if (entry.dataset.token) outbox.arrived(entry.dataset.token);
  if (old) {
    morph(old, entry);
    return '';
  }
  const first = log.querySelector('.entry');
  if (first && compare(entry, first) < 0 && document.querySelector('[data-earlier]')) return ''; // further up than shown
  let after = log.lastElementChild;
  while (after && compare(entry, after) < 0) after = after.previousElementSibling;
  if (after) after.after(entry);
  else log.prepend(entry);
  return entry.dataset.from || '';
}

const compare = (a, b) => Number(a.dataset.at) - Number(b.dataset.at) || Number(a.dataset.seq) - Number(b.dataset.seq);

// arrange marks where days begin and where an author goes on, as the server
// does for a whole page.
function arrange() {
  let before = null;
  for (const entry of log.children) {
    const day = !before || before.dataset.day !== entry.dataset.day;
    const said = (e) => e.classList.contains('entry-message') || e.classList.contains('entry-file');
    entry.classList.toggle('newday', day);
    entry.classList.toggle('follows', !day && said(before) && said(entry) && before.dataset.author === entry.dataset.author
      && Number(entry.dataset.at) - Number(before.dataset.at) <= together);
    before = entry;
  }
}

// around draws what stands around the log. The dock is left alone while the
// agent can do the same as before: somebody may be typing in it.
function around(news) {
  revision = news.revision;
  morphInto(document.getElementById('head'), news.head);
  morphInto(document.getElementById('rail-body'), news.rail);
  // Nothing changes under the hands of somebody who is answering a question.
  if (!document.querySelector('#dialogs dialog[open]')) morphInto(document.getElementById('dialogs'), news.dialogs);
  if (main.dataset.mode === news.mode && (news.mode === 'compose' || composer.busy())) return;
  const joined = main.dataset.mode !== news.mode && news.mode === 'compose';
  main.dataset.mode = news.mode;
  morphInto(document.getElementById('dock'), news.dock);
  composer.start();
  refresh(true); // what the agent may do to a message has changed with it
  if (joined) composer.focus();
}
