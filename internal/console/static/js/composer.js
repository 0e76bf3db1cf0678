// The box in which agents write: to the customer, or a note to colleagues. What
// is typed is kept until it has arrived, with whom it is for: a note must not
// become a reply because the page was loaded again.

import { post, get, Problem } from './http.js';
import { read, token, write as keep } from './keep.js';
import { toast } from './tell.js';
import * as attach from './attach.js';
import * as outbox from './outbox.js';

const limit = 40_000;
const key = 'draft:' + document.body.dataset.case;
const keyAs = 'as:' + document.body.dataset.case;
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
    if (text().value === '') text().value = read(key, '');
    as(read(keyAs, ''));
  }
  fit();
  text().addEventListener('input', () => {
    if (!edited) keep(key, text().value || null);
    fit();
  });
  text().addEventListener('keydown', pressed);
  form.addEventListener('change', (event) => event.target.name === 'as' && chosen());
  document.getElementById('edit-cancel')?.addEventListener('click', () => leave());
  if (form.elements.file) attach.start(form);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (edited) save();
    else send();
  });
}

function pressed(event) {
  if (event.key === 'Escape') {
    if (edited) leave();
    else text().blur();
  } else if (event.altKey && event.code === 'KeyN') {
    event.preventDefault();
    write(noting() ? '' : 'note');
  } else if (event.key === 'ArrowUp' && text().value === '' && !noting() && !event.shiftKey) {
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
  text().placeholder = noting() ? 'Write a note to colleagues…' : text().dataset.reply;
  form.querySelector('.composer-box').classList.toggle('composer-noting', noting());
}

// write turns to the box, to write to the customer or to colleagues.
export function write(who) {
  if (!form?.isConnected) return;
  if (!edited) as(who);
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
  document.getElementById('send-words').textContent = on ? 'Save' : 'Send';
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
  count.textContent = left < 2000 ? `${left} characters left` : '';
  count.classList.toggle('over', left < 0);
}

function send() {
  if (noting() && attach.any()) {
    toast('Files go to the customer. Send them with a reply, not with a note.');
    return;
  }
  const words = text().value.trim() !== '';
  const files = form.elements.file ? attach.take() : [];
  if (!words && files.length === 0) {
    text().focus();
    return;
  }
  if (words) outbox.add(text().value, noting() ? form.dataset.notes : form.getAttribute('action'), noting());
  for (const file of files) outbox.addFile(file);
  form.querySelector('.field-error')?.remove();
  text().value = '';
  keep(key, null);
  fit();
  text().focus();
}

// back puts words that could not be sent where they were written.
export function back(words, note) {
  if (!form?.isConnected || edited) return false;
  as(note ? 'note' : '');
  text().value = text().value ? words + '\n' + text().value : words;
  keep(key, text().value);
  fit();
  focus();
  return true;
}

export function focus() {
  if (!form?.isConnected) return;
  const folded = form.closest('details');
  if (folded) folded.open = true;
  text().focus();
}

// busy reports whether somebody is writing.
export const busy = () => Boolean(form?.isConnected && (edited || text().value !== '' || form.contains(document.activeElement)));
