// The keyboard. Single keys act only where nobody is typing, and can be
// switched off for those whose assistive devices press them.

import { read, write } from './keep.js';
import * as bulk from './bulk.js';
import * as forms from './forms.js';
import * as composer from './composer.js';
import * as outbox from './outbox.js';
import * as seek from './seek.js';
import * as theme from './theme.js';

const after = 2500; // ms from "g" or "v" to the key that says where to
let at = 0; // when a key was pressed last, however late a busy page hears of it
let went = -after; // when "g" was pressed
let viewing = -after; // when "v" was

export function start() {
  const on = document.getElementById('keys-on');
  if (!on) return;
  on.checked = read('keys', true);
  on.addEventListener('change', () => write('keys', on.checked));
  document.querySelectorAll('[data-do="help"]').forEach((b) => b.addEventListener('click', () => forms.ask('help')));
  document.addEventListener('keydown', (event) => pressed(event, on.checked));
}

const typing = (target) => target.closest?.('input:not([type="checkbox"]), textarea, select, [contenteditable]');

function pressed(event, single) {
  if (event.altKey && !event.ctrlKey && !event.metaKey && /^Digit[1-9]$/.test(event.code)) {
    event.preventDefault();
    chat(Number(event.code.at(-1)) - 1);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === 'Escape') {
    escape();
    return;
  }
  if (!single || typing(event.target) || document.querySelector('dialog[open]')) return;
  at = event.timeStamp;
  let act = actions[event.key];
  if (at - went < after) act = place(event.key);
  else if (at - viewing < after) act = view(event.key);
  went = viewing = -after;
  if (!act) return;
  event.preventDefault();
  act();
}

// place goes where the navigation says that a key leads.
const place = (key) => {
  const link = [...document.querySelectorAll('.nav-link[data-go]')].find((l) => l.dataset.go === key);
  return link && (() => link.click());
};

// view goes to one of the views above the list, by its place among them.
const view = (key) => {
  const link = document.querySelectorAll('.view[data-view]')[Number(key) - 1];
  return link && (() => link.click());
};

// chat goes to one of the agent's chats, by its place in the list.
function chat(place) {
  chats()[place]?.click();
}

const chats = () => [...document.querySelectorAll('[data-group="mine"] .workrow-link, .rows-chats [data-unread] .row-link')];

// beside goes to the chat before or after the one that is open.
function beside(step) {
  const all = chats();
  const at = all.findIndex((link) => link.hasAttribute('aria-current'));
  all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length]?.click();
}

const press = (key) => () => document.querySelector(`[data-key="${key}"]`)?.click();

const actions = {
  g: () => { went = at; },
  j: () => move(1),
  k: () => move(-1),
  r: () => composer.write(''),
  n: () => composer.write('note'),
  J: press('join'),
  N: press('next'),
  A: press('accept'),
  P: press('pass'),
  e: press('end'),
  d: press('resolve'),
  h: press('hand'),
  l: press('leave'),
  o: press('reopen'),
  s: press('severity'),
  z: press('snooze'),
  u: () => outbox.undo(),
  x: () => bulk.toggle(),
  X: () => bulk.reach(),
  '*': () => bulk.all(),
  b: () => bulk.act(),
  v: () => { viewing = at; },
  '[': () => beside(-1),
  ']': () => beside(1),
  i: () => details(),
  p: () => document.querySelector('.presence-button')?.click(),
  t: () => theme.next(),
  '/': () => seek.focus(),
  '?': () => forms.ask('help'),
};

function details() {
  if (!document.getElementById('rail')) return;
  location.replace(location.hash === '#rail' ? '#main' : '#rail');
}

function escape() {
  const menu = document.querySelector('details.menu[open]');
  if (menu) {
    menu.open = false;
    menu.querySelector('summary').focus();
  } else if (location.hash === '#rail') details();
  else seek.leave();
}

// move takes the focus to the next or previous row of the list in sight.
function move(step) {
  const rows = [...document.querySelectorAll('.row-link, .workrow-link')].filter((row) => row.offsetParent);
  if (rows.length === 0) return;
  let at = rows.indexOf(document.activeElement);
  if (at < 0) {
    at = rows.findIndex((row) => row.hasAttribute('aria-current'));
    if (at < 0) at = step > 0 ? -1 : rows.length;
  }
  const row = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  row.focus();
  row.scrollIntoView({ block: 'nearest' });
}
