// Choosing several cases of a list, to do one thing to all of them.

import { t } from './t.js';

let last = null; // the box that was pressed last

const boxes = () => [...document.querySelectorAll('.row-pick')].filter((b) => b.offsetParent);

export function start() {
  if (!document.getElementById('bulk')) return;
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-do="bulk-none"]')) {
      choose(boxes(), false);
      return;
    }
    const box = event.target.closest?.('.row-pick');
    if (!box) return;
    if (event.shiftKey) choose(between(last, box), box.checked);
    last = box;
    count();
  });
  count();
}

function between(a, b) {
  const all = boxes();
  const i = all.indexOf(a);
  const j = all.indexOf(b);
  return i < 0 ? [b] : all.slice(Math.min(i, j), Math.max(i, j) + 1);
}

function choose(some, on) {
  for (const box of some) box.checked = on;
  count();
}

// count says how many are chosen.
export function count() {
  const line = document.getElementById('bulk-count');
  if (!line) return;
  const n = boxes().filter((b) => b.checked).length;
  line.textContent = n === 1 ? t('1 case is chosen:') : t('%s cases are chosen:', n);
  if (n === 0) line.textContent = t('With the chosen cases:');
}

const here = () => document.activeElement?.closest?.('.row')?.querySelector('.row-pick');

// toggle chooses the row that has the focus, or no longer.
export function toggle() {
  const box = here();
  if (!box) return;
  box.checked = !box.checked;
  last = box;
  count();
}

// reach chooses all rows from the last one to the one that has the focus.
export function reach() {
  const box = here();
  if (!box) return;
  choose(between(last, box), true);
  last = box;
}

// act goes to what can be done with the chosen rows.
export function act() {
  const first = document.querySelector('#bulk button');
  if (first?.offsetParent) first.focus();
}

// all chooses all rows, or none when all are chosen.
export function all() {
  const some = boxes();
  choose(some, some.some((b) => !b.checked));
}
