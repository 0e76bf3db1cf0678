// Words on their way: shown at once, sent in order, tried again until the
// server has them or says why not. They outlive a reload. Each has a token,
// so that sending it twice records it once. Files go beside the words, each
// behind what was sent before it, and are lost when the page is.

import { post, upload } from './http.js';
import { read, token, write } from './keep.js';
import { parse } from './morph.js';
import { size } from './attach.js';

const key = 'outbox:' + document.body.dataset.case;
const replies = '/cases/' + document.body.dataset.number + '/replies';
const filesAddress = '/cases/' + document.body.dataset.number + '/files';
const fresh = 10 * 60 * 1000; // older words are not sent without asking
let items = [];
let sending = false;
let carrying = false;
let wait = 0; // before the next try, in ms
let stick; // keeps the end of the log in sight
let back; // puts words back where they were written

// start is for the page of a case, with what its other parts do.
export function start(parts) {
  ({ stick, back } = parts);
  const shown = new Set([...document.querySelectorAll('#log [data-token]')].map((e) => e.dataset.token));
  items = read(key, []).filter((item) => !shown.has(item.token));
  for (const item of items) {
    if (item.state !== 'failed' && Date.now() - item.at > fresh) {
      item.state = 'failed';
      item.why = 'The page was closed before it was sent.';
    }
  }
  save();
  items.forEach(draw);
  run();
  addEventListener('beforeunload', (event) => {
    if (items.some((item) => item.file && underWay(item))) event.preventDefault();
  });
}

const underWay = (item) => item.state === 'sending' || item.state === 'waiting';

const words = () => items.filter((item) => !item.file);

const save = () => write(key, words().length ? words().map(({ token, to, note, text, at, state, why }) => ({ token, to, note, text, at, state, why })) : null);

// add sends words to an address: into the chat, to the case beside it, or as a
// note to colleagues.
export function add(text, to, note = false) {
  put({ token: token(), to, note, text, at: Date.now(), state: 'sending', why: '' });
}

export function addFile(file) {
  put({ token: token(), text: file.name, file, done: 0, at: Date.now(), state: 'sending', why: '' });
}

function put(item) {
  items.push(item);
  save();
  draw(item);
  stick();
  run();
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
      if (before.some((i) => !i.file && underWay(i)) || !(await deliver(item))) break;
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
<div class="said-main"><p class="said-head"><strong class="said-name"></strong> <span class="tag tag-agent">You</span></p><div class="prose plain"></div><p class="delivery"></p></div></div></li>`;

function draw(item) {
  if (!item.element) {
    item.element = parse(frame).firstElementChild;
    item.element.dataset.token = item.token;
    item.element.querySelector('.avatar').textContent = document.querySelector('.me .avatar').textContent;
    if (item.note) {
      item.element.classList.add('entry-note');
      const tag = item.element.querySelector('.tag');
      tag.className = 'tag tag-note';
      tag.textContent = 'Internal note';
    }
    item.element.querySelector('.said-name').textContent = document.body.dataset.user;
    item.element.querySelector('.prose').textContent = item.file ? `${item.text} · ${size(item.file.size)}` : item.text;
    const before = document.querySelector('#outbox > :last-child') || document.querySelector('#log > :last-child');
    item.element.classList.toggle('follows', Boolean(!item.note && before?.matches('.entry-message.by-agent:not([data-from], .entry-note)')));
    document.getElementById('outbox').append(item.element);
  }
  const line = item.element.querySelector('.delivery');
  const failed = item.state === 'failed';
  line.className = 'delivery delivery-' + (item.state === 'sent' ? 'sending' : item.state);
  line.setAttribute('role', failed ? 'alert' : 'status');
  const mark = document.createElement('span');
  mark.className = 'delivery-mark';
  const share = item.file ? ` ${Math.floor(100 * item.done)} %` : '';
  const [doing, done] = item.note ? ['Saving', 'saved'] : ['Sending', 'sent'];
  const says = { sending: `${doing}…${share}`, sent: `${doing}…`, waiting: `Not ${done} yet: ${item.why} Trying again.`, failed: `Not ${done}: ${item.why}` };
  const said = document.createElement('span');
  said.className = 'delivery-words';
  said.textContent = says[item.state];
  line.replaceChildren(mark, said);
  if (!failed) return;
  const actions = document.createElement('span');
  actions.className = 'delivery-actions';
  actions.append(
    button('Try again', () => {
      state(item, 'sending');
      run();
    }),
    ...(document.getElementById('composer') && !item.file ? [button('Edit', () => back(item.text, item.note) && arrived(item.token))] : []),
    button('Discard', () => arrived(item.token)),
  );
  line.append(actions);
}

function button(text, press) {
  const b = document.createElement('button');
  b.type = 'button';
  b.className = 'link-button';
  b.textContent = text;
  b.addEventListener('click', press);
  return b;
}
