// Where in a list, or in another page longer than its window, its reader stands: kept
// when the page is loaded again and when they come back from a case. A link that leads
// there anew begins at the top. The work list beside a case stays as it is from one case
// to the next.

import { cookie, readCookie } from './keep.js';

const most = 8; // rows that are noted: the first of them may be gone by then
const hint = 'caseline_place'; // tells the server which page waits for its script, so that it is shown where it stood
const came = 'place:back'; // a page that a button which says "back" leads to

const scroller = document.querySelector('main .scroll');
const work = document.getElementById('worklist');
const page = location.pathname + location.search;
let hinted = readCookie(hint) === page;

export function start() {
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('.head-back');
    if (link) store(came, link.getAttribute('href'));
  });
  if (work) beside();
  if (!scroller) return;
  if (returned()) regain(scroller, page);
  tell();
  scroller.addEventListener('scroll', tell, { passive: true });
  addEventListener('pagehide', () => note(scroller, page));
}

// beside has the work list stand where it stood beside the case before, with the row of
// this one in sight.
function beside() {
  regain(work, 'work');
  work.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  addEventListener('pagehide', () => note(work, 'work'));
}

// returned reports whether the reader was here before, and has not gone here anew.
function returned() {
  const back = read(came);
  store(came, null);
  return back === page || ['reload', 'back_forward'].includes(performance.getEntriesByType('navigation')[0]?.type);
}

// tell has the server know that this page is to be shown where it stands.
function tell() {
  const away = scroller.scrollTop > 0;
  if (away === hinted) return;
  hinted = away;
  cookie(hint, away ? page : '', away ? Infinity : 0);
}

const name = (row) => row.querySelector('a')?.getAttribute('href');

const rows = (scroller) => [...scroller.querySelectorAll('.row, .workrow')];

// note keeps which rows are in sight, and how far below the edge each begins.
function note(scroller, as) {
  const edge = scroller.getBoundingClientRect();
  const seen = [];
  for (const row of scroller.scrollTop > 0 ? rows(scroller) : []) {
    const { top, bottom } = row.getBoundingClientRect();
    if (bottom > edge.top && top < edge.bottom && seen.length < most) seen.push([name(row), top - edge.top]);
  }
  store('place:' + as, scroller.scrollTop > 0 ? JSON.stringify({ top: scroller.scrollTop, seen }) : null);
}

// regain goes where the page stood: to the first row of those that is still there.
function regain(scroller, as) {
  const { top, seen } = JSON.parse(read('place:' + as)) || { top: 0, seen: [] };
  scroller.scrollTop = top;
  const all = new Map(rows(scroller).map((row) => [name(row), row]));
  const [row, below] = seen.find(([key]) => all.has(key)) || [];
  if (row) scroller.scrollTop += all.get(row).getBoundingClientRect().top - scroller.getBoundingClientRect().top - below;
}

function read(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null; // without storage every page begins at the top
  }
}

function store(key, value) {
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    // As above.
  }
}
