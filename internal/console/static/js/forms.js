// Forms that need not leave the page, and the questions before some of them.

import { get, post, Problem } from './http.js';
import { token } from './keep.js';
import { beside } from './live.js';
import { linkState, lost, toast } from './tell.js';
import * as log from './log.js';
import * as lists from './lists.js';
import * as outbox from './outbox.js';

export function start() {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.dataset.confirm) {
      event.preventDefault();
      // A question that stands for many forms is about the one it came from.
      const question = document.querySelector(`#${form.dataset.confirm} form`);
      if (question) question.action = form.action;
      closeMenus();
      ask(form.dataset.confirm);
    } else if ('wish' in form.dataset || 'join' in form.dataset) {
      event.preventDefault();
      wish(form);
    } else if (takes(form) && !lost()) {
      taking();
    } else if (form.getAttribute('action') === '/logout') {
      event.preventDefault();
      outbox.flush().then(() => form.submit()); // nobody would take it from who is signed out
    } else if (form.matches('.presence')) {
      event.preventDefault();
      presence(form);
    } else if (lost() && event.submitter?.formMethod !== 'dialog' && form.method !== 'dialog') {
      event.preventDefault();
      reach(form, event.submitter);
    }
  });
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-do="close"]')) event.target.closest('dialog').close();
    // A press beside a dialog closes it; one in it lands on what it holds.
    if (event.target.matches?.('dialog')) event.target.close();
    closeMenus(event.target);
  });
  // What was asked may have changed while the question stood there.
  document.addEventListener('close', (event) => {
    if (!event.target.matches('.ask')) return;
    event.target.querySelector('.field-error')?.remove();
    event.target.querySelector('form').reset();
    log.refresh();
  }, true);
}

// closeMenus closes the menus that do not hold an element.
function closeMenus(but = null) {
  for (const menu of document.querySelectorAll('details.menu[open]')) if (!menu.contains(but)) menu.open = false;
}

export function ask(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

async function wish(form) {
  const press = form.querySelector('button[type="submit"]');
  press.disabled = true;
  const before = log.mode();
  const inside = form.closest('dialog, #main'); // it may be gone once the page is drawn anew
  await outbox.flush(); // what was written before comes first
  form.elements.token.value = token(); // the page may have carried out the last one
  try {
    await post(form.action, new FormData(form));
    form.closest('dialog')?.close();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    const question = problem.field === 'sure' && document.querySelector('#dialog-join form');
    if (question) ask('dialog-join');
    refused(question || form, problem.message);
  } finally {
    press.disabled = false;
  }
  await log.refresh();
  if (inside) log.land(log.mode() !== before);
  lists.refresh();
}

// reach sends a form once the server answers. Until then leaving the page for its answer
// would lose what was typed.
async function reach(form, by) {
  try {
    await get('/worklist');
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.status === 0) {
      toast(problem.message);
      return;
    }
  }
  linkState(true);
  form.requestSubmit(by);
}

// takes reports whether a form brings its sender into a chat, on whose page they then
// write.
const takes = (form) => /^\/next$|\/join$/.test(form.getAttribute('action'));

// taken has the focus where they write, once they are there.
export function taken() {
  try {
    if (sessionStorage.getItem('taken') && document.getElementById('main')?.dataset.mode === 'compose') log.land(true);
    sessionStorage.removeItem('taken');
  } catch {
    // Without storage the focus begins at the top, as on any page.
  }
}

function taking() {
  try {
    sessionStorage.setItem('taken', 'yes');
  } catch {
    // As above.
  }
}

// refused tells why a wish was not carried out: beside the question, or else in
// passing.
function refused(form, why) {
  if (!form.closest('dialog[open]')) {
    toast(why);
    return;
  }
  form.querySelector('.field-error')?.remove();
  const error = document.createElement('p');
  error.className = 'field-error';
  error.setAttribute('role', 'alert');
  error.textContent = why;
  form.querySelector('.ask-actions').before(error);
}

// presence shows what an agent chose to be before the server has taken it; until then the
// button is dimmed. Of choices that come meanwhile the last is told next.
async function presence(form) {
  const press = form.querySelector('.presence-button');
  const answered = lists.choose(form.elements.presence.value);
  if (press.ariaBusy) return;
  press.ariaBusy = 'true';
  try {
    for (let told = ''; told !== form.dataset.presence; ) {
      told = form.dataset.presence;
      await post(form.action, { presence: told });
    }
    answered(true);
    beside();
  } catch (problem) {
    answered(false);
    toast(problem.message);
  } finally {
    press.removeAttribute('aria-busy');
  }
  lists.refresh();
}
