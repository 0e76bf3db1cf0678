// What begins on every page. Without any of this the pages still work; with
// it they are live.

import * as attach from './attach.js';
import * as attention from './attention.js';
import * as bulk from './bulk.js';
import * as clock from './clock.js';
import * as composer from './composer.js';
import * as forms from './forms.js';
import * as keys from './keys.js';
import * as left from './left.js';
import * as lists from './lists.js';
import { follow } from './live.js';
import * as seek from './seek.js';
import * as log from './log.js';
import * as notify from './notify.js';
import * as offers from './offers.js';
import * as looks from './looks.js';
import * as outbox from './outbox.js';
import * as palette from './palette.js';
import * as places from './places.js';
import { linkState, passing, signedOut, toast } from './tell.js';
import * as sift from './sift.js';
import * as theme from './theme.js';
import { t } from './t.js';

const root = document.documentElement;

// A page that waits for its script is as it stays when it is first shown. The others are
// shown before, and nothing of this moves anything on them.
if (document.querySelector('script[blocking]')) {
  start();
} else {
  root.dataset.begins = ''; // for whoever looks whether the page is there
  drawn().then(start);
}

function start() {
  delete root.dataset.begins;
  root.classList.add('js');
  theme.zone();
  theme.start();
  if (document.body.matches('.shell')) inside();
}

// inside begins what is on the pages of who is signed in.
function inside() {
  clock.start();
  offers.start();
  forms.start();
  keys.start();
  log.start();
  composer.start();
  if (log.atCase()) {
    attach.follow(document.getElementById('main'));
    outbox.start({ stick: log.stick, back: composer.back });
    composer.follow();
  }
  lists.start();
  forms.taken();
  passing();
  seek.start();
  sift.start();
  bulk.start();
  places.start();
  palette.start();
  document.addEventListener('signedout', () => {
    signedOut();
    toast(t('You are signed out. What you typed is kept here.'), {
      href: '/login?next=' + encodeURIComponent(location.pathname), text: t('Sign in'),
    });
  });
  document.addEventListener('changed', () => log.refresh()); // by the person at this page
  notify.start();
  drawn().then(() => {
    looks.start();
    left.start();
    follow(heard);
    attention.start();
  });
}

// drawn waits until the page has been shown, which asking the server would only
// delay. A page that nobody looks at is not shown, and there are browsers that do
// not tell.
function drawn() {
  return new Promise((done) => {
    setTimeout(done, document.visibilityState === 'visible' ? 500 : 0);
    new PerformanceObserver((list) => list.getEntriesByName('first-contentful-paint').length > 0 && done()).observe({ type: 'paint', buffered: true });
  });
}

function heard(message) {
  switch (message.kind) {
    case 'live':
      linkState(true);
      outbox.again();
      break;
    case 'lost':
      linkState(false);
      break;
    case 'hello':
      lists.refresh();
      log.refresh();
      break;
    case 'change':
      change(message);
  }
}

const often = 6; // times in half a minute that a page looks at once at who else is here
let lately = 0;
let coming = 0;

// others looks at everything because an agent came, went or is another than before: at
// once, but within a quarter of a minute and at a moment of its own while that goes on.
// Of a thousand somebody does all the time, and all pages of all others hear of it.
function others() {
  if (lately < often) again();
  else coming ||= setTimeout(again, 500 + Math.random() * 14_500);
}

function again() {
  clearTimeout(coming);
  coming = 0;
  lately += 1;
  setTimeout(() => (lately -= 1), 30_000);
  lists.refresh();
  log.refresh();
}

function change({ cases = [], agents, people, reload, looks: looked = [] }) {
  if (looked.includes(document.body.dataset.case)) looks.changed();
  if (cases.length === 0 && !agents && !people && !reload) return; // only somebody's looks
  if (reload) lists.refresh();
  else if (cases.some(lists.concerns)) lists.refresh(cases.some(lists.shows));
  else if (cases.length > 0 || people) lists.soon();
  const mine = cases.find((c) => c.case === document.body.dataset.case);
  if (mine) log.changed(mine);
  if (reload) log.refresh();
  else if (agents) others();
  if (people && document.querySelector('.unnamed, .mention')) log.refresh(true);
}
