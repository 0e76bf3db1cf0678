// Telling the person something without taking the focus away.

import { t } from './t.js';

export function toast(text, link) {
  const place = document.getElementById('toasts');
  if (!place) return;
  const note = document.createElement('div');
  note.className = 'toast';
  note.append(text);
  if (link) {
    const a = document.createElement('a');
    a.href = link.href;
    a.textContent = link.text;
    note.append(a);
  }
  place.replaceChildren(note);
  setTimeout(() => note.remove(), link ? 15000 : 6000);
}

// passing has what the server wrote onto the page go away again, and not come
// back when the page is loaded again.
export function passing() {
  const note = document.querySelector('#toasts .toast');
  if (note) setTimeout(() => note.remove(), 15000);
  if (new URLSearchParams(location.search).has('did')) history.replaceState(history.state, '', location.pathname);
}

let lostTimer = 0;
let out = false; // the agent is signed out, which stays said

// signedOut says so until the page is live again.
export function signedOut() {
  const place = document.getElementById('linkstate');
  if (!place) return;
  clearTimeout(lostTimer);
  out = true;
  lostTimer = 0;
  const link = document.createElement('a');
  link.href = '/login?next=' + encodeURIComponent(location.pathname);
  link.textContent = t('Sign in');
  place.replaceChildren(t('You are signed out.'), ' ', link);
  place.hidden = false;
}

const brief = 2000; // a stream that is back within so many ms was hardly gone

// linkState shows that the page is not live, when that lasts. Tries that fail
// meanwhile do not put it off.
export function linkState(live) {
  const place = document.getElementById('linkstate');
  if (!place) return;
  if (live) {
    clearTimeout(lostTimer);
    lostTimer = 0;
    out = false;
    delete document.body.dataset.link;
    place.hidden = true;
    return;
  }
  if (out || lostTimer) return;
  lostTimer = setTimeout(() => {
    document.body.dataset.link = 'lost';
    place.hidden = false;
    place.textContent = t('Reconnecting… what you see may be behind.');
  }, navigator.onLine ? brief : 0);
}

// lost reports whether the page is known not to be live.
export const lost = () => document.body.dataset.link === 'lost';
