// Chats that are offered to the agent: how long there is still to answer. The clock
// is this computer's, but only for how much has passed since the offer came.

import { t } from './t.js';

const ends = new Map(); // what an offer is called → when it ends

export function start() {
  tick();
  setInterval(tick, 500);
}

function tick() {
  for (const time of document.querySelectorAll('.offer-left')) {
    const offer = time.closest('.offer');
    const name = offer.dataset.v;
    if (!ends.has(name)) {
      ends.set(name, Date.now() + Number(time.dataset.left) * 1000);
      const href = offer.querySelector('form').getAttribute('action').replace(/\/join$/, '');
      document.dispatchEvent(new CustomEvent('tell', { detail: { kind: 'offer', id: offer.dataset.key, title: offer.getAttribute('aria-label'), href } }));
    }
    const left = Math.max(0, Math.ceil((ends.get(name) - Date.now()) / 1000));
    const text = t('%s s', left);
    if (time.textContent !== text) time.textContent = text;
    offer.querySelector('progress').value = left;
    offer.hidden = left === 0; // the server takes it back in a moment
  }
}
