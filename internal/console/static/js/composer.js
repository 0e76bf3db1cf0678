// The box in which agents write: to the customer, or a note to colleagues. What
// is typed is kept until it has arrived, with whom it is for: a note must not
// become a reply because the page was loaded again.

import { post, get, Problem } from './http.js';
import { own, read, token, write as keep } from './keep.js';
import { toast } from './tell.js';
import * as jot from './jot.js';
import * as looks from './looks.js';
import * as preview from './preview.js';
import * as suggest from './suggest.js';
import * as attach from './attach.js';
import * as outbox from './outbox.js';
import { t } from './t.js';

const limit = 40_000;
const keyAs = own('as');
let form = null;
let edited = null; // the message whose words are in the box: its address, and what was there before

const text = () => form.elements.text;
const noting = () => form.elements.as?.value === 'note';

export function start() {
  const found = document.getElementById('composer');
  if (!found || found === form) return;
  form = found;
  edited = null;
  if (form.dataset.editing) {
    edited = { address: form.getAttribute('action'), draft: '' };
  } else {
    as(read(keyAs, form.dataset.jottedKind === 'note' && text().value ? 'note' : ''));
    jot.start(form, elsewhere);
  }
  fit();
  text().addEventListener('input', () => {
    if (!edited) jot.typed(text().value);
    looks.pressed(text().value !== '');
    fit();
  });
  suggest.start(form, noting);
  preview.start(form);
  text().addEventListener('keydown', pressed);
  form.addEventListener('change', (event) => event.target.name === 'as' && turn(event.target.value));
  document.getElementById('edit-cancel')?.addEventListener('click', () => leave());
  if (form.elements.file) attach.start(form);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (edited) save();
    else send();
  });
}

// elsewhere shows what the agent has typed on another device, if the box holds what
// it did when that was looked for.
function elsewhere(words, kind, was) {
  if (edited || text().value !== was) return false;
  text().value = words;
  if (words) as(kind === 'note' ? 'note' : '');
  fit();
  return true;
}

function pressed(event) {
  if (suggest.pressed(event)) return;
  if (event.key === 'Escape') {
    if (edited) leave();
    else text().blur();
  } else if (event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey && text().value === '' && !edited) {
    if (outbox.undo()) event.preventDefault();
  } else if (event.altKey && event.code === 'KeyP') {
    event.preventDefault();
    preview.toggle();
  } else if (event.altKey && event.code === 'KeyN') {
    event.preventDefault();
    write(noting() ? '' : 'note');
  } else if (event.key === 'ArrowUp' && text().value === '' && !noting() && !event.shiftKey) {
    if (!edited && outbox.undo()) { // the last message has not gone yet
      event.preventDefault();
      return;
    }
    const own = [...document.querySelectorAll('#log [data-may]')].pop();
    if (!own || !canEdit()) return;
    event.preventDefault();
    edit(own.querySelector('[data-edit]').getAttribute('href'));
  } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && !matchMedia('(pointer: coarse)').matches) {
    event.preventDefault();
    form.requestSubmit();
  }
}

// as says for whom what is typed is: '' for the customer, 'note' for colleagues.
function as(who) {
  for (const choice of form.querySelectorAll('input[type="radio"][name="as"]')) choice.checked = choice.value === who;
  chosen();
}

function chosen() {
  if (!form.querySelector('.as')) return;
  keep(keyAs, noting() ? 'note' : null);
  text().dataset.reply ??= text().placeholder;
  text().placeholder = noting() ? t('Write a note to colleagues…') : text().dataset.reply;
  form.querySelector('.composer-box').classList.toggle('composer-noting', noting());
}

// turn is as by the person's wish, which holds on other devices too.
function turn(who) {
  as(who);
  if (!edited) jot.turned();
}

// write turns to the box, to write to the customer or to colleagues.
export function write(who) {
  if (!form?.isConnected) return;
  if (!edited) turn(who);
  focus();
}

// canEdit reports whether the box can take the words of an own message.
export const canEdit = () => Boolean(form?.isConnected && form.dataset.words);

// edit takes the words of an own message into the box.
export async function edit(address) {
  if (!canEdit() || edited?.address === address) return;
  try {
    const words = await get(address);
    const draft = edited ? edited.draft : text().value;
    edited = { address, draft };
    as('');
    text().value = words.text;
    editing(true);
    text().setSelectionRange(text().value.length, text().value.length);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.message);
  }
}

function editing(on) {
  document.getElementById('composer-editing').hidden = !on;
  document.getElementById('send-words').textContent = on ? t('Save') : t('Send');
  form.classList.toggle('composer-edits', on);
  fit();
  focus();
}

// leave goes back to what was being written before the edit.
function leave() {
  if (form.dataset.editing) {
    location.assign('/cases/' + document.body.dataset.number);
    return;
  }
  text().value = edited.draft;
  edited = null;
  editing(false);
}

async function save() {
  const button = document.getElementById('send');
  button.disabled = true;
  try {
    await post(edited.address, { token: token(), text: text().value });
    leave();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.message);
  } finally {
    button.disabled = false;
  }
  document.dispatchEvent(new CustomEvent('changed'));
}

// fit grows the box with its text where the browser does not, and warns of
// the limit before it is reached.
function fit() {
  if (!CSS.supports('field-sizing', 'content')) {
    text().style.height = 'auto';
    text().style.height = text().scrollHeight + 'px';
  }
  const left = limit - [...text().value].length;
  const count = document.getElementById('composer-count');
  count.textContent = left < 2000 ? t('Characters left: %s', left) : '';
  count.classList.toggle('over', left < 0);
}

function send() {
  if (noting() && attach.any()) {
    toast(t('Files go to the customer. Send them with a reply, not with a note.'));
    return;
  }
  const words = text().value.trim() !== '';
  const files = form.elements.file ? attach.take() : [];
  if (!words && files.length === 0) {
    outbox.now();
    text().focus();
    return;
  }
  const left = noting() ? '' : suggest.unfilled(text().value);
  if (left) {
    attach.add(files);
    refuse(t('Fill in %s before you send this. If it is meant as it is, write it as code: `%1$s`.', left));
    return;
  }
  const hold = noting() ? 0 : Number(form.dataset.undo || 0);
  outbox.add({ text: words ? text().value : '', files, hold, to: noting() ? form.dataset.notes : form.getAttribute('action'), note: noting() });
  form.querySelector('.field-error')?.remove();
  preview.close();
  text().value = '';
  jot.sent();
  looks.pressed(false);
  fit();
  text().focus();
}

// refuse says beside the box why it cannot be sent.
function refuse(why) {
  form.querySelector('.field-error')?.remove();
  const error = document.createElement('p');
  error.className = 'field-error';
  error.setAttribute('role', 'alert');
  error.textContent = why;
  form.prepend(error);
  text().focus();
}

// back puts words that could not be sent where they were written. If either they or
// what is in the box by now is for colleagues only, all of it stays so.
export function back(words, note) {
  if (!form?.isConnected || edited) return false;
  as(note || text().value !== '' && noting() ? 'note' : '');
  text().value = text().value ? words + '\n' + text().value : words;
  jot.typed(text().value);
  fit();
  focus();
  return true;
}

export function focus() {
  if (!form?.isConnected) return;
  const folded = form.closest('details');
  if (folded) folded.open = true;
  const begun = document.activeElement !== text() && text().selectionEnd === 0;
  text().focus();
  if (begun) text().setSelectionRange(text().value.length, text().value.length); // browsers go before what stands there
}

// busy reports whether somebody is writing.
export const busy = () => Boolean(form?.isConnected && (edited || text().value !== '' || form.contains(document.activeElement)));

// insert writes words where the cursor is, as if they were typed.
export function insert(words) {
  if (!words || !form?.isConnected || edited) return;
  if (text().value === '') as(''); // a note that is begun goes on as one
  focus();
  const before = text().value.slice(0, text().selectionStart);
  text().setRangeText((before === '' || before.endsWith('\n') ? '' : '\n') + words, text().selectionStart, text().selectionEnd, 'end');
  text().dispatchEvent(new Event('input', { bubbles: true }));
}

// follow has the box do what is asked for elsewhere on the page, and keeps what is
// in it as the page goes and comes.
export function follow() {
  document.addEventListener('write', (event) => write(event.detail));
  document.addEventListener('insert', async (event) => insert(await suggest.canned(event.detail)));
  document.addEventListener('visibilitychange', () => (document.visibilityState === 'visible' ? jot.look() : jot.leave()));
  addEventListener('focus', () => jot.look());
  addEventListener('pagehide', () => jot.leave());
}
