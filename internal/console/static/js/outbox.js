// Words on their way: shown at once, sent in order, tried again until the
// server has them or says why not. They outlive a reload. Each has a token,
// so that sending it twice records it once. Files go beside the words, each
// behind what was sent before it, and are lost when the page is, of which the browser
// warns. What goes to the
// customer is held for a few seconds, in which it can be called back; when the page
// is left it goes at once. Each page sends its own; what a page leaves behind, the next
// one of the case takes over.

import { beacon, post, upload } from './http.js';
import { fresh, lock, own, read, token, write } from './keep.js';
import { parse } from './morph.js';
import { t } from './t.js';
import * as attach from './attach.js';

const key = own('outbox');
const page = token(); // this one, among those of the case that may be open
const roomy = 60_000; // characters; browsers take not much more from a page that goes
const replies = '/cases/' + document.body.dataset.number + '/replies';
const filesAddress = '/cases/' + document.body.dataset.number + '/files';
let items = [];
const followed = new Set([page]); // pages whose items are ours to keep
let sending = false;
let carrying = false;
let wait = 0; // before the next try, in ms
let stick; // keeps the end of the log in sight
let back; // puts words back where they were written

// start is for the page of a case, with what its other parts do.
export function start(parts) {
  ({ stick, back } = parts);
  inherit();
  addEventListener('beforeunload', asked);
  addEventListener('pagehide', leave);
  document.addEventListener('visibilitychange', () => { // a phone may never come back to the page, nor say that it went
    if (document.visibilityState === 'hidden' && matchMedia('(pointer: coarse)').matches) leave();
  });
  addEventListener('pageshow', (event) => event.persisted && run());
}

// asked has the browser ask before files are lost with the page: those beside words that
// are not sent, and those on their way. What is held goes while the question stands there,
// so that whoever leaves a moment later leaves nothing behind.
function asked(event) {
  const going = items.some((item) => item.file && (underWay(item) || held(item)));
  if (!going && !attach.any()) return;
  event.preventDefault();
  if (going) now();
}

// inherit takes over what other pages of the case have left. A page holds a lock as long
// as it lives; without locks it is taken to be gone.
function inherit() {
  const left = new Set(read(key, []).map((item) => item.page));
  if (!navigator.locks) {
    left.forEach(take);
    return;
  }
  navigator.locks.request(lock(page), () => new Promise(() => {}));
  for (const of of left) navigator.locks.request(lock(of), () => take(of));
}

function take(of) {
  const shown = new Set([...document.querySelectorAll('#log [data-token]')].map((e) => e.dataset.token));
  const taken = read(key, []).filter((item) => item.page === of && !shown.has(item.token));
  for (const item of taken) {
    if (item.state === 'held') item.state = 'sending'; // it went as the page was left, or goes now
    if (item.state !== 'failed' && Date.now() - item.at > fresh) {
      item.state = 'failed';
      item.why = t('The page was closed before it was sent.');
    }
  }
  followed.add(of);
  items = [...taken, ...items];
  save();
  taken.forEach(draw);
  run();
}

const underWay = (item) => item.state === 'sending' || item.state === 'waiting';

const held = (item) => item.state === 'held';

const words = () => items.filter((item) => !item.file);

function save() {
  const all = read(key, []).filter((item) => !followed.has(item.page));
  for (const { token, of, to, note, text, at, state, until, why } of words()) all.push({ page, token, of, to, note, text, at, state, until, why });
  write(key, all.length > 0 ? all : null);
}

// add sends words to an address: into the chat, to the case beside it, or as a
// note to colleagues; and files behind them. It holds both for some seconds.
export function add({ text, files, hold, to, note }) {
  const of = token(); // what was sent together is called back together
  const state = hold > 0 ? 'held' : 'sending';
  const until = Date.now() + 1000 * hold;
  const added = files.map((file) => ({ token: token(), of, text: file.name, file, done: 0, at: Date.now(), state, until, why: '' }));
  if (text) added.unshift({ token: token(), of, to, note, text, at: Date.now(), state, until, why: '' });
  items.push(...added); // all of them, before one is drawn: what is held says so below the last
  save();
  added.forEach(draw);
  stick();
  tick();
  run();
}

let ticking = 0;

// tick counts the seconds down, and sends what was held long enough.
function tick() {
  clearTimeout(ticking);
  const due = items.filter((item) => held(item) && item.until <= Date.now());
  if (due.length > 0) release(due);
  const waiting = items.filter(held);
  waiting.forEach(draw);
  if (waiting.length > 0) ticking = setTimeout(tick, Math.min(250, Math.max(0, waiting[0].until - Date.now())));
}

// release has held items sent, and what was held before them.
function release(some) {
  const last = Math.max(...some.map((item) => items.indexOf(item)));
  for (const item of items.slice(0, last + 1)) if (held(item)) state(item, 'sending');
  run();
}

// now sends what is held, and reports whether anything was.
export function now() {
  const waiting = items.filter(held);
  if (waiting.length > 0) release(waiting);
  return waiting.length > 0;
}

// flush sends what is held, and waits for what is on its way.
export async function flush() {
  now();
  while (sending && wait === 0) await new Promise((done) => setTimeout(done, 20));
}

// undo calls back what was sent last and is still held, and reports whether there
// was anything.
export function undo() {
  const last = items.filter(held).pop();
  if (!last) return false;
  const together = items.filter((item) => held(item) && item.of === last.of);
  const files = together.filter((item) => item.file).map((item) => item.file);
  const said = together.find((item) => !item.file);
  if (said && !back(said.text, said.note)) return false;
  attach.add(files);
  together.forEach((item) => arrived(item.token));
  return true;
}

// leave sends at once what is held or on its way, as the page goes away, together where
// it fits, so that it keeps its order. It stays kept: should it not arrive, the next
// page of the case sends it again, with the same tokens.
function leave() {
  const going = words().filter((item) => held(item) || underWay(item));
  let size = 0;
  const parcels = [];
  for (const item of going) {
    state(item, 'sending');
    size += encodeURIComponent(item.text).length;
    const last = parcels.at(-1);
    if (last?.to === (item.to || replies)) last.items.push(item);
    else parcels.push({ to: item.to || replies, items: [item] });
  }
  for (const { to, items: some } of size < roomy ? parcels : going.map((item) => ({ to: item.to || replies, items: [item] }))) {
    beacon(to, some.flatMap(({ token, text }) => [['token', token], ['text', text]]));
  }
  if (document.visibilityState !== 'hidden') return;
  document.addEventListener('visibilitychange', run, { once: true }); // what came of it, if the page is seen again
}

// arrived is called when the log has the words of a token, and reports whether
// they were on their way from here.
export function arrived(token) {
  const item = items.find((i) => i.token === token);
  if (!item) return false;
  item.element?.remove();
  items = items.filter((i) => i !== item);
  save();
  return true;
}

// again tries at once what waits for its next try, for the server is there.
export function again() {
  if (wait > 0) run();
}

async function run() {
  if (sending) return;
  sending = true;
  try {
    for (let item; (item = words().find(underWay));) {
      if (!(await deliver(item))) break;
    }
  } finally {
    sending = false;
  }
  carry();
}

// carry sends the files whose turn it is: words wait for no file, but a file
// for the words before it.
async function carry() {
  if (carrying) return;
  carrying = true;
  try {
    for (let item; (item = items.find((i) => i.file && underWay(i)));) {
      const before = items.slice(0, items.indexOf(item));
      if (before.some((i) => !i.file && (underWay(i) || held(i))) || !(await deliver(item))) break;
    }
  } finally {
    carrying = false;
  }
}

// deliver tries once and reports whether to go on with the next.
async function deliver(item) {
  state(item, 'sending');
  try {
    if (item.file) await upload(filesAddress, { token: item.token, file: item.file }, (done) => progress(item, done));
    else await post(item.to || replies, { token: item.token, text: item.text });
    wait = 0;
    state(item, 'sent');
    document.dispatchEvent(new CustomEvent('changed'));
    return true;
  } catch (problem) {
    if (problem.status >= 400 && problem.status < 500) {
      state(item, 'failed', problem.message);
      document.dispatchEvent(new CustomEvent('changed')); // the chat may have ended
      return true;
    }
    wait = Math.min(30_000, wait * 2 || 2000);
    state(item, 'waiting', problem.message);
    setTimeout(run, wait);
    return false;
  }
}

function progress(item, done) {
  item.done = done;
  draw(item);
}

function state(item, now, why = '') {
  item.state = now;
  item.why = why;
  save();
  draw(item);
}

const frame = `<li class="entry entry-message by-agent"><div class="said"><span class="said-face"><span class="avatar tone-agent" aria-hidden="true"></span></span>
<div class="said-main"><p class="said-head"><strong class="said-name"></strong> <span class="tag tag-agent">${t('You')}</span></p><div class="prose plain"></div><p class="delivery"></p></div></div></li>`;

function draw(item) {
  if (!item.element) {
    item.element = parse(frame).firstElementChild;
    item.element.dataset.token = item.token;
    item.element.querySelector('.avatar').textContent = document.querySelector('.me .avatar').textContent;
    if (item.note) {
      item.element.classList.add('entry-note');
      const tag = item.element.querySelector('.tag');
      tag.className = 'tag tag-note';
      tag.textContent = t('Internal note');
    }
    item.element.querySelector('.said-name').textContent = document.body.dataset.user;
    item.element.querySelector('.prose').textContent = item.file ? `${item.text} · ${attach.size(item.file.size)}` : item.text;
    const before = document.querySelector('#outbox > :last-child') || document.querySelector('#log > :last-child');
    item.element.classList.toggle('follows', Boolean(!item.note && before?.matches('.entry-message.by-agent:not([data-from], .entry-note)')));
    document.getElementById('outbox').append(item.element);
  }
  const line = item.element.querySelector('.delivery');
  const failed = item.state === 'failed';
  line.className = 'delivery delivery-' + (item.state === 'sent' ? 'sending' : item.state);
  if (held(item)) {
    drawHeld(item, line);
    return;
  }
  line.setAttribute('role', failed ? 'alert' : 'status');
  const mark = document.createElement('span');
  mark.className = 'delivery-mark';
  const share = item.file ? ' ' + t('%s %', Math.floor(100 * item.done)) : '';
  const doing = item.note ? t('Saving…') : t('Sending…');
  const says = {
    sending: doing + share,
    sent: doing,
    waiting: item.note ? t('Not saved yet: %s Trying again.', item.why) : t('Not sent yet: %s Trying again.', item.why),
    failed: item.note ? t('Not saved: %s', item.why) : t('Not sent: %s', item.why),
  };
  const said = document.createElement('span');
  said.className = 'delivery-words';
  said.textContent = says[item.state];
  line.replaceChildren(mark, said);
  if (!failed) return;
  const actions = document.createElement('span');
  actions.className = 'delivery-actions';
  actions.append(
    button(t('Try again'), () => {
      state(item, 'sending');
      run();
    }),
    ...(document.getElementById('composer') && !item.file ? [button(t('Edit'), () => back(item.text, item.note) && arrived(item.token))] : []),
    button(t('Discard'), () => arrived(item.token)),
  );
  line.append(actions);
}

// drawHeld says for how long an item can be called back, and says it once for what is
// called back together. Only the number changes with the seconds, and nobody is read it.
function drawHeld(item, line) {
  if (items.findLast((i) => held(i) && i.of === item.of) !== item) {
    line.removeAttribute('role');
    line.replaceChildren();
    return;
  }
  const seconds = String(Math.max(1, Math.ceil((item.until - Date.now()) / 1000)));
  const number = line.querySelector('.held-seconds');
  if (number) {
    if (number.textContent !== seconds) number.textContent = seconds;
    return;
  }
  line.setAttribute('role', 'status');
  line.innerHTML = '<span class="delivery-mark"></span><span class="delivery-words"><span class="sr"></span><span aria-hidden="true"></span></span><span class="delivery-actions"></span>';
  line.querySelector('.sr').textContent = t('Not sent yet. Press u to call it back.');
  line.querySelector('[aria-hidden]').innerHTML = t('Sending in %s s', '<span class="held-seconds"></span>');
  line.querySelector('.held-seconds').textContent = seconds;
  line.querySelector('.delivery-actions').append(button(t('Undo'), undo), button(t('Send now'), now));
}

function button(text, press) {
  const b = document.createElement('button');
  b.type = 'button';
  b.className = 'link-button';
  b.textContent = text;
  b.addEventListener('click', press);
  return b;
}
