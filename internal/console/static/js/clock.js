// Clocks that run: how long somebody has waited, how long a chat has lasted.

import { t } from './t.js';

const two = (n) => String(n).padStart(2, '0');

function lasted(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 3600) return `${Math.floor(s / 60)}:${two(s % 60)}`;
  if (s < 86400) return `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return t('%s d %s h', Math.floor(s / 86400), Math.floor(s / 3600) % 24);
}

// shortly is a time in at most two units, as the server writes it.
function shortly(ms) {
  const s = Math.floor(ms / 1000);
  const minutes = Math.floor(s / 60);
  if (minutes < 1) return t('%s s', s);
  if (minutes < 60) return t('%s min', minutes);
  if (minutes < 1440) return t('%s h %s min', Math.floor(minutes / 60), two(minutes % 60));
  return t('%s d %s h', Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24);
}

// press shows how a wait stands to its target, both in ms.
function press(element, waited, target) {
  element.classList.toggle('clock-calm', waited * 2 < target);
  element.classList.toggle('clock-soon', waited * 2 >= target && waited < target);
  element.classList.toggle('clock-over', waited >= target);
}

export function tick() {
  const now = Date.now();
  for (const time of document.querySelectorAll('time[data-clock]')) {
    const waited = now - Date.parse(time.dateTime);
    const text = lasted(waited);
    if (time.textContent !== text) time.textContent = text;
    const target = Number(time.dataset.target) * 1000;
    if (target > 0) press(time, waited, target);
  }
  for (const due of document.querySelectorAll('[data-since]')) {
    const left = Date.parse(due.dataset.since) + Number(due.dataset.target) * 1000 - now;
    const text = left > 0 ? t('Due in %s', shortly(left)) : t('%s late', shortly(-left));
    if (due.textContent !== text) due.textContent = text;
    press(due, Number(due.dataset.target) * 1000 - left, Number(due.dataset.target) * 1000);
  }
}

export function start() {
  tick();
  setInterval(tick, 1000);
}
