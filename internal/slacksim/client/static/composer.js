// The composer: Enter sends, files by button, drag and paste, drafts per place.
import {base, post} from './net.js';
import {refresh} from './live.js';
import {edit, grow} from './messages.js';
import {forgetNew, toEnd} from './scroll.js';
import {openMenu, closeMenu} from './menu.js';
import {complete, completing, suggestions} from './complete.js';

const attached = new WeakMap(); // form → files
const draftKey = (form) => `draft ${base} ${form.dataset.key}`;

function store(form) {
  try {
    const {value} = form.elements.text;
    if (value) sessionStorage.setItem(draftKey(form), value);
    else sessionStorage.removeItem(draftKey(form));
  } catch { /* drafts are a convenience */ }
}

document.addEventListener('laid', () => {
  for (const form of document.querySelectorAll('[data-composer]:not([data-ready])')) {
    form.setAttribute('data-ready', '');
    const field = form.elements.text;
    try {
      field.value = sessionStorage.getItem(draftKey(form)) ?? '';
    } catch { /* none */ }
    attach(form, []);
    grow(field);
    if (matchMedia('(hover: hover)').matches && !document.querySelector('dialog[open]')) field.focus({preventScroll: true});
  }
});

function attach(form, list) {
  const files = [...(attached.get(form) ?? []), ...list];
  attached.set(form, files);
  const box = form.querySelector('[data-attached]');
  box.replaceChildren(...files.map((file, i) => {
    const chip = document.createElement('span');
    chip.className = 'chip file-chip';
    chip.textContent = file.name;
    const remove = document.createElement('button');
    remove.type = 'button';
    remove.className = 'chip-x';
    remove.setAttribute('aria-label', `Remove ${file.name}`);
    remove.textContent = '×';
    remove.addEventListener('click', () => {
      attached.set(form, files.filter((_, j) => j !== i));
      attach(form, []);
    });
    chip.append(remove);
    return chip;
  }));
  box.hidden = files.length === 0;
  form.toggleAttribute('data-full', files.length > 0 || form.elements.text.value.trim() !== '');
}

async function send(form) {
  const field = form.elements.text;
  const text = field.value;
  const files = attached.get(form) ?? [];
  if (!text.trim() && !files.length) return;
  const body = new FormData();
  body.append('text', text);
  for (const name of ['thread_ts', 'broadcast']) {
    const input = form.elements[name];
    if (input && (input.type !== 'checkbox' || input.checked)) body.append(name, input.value);
  }
  for (const file of files) body.append('files', file, file.name);
  field.value = '';
  attached.delete(form);
  attach(form, []);
  grow(field);
  form.setAttribute('data-busy', '');
  const answer = await post(form.getAttribute('action'), body);
  form.removeAttribute('data-busy');
  if (!answer) {
    if (!field.value) field.value = text;
    attach(form, files);
    grow(field);
  }
  store(form);
  if (!answer) return;
  if (form.elements.broadcast) form.elements.broadcast.checked = false;
  forgetNew();
  const scroller = form.parentElement.querySelector('[data-scroll]');
  if (scroller) toEnd(scroller);
  await refresh('main', 'side', 'sidebar', 'modal');
  if (scroller) toEnd(scroller);
}

const formOf = (node) => node.closest?.('[data-composer]');

document.addEventListener('submit', (e) => {
  const form = formOf(e.target);
  if (!form) return;
  e.preventDefault();
  send(form);
});

document.addEventListener('keydown', (e) => {
  const form = formOf(e.target);
  if (!form || e.target !== form.elements.text || completing(e)) return;
  if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
    e.preventDefault();
    send(form);
  } else if (e.key === 'ArrowUp' && !e.target.value) {
    const last = [...form.parentElement.querySelectorAll('[data-own][data-kind=message]')].at(-1);
    if (last) {
      e.preventDefault();
      edit(last);
    }
  }
});

document.addEventListener('input', (e) => {
  const form = formOf(e.target);
  if (!form || e.target !== form.elements.text) return;
  grow(e.target);
  store(form);
  attach(form, []);
  complete(e.target);
});

document.addEventListener('change', (e) => {
  const form = formOf(e.target);
  if (!form || e.target.type !== 'file') return;
  attach(form, e.target.files);
  e.target.value = '';
  form.elements.text.focus();
});

document.addEventListener('paste', (e) => {
  const form = formOf(e.target);
  if (!form || !e.clipboardData?.files.length) return;
  e.preventDefault();
  attach(form, e.clipboardData.files);
});

function insert(form, text) {
  const field = form.elements.text;
  const before = field.value.slice(0, field.selectionStart);
  const gap = before && !/\s$/.test(before) ? ' ' : '';
  field.setRangeText(gap + text, field.selectionStart, field.selectionEnd, 'end');
  field.focus();
  field.dispatchEvent(new Event('input', {bubbles: true}));
}

document.addEventListener('click', async (e) => {
  const button = e.target.closest('[data-act]');
  const form = button && formOf(button);
  if (!form) return;
  if (button.dataset.act === 'attach') form.elements.files.click();
  if (button.dataset.act === 'mention') insert(form, '@');
  if (button.dataset.act === 'shortcuts') openMenu(button, await shortcuts(form), 'Shortcuts and commands');
});

async function shortcuts(form) {
  const list = document.createDocumentFragment();
  const all = await suggestions();
  const add = (label, extra, act) => {
    const item = document.createElement('button');
    item.type = 'button';
    item.setAttribute('role', 'menuitem');
    item.tabIndex = -1;
    const two = document.createElement('span');
    two.className = 'menu-two';
    const small = document.createElement('small');
    small.textContent = extra;
    two.append(label, small);
    item.append(two);
    item.addEventListener('click', () => {
      closeMenu();
      act();
    });
    list.append(item);
  };
  for (const s of all.shortcuts ?? []) add(s.label, s.extra, () => post(`${base}/shortcut`, {app: s.app, callback: s.callback}));
  for (const c of all.commands ?? []) {
    add(c.label, c.extra, () => {
      form.elements.text.value = '';
      insert(form, `${c.value} `);
    });
  }
  return list;
}

// Files dropped on a pane go to its composer.
const paneOf = (node) => node.closest?.('#side, #main');

document.addEventListener('dragover', (e) => {
  const pane = paneOf(e.target);
  if (!pane?.querySelector('[data-composer]') || !e.dataTransfer?.types.includes('Files')) return;
  e.preventDefault();
  pane.setAttribute('data-busy', 'drop');
});
for (const end of ['dragleave', 'drop', 'dragend']) {
  document.addEventListener(end, (e) => {
    const pane = paneOf(e.target);
    if (!pane || (end === 'dragleave' && pane.contains(e.relatedTarget))) return;
    pane.removeAttribute('data-busy');
    const form = pane.querySelector('[data-composer]');
    if (end !== 'drop' || !form || !e.dataTransfer?.files.length) return;
    e.preventDefault();
    attach(form, e.dataTransfer.files);
    form.elements.text.focus();
  });
}
