// Telling the person something without taking the focus away.

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

// linkState shows that the page is not live, when that lasts.
export function linkState(live) {
  const place = document.getElementById('linkstate');
  if (!place) return;
  clearTimeout(lostTimer);
  if (live) {
    place.hidden = true;
    return;
  }
  lostTimer = setTimeout(() => {
    place.textContent = 'Reconnecting… what you see may be behind.';
    place.hidden = false;
  }, 3000);
}
