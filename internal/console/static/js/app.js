// What begins on every page. Without any of this the pages still work; with
// it they are live.

import * as attach from './attach.js';
import * as clock from './clock.js';
import * as composer from './composer.js';
import * as forms from './forms.js';
import * as keys from './keys.js';
import * as lists from './lists.js';
import { follow } from './live.js';
import * as seek from './seek.js';
import * as log from './log.js';
import * as outbox from './outbox.js';
import { linkState, passing, toast } from './tell.js';
import * as theme from './theme.js';

const root = document.documentElement;
root.classList.add('js');
theme.zone();
theme.start();

if (document.body.matches('.shell')) {
  clock.start();
  forms.start();
  keys.start();
  log.start();
  composer.start();
  if (log.atCase()) {
    attach.follow(document.getElementById('main'));
    outbox.start({ stick: log.stick, back: composer.back });
  }
  lists.mark();
  passing();
  seek.start();
  document.addEventListener('signedout', () => {
    toast('You are signed out. What you typed is kept here.', {
      href: '/login?next=' + encodeURIComponent(location.pathname), text: 'Sign in',
    });
  });
  document.addEventListener('changed', () => log.refresh()); // by the person at this page
  follow(heard);
}

function heard(message) {
  switch (message.kind) {
    case 'live':
      linkState(true);
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

function change({ cases = [], agents, people, reload }) {
  lists.refresh();
  const mine = cases.find((c) => c.case === document.body.dataset.case);
  if (mine) log.changed(mine);
  if (reload || agents) log.refresh();
  if (people && document.querySelector('.unnamed, .mention')) log.refresh(true);
}
