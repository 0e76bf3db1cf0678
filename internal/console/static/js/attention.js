// Says to the server, now and then, that somebody is at this browser: they look at a
// page of it and do something there. Whoever looks away is offered chats last.

import { post, Problem } from './http.js';
import { read, write } from './keep.js';

const every = 2 * 60_000; // ms; the server believes it for five minutes
const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel'];

export function start() {
  if (!document.querySelector('.presence')) return; // nothing is offered to who does not answer
  for (const sign of signs) addEventListener(sign, here, { capture: true, passive: true });
  document.addEventListener('visibilitychange', here);
  here();
}

let looked = 0; // when this page looked last whether it is time: a pointer moves often

// here says that somebody is here, unless a page of this browser has said so a short
// time ago.
async function here() {
  const now = Date.now();
  if (document.visibilityState !== 'visible' || Math.abs(now - looked) < 1000) return;
  looked = now;
  const key = `attention:${document.body.dataset.me}`;
  if (Math.abs(now - read(key, 0)) < every) return;
  write(key, now);
  try {
    await post('/attention', {});
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem; // the next time will do
  }
}
