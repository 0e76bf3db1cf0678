// The form an app has open for the person.
import {base, post} from './net.js';
import {refresh} from './live.js';
import {told} from './blocks.js';

const shown = () => document.querySelector('#modal dialog');
let before = null; // what had the focus before the first form opened
let refused = false; // a submission may come back with errors to go to

document.addEventListener('laid', () => {
  const box = shown();
  if (!box) {
    if (before?.isConnected) before.focus();
    before = null;
    return;
  }
  if (box.open) {
    const wrong = refused && box.querySelector('.has-error :is(input:not([type=hidden]), select, textarea)');
    if (wrong) {
      refused = false;
      wrong.focus();
    }
    return;
  }
  before ??= document.activeElement;
  box.showModal();
  first(box)?.focus();
});

function first(box) {
  const body = box.querySelector('.modal-body');
  return body.querySelector('[data-focus]')
    ?? body.querySelector('.bk-input :is(input:not([type=hidden], [type=file]), select, textarea)')
    ?? box.querySelector('h2');
}

function trouble(box, why) {
  const line = box.querySelector('.modal-trouble');
  line.textContent = why;
  line.hidden = false;
}

async function close(box, all) {
  const {viewId} = box.dataset;
  if (await post(`${base}/views/${encodeURIComponent(viewId)}/close`, all ? {all: 1} : {})) refresh('modal', 'main');
}

document.addEventListener('submit', async (e) => {
  const box = shown();
  if (!box?.contains(e.target) || e.target.closest('dialog') !== box) return;
  e.preventDefault();
  const button = e.target.querySelector('[type=submit]');
  if (button.hasAttribute('data-busy')) return;
  button.setAttribute('data-busy', '');
  button.setAttribute('aria-busy', 'true');
  box.querySelector('.modal-trouble').hidden = true;
  refused = true;
  const answer = await post(e.target.getAttribute('action'), told(e.target), (why) => trouble(box, why));
  if (answer) await refresh('modal', 'main', 'side', 'sidebar');
  button.removeAttribute('data-busy');
  button.removeAttribute('aria-busy');
  refused = false;
});

document.addEventListener('click', (e) => {
  const box = shown();
  const act = box?.contains(e.target) && e.target.closest('[data-act]')?.dataset.act;
  if (act === 'modal-close') close(box, false);
  if (act === 'modal-cross') close(box, true);
});

// Escape closes the form on top; the page learns it from the server.
document.addEventListener('cancel', (e) => {
  if (e.target !== shown()) return;
  e.preventDefault();
  close(e.target, false);
}, true);
