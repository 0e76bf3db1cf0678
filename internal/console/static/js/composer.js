// The box in which agents write. What is typed is kept until it has arrived.

import { read, write } from './keep.js';
import * as attach from './attach.js';
import * as outbox from './outbox.js';

const limit = 40_000;
const key = 'draft:' + document.body.dataset.case;
let form = null;

const text = () => form.elements.text;

export function start() {
  const found = document.getElementById('composer');
  if (!found || found === form) return;
  form = found;
  if (text().value === '') text().value = read(key, '');
  fit();
  text().addEventListener('input', () => {
    write(key, text().value || null);
    fit();
  });
  text().addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      text().blur();
    } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && !matchMedia('(pointer: coarse)').matches) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  if (form.elements.file) attach.start(form);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
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
  const words = text().value.trim() !== '';
  const files = form.elements.file ? attach.take() : [];
  if (!words && files.length === 0) {
    text().focus();
    return;
  }
  if (words) outbox.add(text().value, form.getAttribute('action'));
  for (const file of files) outbox.addFile(file);
  form.querySelector('.field-error')?.remove();
  text().value = '';
  write(key, null);
  fit();
  text().focus();
}

// back puts words that could not be sent where they were written.
export function back(words) {
  if (!form?.isConnected) return false;
  text().value = text().value ? words + '\n' + text().value : words;
  write(key, text().value);
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
export const busy = () => Boolean(form?.isConnected && (text().value !== '' || form.contains(document.activeElement)));
