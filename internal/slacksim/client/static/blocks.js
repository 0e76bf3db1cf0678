// Elements of Block Kit: pressing, choosing, filling in.
import {base, here, post} from './net.js';
import {refresh} from './live.js';
import {closeMenu, originOf} from './menu.js';
import {confirmed} from './dialog.js';

const surfaceOf = (node) => (originOf(node) ?? node).closest('[data-surface]');

// told sends fields and pictures of a whole form but its files.
export function told(form) {
  const body = new FormData();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
  return body;
}

// fill tells the server what was done to an element.
export async function fill(element, values, files = []) {
  const surface = surfaceOf(element);
  if (!surface) return null;
  const {view, ts, ephemeral} = surface.dataset;
  const form = surface.closest('form');
  const body = form ? told(form) : new FormData();
  if (form) body.append('whole', '1');
  const fields = {
    view, ts, ephemeral, channel: surface.dataset.channel, block_id: element.dataset.blockId, action_id: element.dataset.actionId,
  };
  for (const [name, value] of Object.entries(fields)) if (value) body.append(name, value);
  for (const value of values) body.append('value', value);
  for (const file of files) body.append('files', file, file.name);
  const trouble = form?.querySelector('.modal-trouble');
  const answer = await post(`${base}/fill`, body, trouble && ((why) => {
    trouble.textContent = why;
    trouble.hidden = false;
  }));
  if (answer) refresh('main', 'side', 'modal');
  return answer;
}

const confirmOf = (element) => (originOf(element) ?? element).closest('.bk-element')?.querySelector('template[data-confirm]');

async function press(element) {
  const origin = originOf(element) ?? element;
  const question = confirmOf(element);
  const surface = surfaceOf(element);
  closeMenu();
  if (!surface || origin.hasAttribute('data-busy')) return;
  if (!(await confirmed(question))) return;
  origin.setAttribute('data-busy', '');
  origin.setAttribute('aria-busy', 'true');
  origin.dataset.blockId = element.dataset.blockId;
  origin.dataset.actionId = element.dataset.actionId;
  await fill(origin, element.dataset.value === undefined ? [] : [element.dataset.value]);
  origin.removeAttribute('data-busy');
  origin.removeAttribute('aria-busy');
}

document.addEventListener('click', (e) => {
  const element = e.target.closest('[data-press]');
  if (element) press(element);
});

// tells reports whether using an element is to be sent at once: where the app
// wants it, and everywhere but in forms, which send all on submission.
function tells(element) {
  return element.dataset.dispatch === 'change' || element.type === 'file' || !element.closest('form');
}

document.addEventListener('change', async (e) => {
  const group = e.target.closest('.choices');
  const element = group ?? e.target.closest('[data-element]');
  if (!element || !surfaceOf(element) || element.closest('[data-picker]')) return;
  const text = e.target.matches('input[type=text], input[type=email], input[type=url], textarea');
  if (text ? element.closest('form') || element.dataset.dispatch : !tells(element)) return;
  if (!(await confirmed(confirmOf(element)))) return;
  if (element.type === 'file') {
    if (!(await fill(element, [], [...element.files]))) element.value = ''; // what was refused is not in the form
  }
  else if (group) fill(element, [...group.querySelectorAll('input:checked')].map((i) => i.value));
  else fill(element, [element.value]);
});

document.addEventListener('keydown', (e) => {
  const field = e.target;
  if (e.key !== 'Enter' || e.isComposing || !field.matches?.('input[data-dispatch=enter], textarea[data-dispatch=enter]')) return;
  if (field.nodeName === 'TEXTAREA' && e.shiftKey) return;
  e.preventDefault();
  fill(field, [field.value]);
});

let typing = 0;
document.addEventListener('input', (e) => {
  const field = e.target;
  count(field);
  if (!field.matches('[data-dispatch=type]')) return;
  clearTimeout(typing);
  typing = setTimeout(() => fill(field, [field.value]), 400);
});

// count shows how many characters are left.
function count(field) {
  const max = Number(field.dataset?.max);
  const counter = max && field.parentElement.querySelector('.counter');
  if (!counter) return;
  const left = max - [...field.value].length;
  counter.textContent = left;
  counter.toggleAttribute('data-over', left < 0);
}

document.addEventListener('laid', () => {
  for (const field of document.querySelectorAll('[data-max]')) if (field.matches('input, textarea')) count(field);
  const home = document.querySelector('[data-home]:not([data-ready])');
  if (home) {
    home.setAttribute('data-ready', '');
    post(`${here()}/opened`, {tab: 'home'}, () => {});
  }
  const messages = document.querySelector('[data-visit]:not([data-ready])');
  if (messages) {
    messages.setAttribute('data-ready', '');
    post(`${base}/apps/${messages.dataset.visit}/opened`, {tab: 'messages'}, () => {});
  }
});
