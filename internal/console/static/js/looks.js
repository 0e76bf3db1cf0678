// Who else has the case open and who types. This page says so of its reader every
// half minute, and when they begin or cease to type.

import { beacon, get, post, Problem } from './http.js';
import { token } from './keep.js';
import { t } from './t.js';

const every = 25_000; // ms; the server believes it for a minute
const typingFor = 5000; // ms after the last key

const line = document.getElementById('looks');
const page = token();
let typing = false;
let still = 0;
let told = 0; // when the server was told last that somebody types

export function start() {
  if (!line) return;
  say();
  setInterval(() => document.visibilityState === 'visible' && say(), every);
  document.addEventListener('visibilitychange', () => (document.visibilityState === 'visible' ? say() : gone()));
  addEventListener('pagehide', gone);
}

const gone = () => {
  typing = false;
  beacon(line.dataset.looks, { page, gone: '1' });
};

async function say() {
  try {
    told = Date.now();
    show(await post(line.dataset.looks, { page, ...(typing ? { typing: '1' } : {}) }));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
  }
}

// pressed notes that somebody types; words is whether anything is in the box.
export function pressed(words) {
  if (!line) return;
  clearTimeout(still);
  const was = typing;
  typing = words;
  if (typing) still = setTimeout(() => { typing = false; say(); }, typingFor);
  if (typing !== was || typing && Date.now() - told > typingFor) say();
}

// changed fetches who looks, because somebody came, went or types.
export async function changed() {
  if (!line) return;
  try {
    show(await get(line.dataset.looks));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
  }
}

let fade = 0;

function show({ looking, typing: writing }) {
  const words = [];
  if (writing.length > 0) words.push(writing.length === 1 ? t('%s is typing…', writing[0]) : t('%s are typing…', among(writing)));
  if (looking.length > 0) words.push(looking.length === 1 ? t('%s is looking at this case.', looking[0]) : t('%s are looking at this case.', among(looking)));
  const says = words.join(' ');
  if (line.textContent !== says) line.textContent = says;
  line.classList.toggle('looks-typing', writing.length > 0);
  clearTimeout(fade);
  if (writing.length > 0) fade = setTimeout(changed, 9000); // nobody tells that a page has died
}

const among = (names) => (names.length < 2 ? names.join('') : t('%s and %s', names.slice(0, -1).join(', '), names.at(-1)));
