// Words that a page of another case left behind, because the server could not be
// reached as it went: whichever page is open next sends them, with the same tokens.
// Of what cannot be sent it tells; the page of the case asks what is to be done.

import { post, Problem } from './http.js';
import { fresh, lock, own, read, write } from './keep.js';
import { t } from './t.js';
import { toast } from './tell.js';

export function start() {
  if (!navigator.locks) return;
  let keys = [];
  try {
    keys = Object.keys(localStorage).filter((key) => key.startsWith(own('outbox', '')) && key !== own('outbox'));
  } catch {
    return; // nothing is kept
  }
  for (const key of keys) {
    for (const page of new Set(read(key, []).map((item) => item.page))) navigator.locks.request(lock(page), () => send(key, page));
  }
}

async function send(key, page) {
  for (const item of read(key, []).filter((i) => i.page === page && i.to && !i.told)) {
    const late = Date.now() - item.at > fresh;
    let why = item.why;
    if (item.state !== 'failed' && !late) {
      try {
        await post(item.to, { token: item.token, text: item.text });
        put(key, item.token, null);
        continue;
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        if (problem.status < 400 || problem.status >= 500 || problem.status === 401) return; // the next page tries again
        why = problem.message;
      }
    }
    const failed = item.state === 'failed' || !late;
    put(key, item.token, { ...item, told: true, ...(failed ? { state: 'failed', why } : {}) });
    toast(t('Not sent: %s', failed ? why : t('The page was closed before it was sent.')), { href: item.to.slice(0, item.to.lastIndexOf('/')), text: t('Open') });
  }
}

// put has an item be another, or gone.
function put(key, token, now) {
  const all = read(key, []).flatMap((i) => (i.token !== token ? [i] : now ? [now] : []));
  write(key, all.length > 0 ? all : null);
}
