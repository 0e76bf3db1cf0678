// The keyboard. Single keys act only where nobody is typing, and can be
// switched off for those whose assistive devices press them.

import { read, write } from './keep.js';
import * as forms from './forms.js';
import * as composer from './composer.js';
import * as seek from './seek.js';
import * as theme from './theme.js';

let went = 0; // when "g" was pressed

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
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === 'Escape') {
    escape();
    return;
  }
  if (!single || typing(event.target) || document.querySelector('dialog[open]')) return;
  const act = Date.now() - went < 1500 ? places[event.key] : actions[event.key];
  went = 0;
  if (!act) return;
  event.preventDefault();
  act();
}

// follow presses a link of the navigation that not everybody has.
const follow = (path) => () => document.querySelector(`.nav-link[href="${path}"]`)?.click();
const go = (path) => () => location.assign(path);
const places = { q: go('/'), c: go('/chats'), a: go('/cases'), s: follow('/setup'), l: follow('/audit') };

const press = (key) => () => document.querySelector(`[data-key="${key}"]`)?.click();

const actions = {
  g: () => { went = Date.now(); },
  j: () => move(1),
  k: () => move(-1),
  r: () => composer.write(''),
  n: () => composer.write('note'),
  J: press('join'),
  e: press('end'),
  d: press('resolve'),
  h: press('hand'),
  l: press('leave'),
  o: press('reopen'),
  s: press('severity'),
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
