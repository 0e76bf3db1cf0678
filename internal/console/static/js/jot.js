// What is typed and not sent is kept on the server, so that another device goes on
// with it, and in this browser, so that a lost connection loses nothing. Of two
// devices the one that wrote last is right: what is kept here has the time of its last
// key, and a revision is the time at which the server heard of it, in microseconds.

import { beacon, get, post, Problem } from './http.js';
import { own, read, write } from './keep.js';

const key = own('draft');
const rest = 500; // ms without a key until what was typed is sent

let form = null;
let state = { text: '', revision: 0, dirty: false, at: 0 }; // as the server is known to have it, or is to
let timer = 0;
let saving = null; // what is on its way
let changed = () => {};

// start takes up a composer whose text the server has filled in. put(text, kind)
// shows what another device wrote; it returns what the box holds.
export function start(composer, put) {
  form = composer;
  changed = put;
  const server = { text: form.elements.text.value, revision: Number(form.dataset.jotted || 0), dirty: false, at: 0 };
  const local = read(key, null);
  if (form.querySelector('.field-error')) { // what could not be sent stands in the box
    state = { ...server, dirty: true };
  } else if (local?.dirty && local.text !== server.text && later(local, server)) {
    state = { ...local, revision: Math.max(local.revision, server.revision) };
    form.elements.text.value = local.text;
  } else {
    state = server;
  }
  keep();
  if (state.dirty) soon();
}

// later reports whether what this browser keeps was typed after what the server has.
const later = (local, server) => local.revision >= server.revision || local.at * 1000 > server.revision;

const kindOf = () => (form.elements.as?.value === 'note' ? 'note' : 'reply');

function keep() {
  write(key, state.text || state.dirty ? state : null);
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(save, rest);
}

// typed keeps what is in the box now.
export function typed(words) {
  if (!form?.dataset.jotting || words === state.text && !state.dirty) return;
  state = { ...state, text: words, dirty: true, at: Date.now() };
  keep();
  soon();
}

// turned keeps that what is in the box is for somebody else now.
export function turned() {
  if (!form?.dataset.jotting || state.text === '') return;
  state = { ...state, dirty: true, at: Date.now() };
  keep();
  soon();
}

// sent forgets what was in the box.
export function sent() {
  typed('');
  if (form?.dataset.jotting) save();
}

async function save() {
  clearTimeout(timer);
  if (!state.dirty || saving) return;
  saving = state;
  try {
    const { revision } = await post(form.dataset.jotting, { kind: kindOf(), text: saving.text, revision: saving.revision });
    state = { ...state, revision, dirty: state !== saving };
    keep();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status >= 400 && problem.status < 500) return;
  } finally {
    saving = null;
  }
  if (state.dirty) timer = setTimeout(save, 3000);
}

// leave sends what is not sent yet, as the page goes.
export function leave() {
  if (!form?.isConnected || !state.dirty) return;
  beacon(form.dataset.jotting, { kind: kindOf(), text: state.text, revision: state.revision });
}

// look shows what another device has written since, unless something was typed
// here.
export async function look() {
  if (!form?.isConnected || !form.dataset.jotting || state.dirty || saving) return;
  try {
    const there = await get(form.dataset.jotting);
    if (state.dirty || saving || there.revision === state.revision) return;
    if (there.revision < state.revision && there.text !== '') return;
    if (changed(there.text, there.kind, state.text)) state = { text: there.text, revision: there.revision, dirty: false, at: 0 };
    keep();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
  }
}
