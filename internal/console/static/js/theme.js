// Light, dark, or what the system says.

import { cookie, readCookie } from './keep.js';
import { t } from './t.js';

const names = { '': t('Theme: system'), light: t('Theme: light'), dark: t('Theme: dark') };
const order = ['', 'light', 'dark'];

const now = () => document.documentElement.dataset.theme || '';

export function start() {
  label();
  document.querySelectorAll('[data-do="theme"]').forEach((b) => b.addEventListener('click', next));
}

function label() {
  document.querySelectorAll('[data-theme-label]').forEach((e) => { e.textContent = names[now()]; });
}

export function next() {
  const to = order[(order.indexOf(now()) + 1) % order.length];
  if (to) document.documentElement.dataset.theme = to;
  else delete document.documentElement.dataset.theme;
  cookie('caseline_theme', to);
  label();
}

// zone tells the server the reader's time zone, in which it writes times. The
// sign-in page does it first, so that later pages are right at once.
export function zone() {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  if (readCookie('caseline_zone') === here) return;
  cookie('caseline_zone', here);
  if (document.body.matches('.shell') && readCookie('caseline_zone') === here) location.reload();
}
