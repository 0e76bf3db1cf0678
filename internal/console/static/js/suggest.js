// What completes the words that somebody types: canned replies after a slash at
// the beginning of a line, emoji after a colon, colleagues after an @ in a note.

import { get, Problem } from './http.js';
import { t } from './t.js';

const most = 8;
const common = ['+1', 'thumbsup', 'wave', 'smile', 'pray', 'tada', 'eyes', 'white_check_mark'];
const known = {}; // by kind: what can be typed, once it was asked for

let form = null;
let noting = () => false;
let list = null;
let shown = []; // what the list offers
let at = 0;
let from = 0; // where in the text what is completed begins

// start has a composer's text completed; isNote says whether it is for colleagues.
export function start(composer, isNote) {
  close();
  form = composer;
  noting = isNote;
  if (!form.dataset.writing) return;
  const text = form.elements.text;
  list = document.createElement('ul');
  list.id = 'suggest';
  list.className = 'suggest';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', t('To complete what you type'));
  list.hidden = true;
  form.querySelector('.composer-box').append(list);
  text.setAttribute('aria-autocomplete', 'list');
  text.setAttribute('aria-controls', 'suggest');
  text.addEventListener('input', look);
  text.addEventListener('click', look);
  text.addEventListener('blur', () => setTimeout(() => document.activeElement !== text && close(), 150));
  list.addEventListener('pointerdown', (event) => {
    const row = event.target.closest('[role="option"]');
    if (!row) return;
    event.preventDefault();
    take(shown[[...list.children].indexOf(row)]);
  });
  for (const b of form.querySelectorAll('[data-write]')) b.addEventListener('click', () => begin(b.dataset.write));
}

// begin writes what has the list open.
function begin(sign) {
  const text = form.elements.text;
  const end = text.selectionStart;
  const before = text.value.slice(0, end);
  const gap = sign === '/' ? (before === '' || before.endsWith('\n') ? '' : '\n') : (before === '' || /\s$/.test(before) ? '' : ' ');
  text.focus();
  text.setRangeText(gap + sign, end, text.selectionEnd, 'end');
  text.dispatchEvent(new Event('input', { bubbles: true }));
}

const kinds = [
  { kind: 'canned', find: /(?:^|\n)\/([\p{L}\p{N}_-]{0,40})$/u, wanted: () => !noting() },
  { kind: 'emoji', find: /(?:^|\s):((?:[a-z_+-][a-z0-9_+-]{0,40})?)$/, wanted: () => true },
  { kind: 'colleague', find: /(?:^|[\s(])@([\p{L}\p{N}. -]{0,40})$/u, wanted: () => noting() },
];

// look sees whether what stands before the cursor can be completed.
async function look() {
  const text = form.elements.text;
  if (!list?.isConnected || text.selectionStart !== text.selectionEnd) return close();
  const before = text.value.slice(0, text.selectionStart);
  for (const { kind, find, wanted } of kinds) {
    const typed = before.match(find)?.[1];
    if (typed === undefined || !wanted()) continue;
    const all = await offered(kind);
    if (text.value.slice(0, text.selectionStart) !== before) return; // more was typed meanwhile
    show(matching(all, typed, kind), before.length - typed.length - 1);
    return;
  }
  close();
}

function matching(all, typed, kind) {
  const words = typed.toLowerCase();
  if (kind === 'emoji') {
    if (words === '') return common.map((name) => all.find((e) => e.name === name)).filter(Boolean);
    if (words.length < 2) return [];
  }
  const begins = all.filter((e) => e.key.startsWith(words));
  const has = words.length > 1 ? all.filter((e) => !e.key.startsWith(words) && e.key.includes(words)) : [];
  return [...begins, ...has].slice(0, most);
}

// offered fetches what can be typed, once for each page.
async function offered(kind) {
  if (known[kind]) return known[kind];
  try {
    if (kind === 'emoji') {
      const { common: names, own } = await get(form.dataset.emoji, { cache: 'default' });
      known.emoji = own.map((name) => ({ name, key: name, image: `/emoji/${encodeURIComponent(form.dataset.workspace)}/${encodeURIComponent(name)}`, put: `:${name}: ` }));
      for (let i = 0; i < names.length; i += 2) known.emoji.push({ name: names[i], key: names[i], sign: names[i + 1], put: names[i + 1] + ' ' });
    } else {
      const answer = await get(form.dataset.writing);
      known.canned = answer.canned.map((c) => ({ name: '/' + c.name, key: c.name.toLowerCase(), more: c.of, says: c.text, put: c.text }));
      known.colleague = answer.colleagues.map((name) => ({ name, key: name.toLowerCase(), sign: '@', put: `@${name} ` }));
    }
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return [];
  }
  return known[kind];
}

function show(found, start) {
  shown = found;
  from = start;
  at = 0;
  list.hidden = found.length === 0;
  list.replaceChildren(...found.map(row));
  mark();
}

function row(one, i) {
  const li = document.createElement('li');
  li.id = 'suggest-' + i;
  li.setAttribute('role', 'option');
  if (one.image) {
    const img = document.createElement('img');
    img.src = one.image;
    img.alt = '';
    li.append(img);
  } else if (one.sign) li.append(span('suggest-sign', one.sign));
  li.append(span('suggest-name', one.name));
  if (one.says) li.append(span('suggest-says', one.says));
  if (one.more) li.append(span('suggest-more', one.more));
  return li;
}

function span(name, words) {
  const s = document.createElement('span');
  s.className = name;
  s.textContent = words;
  return s;
}

function mark() {
  [...list.children].forEach((li, i) => li.setAttribute('aria-selected', String(i === at)));
  const text = form.elements.text;
  if (list.hidden) text.removeAttribute('aria-activedescendant');
  else {
    text.setAttribute('aria-activedescendant', 'suggest-' + at);
    list.children[at]?.scrollIntoView({ block: 'nearest' });
  }
}

function take(one) {
  const text = form.elements.text;
  const end = text.selectionStart;
  close();
  text.setRangeText(one.put, from, end, 'end');
  const left = one.put.match(/\{\{ ?[\p{L}_]+ ?\}\}/u);
  if (left) text.setSelectionRange(from + left.index, from + left.index + left[0].length); // to be filled in
  text.dispatchEvent(new Event('input', { bubbles: true }));
  text.focus();
}

// canned returns what the canned reply of a name says; empty when there is none.
export async function canned(name) {
  return (await offered('canned')).find((c) => c.name === name)?.put || '';
}

export function close() {
  if (!list) return;
  list.hidden = true;
  shown = [];
  form.elements.text?.removeAttribute('aria-activedescendant');
}

// pressed answers a key while the list is open, and reports whether it did.
export function pressed(event) {
  if (!list?.isConnected || list.hidden || event.isComposing) return false;
  switch (event.key) {
    case 'ArrowDown':
    case 'ArrowUp':
      at = (at + (event.key === 'ArrowDown' ? 1 : shown.length - 1)) % shown.length;
      mark();
      break;
    case 'Tab':
    case 'Enter':
      if (event.shiftKey) return false;
      take(shown[at]);
      break;
    case 'Escape':
      close();
      break;
    default:
      return false;
  }
  event.preventDefault();
  event.stopPropagation();
  return true;
}

// unfilled returns the first blank of a canned reply that is still in a text.
// What stands in code is meant as it is.
export function unfilled(words) {
  return words.split('`').filter((_, i) => i % 2 === 0).map((part) => part.match(/\{\{ ?[\p{L}_]+ ?\}\}/u)?.[0]).find(Boolean);
}
