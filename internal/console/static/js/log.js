// The log of a case: fetches what is new, puts it where it belongs, and keeps
// the reader's place.

import { get, Problem } from './http.js';
import { morph, morphInto, parse } from './morph.js';
import { tick } from './clock.js';
import { mark, seen } from './lists.js';
import { t } from './t.js';
import { toast } from './tell.js';
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
const maxOpen = 500; // entries to ask for at once
const maxEntries = 900; // that a page shows at once
const inOneGo = 25; // entries that are put in between two pictures

let seq = 0;
let floor = 0; // the log is shown after this Seq
let until = 0; // and up to this one, on a page that does not show its end
let revision = 0;
let running = null; // what is being fetched
let again = false;
let everything = false; // is to be drawn anew
let wait = 0; // before the next try of a fetch that failed, in ms
let retry = 0;
let latest = null; // the entry that was put in last
let pinned = true; // the reader is at the end and stays there
let top = 0; // where the log stood when last looked at
let held = null; // an entry that stays where it is until the reader scrolls, and how far below the edge that is

export const atCase = () => Boolean(log);

export function start() {
  if (!log) return;
  seq = Number(main.dataset.seq);
  revision = Number(main.dataset.revision);
  floor = Number(main.dataset.floor);
  until = Number(main.dataset.until || 0);
  restorePlace();
  scroller.addEventListener('scroll', moved, { passive: true });
  addEventListener('pagehide', savePlace);
  const grown = new ResizeObserver(stay);
  grown.observe(log);
  grown.observe(scroller);
  grown.observe(document.getElementById('outbox'));
  pill.addEventListener('click', () => (until ? location.assign(address) : toEnd()));
  log.addEventListener('click', pressed);
  document.getElementById('earlier')?.addEventListener('click', earlier);
  document.addEventListener('visibilitychange', look);
  look();
  fill();
}

// fill asks for more where a page begins with little more than its screen shows, once
// that is shown.
async function fill() {
  await pause();
  if (floor && scroller.scrollTop < scroller.clientHeight / 2) earlier();
}

function pressed(event) {
  const link = event.target.closest('[data-edit]');
  if (link && composer.canEdit()) {
    event.preventDefault();
    composer.edit(link.getAttribute('href'));
  }
  const answers = event.target.closest('[data-answers]')?.dataset.answers;
  if (answers && document.getElementById(answers)) {
    event.preventDefault();
    location.hash = answers;
  }
}

let growing = null; // what stands before is on its way

// earlier shows what stands before, and keeps the reader's place. Who asks while it is on
// its way waits for the same.
function earlier(event) {
  event?.preventDefault();
  growing ||= grow().finally(() => (growing = null));
  return growing;
}

async function grow() {
  log.dataset.growing = '';
  try {
    const more = await get(`${address}/log?before=${floor + 1}`);
    floor = more.floor;
    // A few at a time and the latest first, so that whoever scrolls meanwhile goes on smoothly.
    for (let end = more.items.length; end > 0; end -= inOneGo) {
      keepingPlace(() => {
        latest = log.firstElementChild;
        more.items.slice(Math.max(0, end - inOneGo), end).forEach((item) => put(item));
        if (end <= inOneGo) above();
        arrange();
      });
      await pause();
    }
    tick();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.message);
  } finally {
    delete log.dataset.growing;
  }
}

// above says what stands before the log now.
function above() {
  trim();
  const button = document.getElementById('earlier');
  if (floor) button.querySelector('a').href = `${address}?before=${floor + 1}`;
  else button.remove();
}

// keepingPlace changes what stands above what the reader sees, which stays where it is.
function keepingPlace(change) {
  notice();
  const anchor = topmost();
  const place = anchor.getBoundingClientRect().bottom; // above it, a day may lose its name
  scroller.style.overflowAnchor = 'none'; // a browser that keeps the place itself would do it again
  change();
  scroller.scrollTop += anchor.getBoundingClientRect().bottom - place;
  top = scroller.scrollTop;
}

// pause lets the browser show the page as it is now, and then keep the place itself
// again. A page that nobody looks at is not shown.
async function pause() {
  if (document.visibilityState === 'visible') await new Promise(requestAnimationFrame);
  if (!held) scroller.style.removeProperty('overflow-anchor');
  await new Promise((done) => setTimeout(done));
}

// trim takes entries out below that are far out of sight, so that a page that goes
// back through a long log stays as quick as it was. It then no longer shows the end.
function trim() {
  if (log.children.length <= maxEntries) return;
  while (log.children.length > maxEntries) {
    const gone = log.lastElementChild;
    drawn.delete(Number(gone.dataset.seq));
    gone.remove();
  }
  until = Math.max(...[...log.children].map((e) => Number(e.dataset.seq)));
  pinned = false;
  if (document.getElementById('newest')) return;
  const more = document.createElement('p');
  more.className = 'more';
  more.id = 'newest';
  const link = document.createElement('a');
  link.className = 'button button-small';
  link.href = address;
  link.textContent = t('Show the newest');
  more.append(link);
  log.after(more);
}

// release leaves keeping the place to the browser again.
function release() {
  held = null;
  scroller.style.removeProperty('overflow-anchor');
}

function toEnd() {
  pinned = true;
  release();
  scroller.scrollTop = scroller.scrollHeight;
  top = scroller.scrollTop;
  look();
}

// notice sees where the reader has just scrolled: the browser tells of that only later.
function notice() {
  if (Math.abs(scroller.scrollTop - top) > 1) moved();
}

// stay keeps a reader at the end there, or where the page was left, unless they have
// just scrolled away. What stands above is as tall as it is only once it has been near to
// sight.
function stay() {
  notice();
  if (pinned) toEnd();
  else if (held?.entry.isConnected) settle();
}

// settle puts the entry that is held where it was.
function settle() {
  scroller.scrollTop = Math.round(scroller.scrollTop + held.entry.getBoundingClientRect().top - scroller.getBoundingClientRect().top - held.below);
  top = scroller.scrollTop;
}

// stick keeps the end in sight after the person has written something.
export const stick = toEnd;

// moved sees where the reader has scrolled. Only going up leaves the end: a
// log that grew meanwhile is no wish of the reader's.
function moved() {
  const up = scroller.scrollTop < top - 1;
  if (up || scroller.scrollTop > top + 1) release();
  top = scroller.scrollTop;
  if (up || !pinned) pinned = scroller.scrollHeight - top - scroller.clientHeight < 48;
  if (pinned) look();
  if (up && floor && top < 2 * scroller.clientHeight && document.getElementById('earlier')) earlier();
}

// look counts as read what is in sight.
function look() {
  if (document.visibilityState !== 'visible' || !pinned || until) return;
  pill.hidden = true;
  seen(id, seq);
  mark();
}

// topmost is the first entry of which something is in sight.
function topmost() {
  const edge = scroller.getBoundingClientRect().top;
  return [...log.querySelectorAll('.entry')].find((e) => e.getBoundingClientRect().bottom > edge);
}

// savePlace keeps which entry stands at the top, and how far it is cut off.
function savePlace() {
  if (until) return;
  const edge = scroller.getBoundingClientRect().top;
  const first = topmost();
  try {
    sessionStorage.setItem('place:' + id, pinned || !first ? 'end' : `${first.id} ${first.getBoundingClientRect().top - edge}`);
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
  const named = location.hash.match(/^#e(\d+)$/)?.[1];
  if (named) {
    const entry = document.getElementById('e' + named);
    if (!entry && !location.search) location.replace(`${address}?at=${named}#e${named}`);
    pinned = false;
    if (!entry) return;
    entry.scrollIntoView({ block: 'center' });
    hold(entry, entry.getBoundingClientRect().top - scroller.getBoundingClientRect().top);
  } else if (until) {
    pinned = false;
  } else if (place === 'end') {
    toEnd();
  } else {
    pinned = false;
    const [name, offset] = place.split(' ');
    regain(name, Number(offset));
  }
}

// regain goes back through the log to the entry of a name, which may stand further up than
// the page begins, and holds it there.
async function regain(name, below) {
  for (;;) {
    const entry = document.getElementById(name);
    const first = log.querySelector('.entry');
    hold(entry || first, below);
    if (entry || !floor || log.children.length >= maxEntries) return;
    await earlier();
    if (!held || log.querySelector('.entry') === first) return; // its reader has gone on, or nothing came
  }
}

// hold puts an entry so far below the edge, and has it stay there.
function hold(entry, below) {
  held = { entry, below };
  scroller.style.overflowAnchor = 'none'; // which would take another entry
  settle();
}

// changed says how far the case has come.
export function changed(change) {
  if (change.seq > seq || change.revision > revision) refresh();
}

// refresh fetches what is new, or everything. While it runs, further calls are
// one. What fails is tried again, less and less often: the stream may be well
// while a fetch is not, and then nobody else would.
export function refresh(all = false) {
  if (!log) return Promise.resolve();
  everything ||= all;
  if (running) again = true;
  else running = fetchAll();
  return running;
}

async function fetchAll() {
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
    running = null;
    late.hidden = wait === 0;
  }
}

// fetchNew asks for what is new, a part at a time, and for what may have come
// further, newest first. Everything is what the page shows.
async function fetchNew() {
  const all = everything;
  const open = [...log.querySelectorAll('[data-open]')].map((e) => Number(e.dataset.seq)).slice(-maxOpen);
  let after = all ? floor : seq;
  for (let news = { more: true }; news.more && !(all && until && after >= until);) {
    news = await get(`${address}/log?after=${after}&open=${open}`);
    show(news);
    after = news.seq;
  }
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

// put draws an entry, and returns whose it is when it is new and not ours. One
// further up than shown stays away, and one further down is for the page that
// shows the end, where its author wants to be.
function put(item) {
  if (item.seq <= floor || drawn.get(item.seq) === item.html) return '';
  const entry = parse(item.html).firstElementChild;
  if (until && item.seq > until) {
    if (entry.dataset.token && outbox.arrived(entry.dataset.token)) location.assign(address);
    return entry.dataset.from || '';
  }
  drawn.set(item.seq, item.html);
  const old = document.getElementById(entry.id);
  if (entry.dataset.token) outbox.arrived(entry.dataset.token);
  if (old) {
    morph(old, entry);
    return '';
  }
  // Most come one behind the other: the place is looked for from the last one on.
  let after = latest?.isConnected ? latest : log.lastElementChild;
  while (after?.nextElementSibling && compare(entry, after.nextElementSibling) > 0) after = after.nextElementSibling;
  while (after && compare(entry, after) < 0) after = after.previousElementSibling;
  if (after) after.after(entry);
  else log.prepend(entry);
  latest = entry;
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
  const had = document.activeElement;
  morphInto(document.getElementById('head'), news.head);
  morphInto(document.getElementById('waits'), news.waits);
  morphInto(document.getElementById('rail-body'), news.rail);
  // Nothing changes under the hands of somebody who is answering a question.
  if (!document.querySelector('#dialogs dialog[open]')) morphInto(document.getElementById('dialogs'), news.dialogs);
  const turned = main.dataset.mode !== news.mode;
  if (turned || news.mode !== 'compose' && !composer.busy()) {
    main.dataset.mode = news.mode;
    morphInto(document.getElementById('dock'), news.dock);
    composer.start();
  }
  if (!had.isConnected) land(turned); // whoever it was taken from, for instance by a colleague
  if (!turned) return;
  refresh(true); // what the agent may do to a message has changed with it; once, or it would never end
  if (news.mode === 'compose') composer.focus();
}

// mode is what the reader may do with the case: compose, or something else.
export const mode = () => main?.dataset.mode;

// land gives the focus a place when what had it has gone: if the reader may do something
// else with the case now, where they write, or else what they can do there; if not, the
// page, where keys stay commands.
export function land(turned) {
  if (!log || document.querySelector('dialog[open]')) return;
  const has = document.activeElement;
  if (has !== document.body && has.checkVisibility() && !has.closest('dialog')) return;
  if (!turned) {
    main.focus();
    return;
  }
  const folded = (e) => !e.matches('summary') && e.closest('details:not([open])');
  const place = [...document.querySelectorAll('#dock :is(#text, button, summary)')].filter((e) => e.checkVisibility() && !folded(e));
  (place.find((e) => e.id === 'text') || place[0] || main).focus();
}
