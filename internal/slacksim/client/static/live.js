// Keeping the page fresh: hints from the stream say which regions to fetch
// again. After every (re)connect all are fetched, so nothing can be missed.
import {base} from './net.js';
import {morph} from './morph.js';

const all = ['sidebar', 'main', 'side', 'modal', 'menus'];
const wanted = new Set();
let running = null;

function want(parts) {
  for (const part of parts) wanted.add(part);
}

// refresh fetches regions and lays them over the page. Calls while one is
// under way are answered by one more fetch.
export function refresh(...parts) {
  want(parts.length ? parts : all);
  running ??= run().finally(() => { running = null; });
  return running;
}

async function run() {
  while (wanted.size) {
    const parts = [...wanted];
    wanted.clear();
    const url = new URL(location.href);
    url.searchParams.set('parts', parts.join(','));
    let answer, text;
    try {
      answer = await fetch(url);
      text = await answer.text();
    } catch {
      return; // the stream will say when the server is back
    }
    if (url.pathname !== location.pathname) { // the person has gone elsewhere meanwhile
      want(all);
      continue;
    }
    if (answer.redirected) { // the channel has another id now
      const to = new URL(answer.url);
      history.replaceState(null, '', to.pathname + location.search);
      want(all);
      continue;
    }
    if (answer.status === 404 && text.includes('id="main"')) {
      lay(text); // the page says what is gone
      continue;
    }
    if (answer.status === 404) {
      location.assign(base); // the person is out of sight
      return;
    }
    if (!answer.ok) {
      want(all);
      return;
    }
    lay(text);
  }
}

function lay(text) {
  const before = document.querySelector('#sidebar .lists [aria-current]');
  const fresh = new DOMParser().parseFromString(text, 'text/html');
  document.dispatchEvent(new CustomEvent('beforelay'));
  for (const region of [...fresh.body.children]) {
    const shown = document.getElementById(region.id);
    if (shown) morph(shown, region);
  }
  const title = document.getElementById('main').dataset.title;
  if (title) document.title = title;
  document.dispatchEvent(new CustomEvent('laid'));
  // What was open has left the list: archived, deleted, or given another id.
  if (before && !document.querySelector('#sidebar .lists [aria-current]')) want(['main', 'side']);
}

const regions = {
  channel: ['main', 'side'], sidebar: ['sidebar'], view: ['modal'], home: ['main'], ephemeral: ['main', 'side'],
  workspace: all,
};

// watched keeps the simulation's list of calls fresh, not more than once a
// second.
let watching = 0;
function watched() {
  if (watching || !document.querySelector('#side .sim')) return;
  watching = setTimeout(() => {
    watching = 0;
    refresh('side');
  }, 1000);
}

function hinted({kind, id}) {
  if (kind === 'journal') {
    watched();
    return;
  }
  const list = document.querySelector('[data-list=channel]');
  if (kind === 'channel' && list?.dataset.channel !== id) return;
  refresh(...(regions[kind] ?? []));
}

let stream = null;
let retry = 0;

function connect() {
  if (stream || document.visibilityState === 'hidden') return;
  stream = new EventSource(`${base}/stream`);
  stream.addEventListener('ready', () => {
    clearTimeout(retry);
    document.body.removeAttribute('data-offline');
    refresh();
  });
  stream.addEventListener('hint', (e) => hinted(JSON.parse(e.data)));
  stream.addEventListener('error', () => {
    document.body.setAttribute('data-offline', '');
    if (stream?.readyState !== EventSource.CLOSED) return;
    disconnect();
    retry = setTimeout(connect, 1500);
  });
}

function disconnect() {
  stream?.close();
  stream = null;
}

export function start() {
  connect();
  // A tab that nobody sees gives its connection back: browsers have few.
  document.addEventListener('visibilitychange', () => {
    clearTimeout(retry);
    if (document.visibilityState === 'hidden') disconnect();
    else connect();
  });
  addEventListener('pagehide', disconnect);
  document.dispatchEvent(new CustomEvent('laid'));
}
