// What a browser keeps for its person. Storage can be full or forbidden: then
// nothing is kept, and everything else still works.

export function read(key, otherwise = null) {
  try {
    const text = localStorage.getItem(key);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

export function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

// own names what is kept of a case for whoever is signed in: browsers are shared.
export const own = (kind, id = document.body.dataset.case) => `${kind}:${document.body.dataset.me}:${id}`;

// lock is what a page holds as long as it lives, so that no other one sends its words.
export const lock = (page) => 'caseline-outbox ' + page;

// fresh is for how long words that could not be sent are sent without asking, in ms.
export const fresh = 10 * 60 * 1000;

// cookie has the server read a value for so many seconds, or with Infinity until the
// browser ends.
export function cookie(name, value, lasts = 365 * 24 * 60 * 60) {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  const until = lasts < Infinity ? `;Max-Age=${lasts}` : '';
  document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; SameSite=Lax${until}${secure}`;
}

export function readCookie(name) {
  const found = document.cookie.split('; ').find((c) => c.startsWith(name + '='));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : '';
}

// token names one wish, so that sending it twice is one.
export function token() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
}
