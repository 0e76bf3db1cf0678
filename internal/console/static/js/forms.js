// Forms that need not leave the page, and the questions before some of them.

import { post, Problem } from './http.js';
import { token } from './keep.js';
import { toast } from './tell.js';
import * as log from './log.js';
import * as lists from './lists.js';

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
    } else if (form.matches('.presence')) {
      event.preventDefault();
      presence(form);
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
  form.elements.token.value = token(); // the page may have carried out the last one
  try {
    await post(form.action, new FormData(form));
    form.closest('dialog')?.close();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    refused(form, problem.message);
  } finally {
    press.disabled = false;
  }
  await log.refresh();
  lists.refresh();
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

async function presence(form) {
  const now = form.elements.presence.value;
  try {
    await post(form.action, new FormData(form));
    lists.presence(now);
  } catch (problem) {
    toast(problem.message);
  }
  lists.refresh();
}
