// The palette of commands: places, what can be done on this page, chats, cases,
// views, canned replies and colleagues, found by a few letters of their names.

import { get, Problem } from './http.js';
import { t } from './t.js';

const most = 40;
const wait = 120; // ms without a key until cases are looked for

let dialog = null;
let input = null;
let list = null;
let fetched = null; // what the server offers on every page
let here = []; // what this page offers
let cases = [];
let shown = [];
let at = 0;
let timer = 0;
let moved = false; // somebody has gone down the list

export function start() {
  dialog = document.getElementById('palette');
  if (!dialog) return;
  input = document.getElementById('palette-input');
  list = document.getElementById('palette-list');
  document.querySelectorAll('[data-do="palette"]').forEach((b) => b.addEventListener('click', open));
  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      if (dialog.open) dialog.close();
      else if (!document.querySelector('dialog[open]')) open();
    }
  });
  input.addEventListener('input', () => {
    moved = false;
    draw();
    clearTimeout(timer);
    timer = setTimeout(seek, wait);
  });
  input.addEventListener('keydown', pressed);
  list.addEventListener('click', (event) => {
    const row = event.target.closest('[role="option"]');
    if (row) run(shown[Number(row.dataset.at)]);
  });
}

export function open() {
  input.value = '';
  cases = [];
  here = onPage();
  dialog.showModal();
  input.focus();
  draw();
  fetchAll();
}

async function fetchAll() {
  try {
    fetched = await get('/palette');
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
  }
  if (dialog.open) draw();
}

// onPage is what can be done on this page, from its buttons, and where its
// navigation leads.
function onPage() {
  const all = [];
  const taken = new Set();
  const words = { join: t('Join the chat'), details: t('Show or hide details'), end: t('End the chat'), resolve: t('Resolve the case'), reopen: t('Reopen the case'), hand: t('Hand the chat over'), leave: t('Leave the chat'), severity: t('Change the severity'), snooze: t('Put the case away, or bring it back') };
  for (const b of document.querySelectorAll('button[data-key], a[data-key]')) {
    const name = words[b.dataset.key];
    if (!name || taken.has(name)) continue;
    taken.add(name);
    all.push({ name, more: t('This case'), run: () => b.click() });
  }
  const text = document.getElementById('text');
  if (text) {
    const noting = (value) => () => document.dispatchEvent(new CustomEvent('write', { detail: value }));
    if (document.querySelector('#composer .as')) all.push({ name: t('Write a reply'), more: t('This case'), run: noting('') });
    all.push({ name: t('Write an internal note'), more: t('This case'), run: noting('note') });
  }
  for (const link of document.querySelectorAll('.nav-link[data-go]')) {
    all.push({ name: link.querySelector('.nav-text').textContent, more: t('Go to'), href: link.href });
  }
  for (const [name, act] of [[t('Keyboard shortcuts'), 'help'], [t('Change the theme'), 'theme']]) {
    const b = document.querySelector(`[data-do="${act}"]`);
    if (b) all.push({ name, more: t('Anywhere'), run: () => b.click() });
  }
  const presence = document.querySelector('.presence-button');
  if (presence) all.push({ name: t('Take chats, or go away'), more: t('Anywhere'), run: () => presence.click() });
  return all;
}

function everything() {
  const all = [...here];
  if (!fetched) return all;
  for (const c of fetched.chats) all.push({ name: c.name, more: t('My chat %s', c.more), href: c.href });
  for (const v of fetched.views) all.push({ name: v.name, more: t('View'), href: v.href });
  const text = document.getElementById('text');
  for (const r of fetched.replies) {
    const name = r.name;
    all.push({ name, more: t('Canned reply'), ...(text && document.querySelector('#composer [data-write="/"]') ? { run: () => document.dispatchEvent(new CustomEvent('insert', { detail: name })) } : { href: r.href }) });
  }
  if (document.getElementById('dialog-hand')) {
    for (const name of fetched.colleagues) all.push({ name: t('Hand over to %s', name), more: t('This case'), run: () => hand(name) });
  }
  return all;
}

function hand(name) {
  document.querySelector('[data-key="hand"]')?.click();
  for (const choice of document.querySelectorAll('#dialog-hand .choice')) {
    if (choice.querySelector('.choice-name')?.textContent === name) choice.querySelector('input').checked = true;
  }
  document.querySelector('#dialog-hand [type="submit"]')?.focus();
}

// score says how well typed letters fit a name: they must be in it in order.
// Those that begin words or follow each other count more; below 0 they do not fit.
export function score(typed, name) {
  const want = typed.toLowerCase();
  const n = name.toLowerCase();
  if (want === '') return 0;
  const whole = n.indexOf(want);
  if (whole === 0) return 1000 - n.length / 100;
  if (whole > 0) return (/[\s/-]/.test(n[whole - 1]) ? 800 : 600) - n.length / 100;
  let sum = 0;
  let i = 0;
  let before = -2;
  for (const letter of want) {
    if (letter === ' ') continue;
    const found = n.indexOf(letter, i);
    if (found < 0) return -1;
    sum += found === before + 1 ? 3 : found === 0 || /[\s/-]/.test(n[found - 1]) ? 4 : 1;
    before = found;
    i = found + 1;
  }
  return sum >= 2 * want.replaceAll(' ', '').length ? sum : -1;
}

function draw() {
  const typed = input.value.trim();
  const own = everything().map((c) => ({ ...c, score: score(typed, c.name) })).filter((c) => c.score >= 0);
  if (typed) own.sort((a, b) => b.score - a.score);
  const found = typed ? cases : [];
  shown = [...own.slice(0, most), ...found.filter((c) => !own.some((o) => o.href && o.href === c.href))];
  if (typed) shown.push({ name: t('Search all cases for “%s”', typed), more: t('Search'), href: '/cases?q=' + encodeURIComponent(typed) });
  at = 0;
  list.replaceChildren(...shown.map(row));
  document.getElementById('palette-none').textContent = shown.length === 0 ? t('Nothing fits. Try fewer letters.') : '';
  mark();
}

function row(one, i) {
  const li = document.createElement('li');
  li.id = 'palette-' + i;
  li.dataset.at = i;
  li.setAttribute('role', 'option');
  const name = document.createElement('span');
  name.className = 'palette-name';
  name.textContent = one.name;
  const more = document.createElement('span');
  more.className = 'palette-more';
  more.textContent = one.more || '';
  li.append(name, more);
  return li;
}

function mark() {
  [...list.children].forEach((li, i) => li.setAttribute('aria-selected', String(i === at)));
  if (shown.length === 0) input.removeAttribute('aria-activedescendant');
  else {
    input.setAttribute('aria-activedescendant', 'palette-' + at);
    list.children[at].scrollIntoView({ block: 'nearest' });
  }
}

async function seek() {
  const typed = input.value.trim();
  if (typed.length < 2) {
    cases = [];
    return;
  }
  try {
    const found = await get('/palette/cases?q=' + encodeURIComponent(typed));
    if (input.value.trim() !== typed || !dialog.open) return;
    const chosen = moved && shown[at];
    cases = found.map((c) => ({ name: c.name, more: c.more, href: c.href }));
    draw();
    const again = shown.findIndex((c) => chosen && c.name === chosen.name && c.href === chosen.href);
    if (again > 0) {
      at = again;
      mark();
    }
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
  }
}

function pressed(event) {
  if (event.isComposing) return;
  switch (event.key) {
    case 'ArrowDown':
      at = Math.min(shown.length - 1, at + 1);
      break;
    case 'ArrowUp':
      at = Math.max(0, at - 1);
      break;
    case 'Home':
      at = 0;
      break;
    case 'End':
      at = shown.length - 1;
      break;
    case 'Enter':
      event.preventDefault();
      if (shown[at]) run(shown[at]);
      return;
    default:
      return;
  }
  event.preventDefault();
  moved = true;
  mark();
}

function run(one) {
  dialog.close();
  if (one.href) location.assign(one.href);
  else one.run();
}
