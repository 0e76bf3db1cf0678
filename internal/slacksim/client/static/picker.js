// Selects that one searches by typing: people, channels, many options, and
// options that the app suggests.
import {base, json} from './net.js';
import {fill} from './blocks.js';
import {confirmed} from './dialog.js';

const pickerOf = (node) => node.closest?.('[data-picker]');
const field = (picker) => picker.querySelector('[role=combobox]');
const list = (picker) => picker.querySelector('[role=listbox]');
const chosen = (picker) => [...picker.querySelectorAll('.chip')].map((c) => c.dataset.value);
const visible = (picker) => [...picker.querySelectorAll('[role=option]')].filter((o) => !o.hidden);

function show(picker, on) {
  list(picker).hidden = !on;
  field(picker).setAttribute('aria-expanded', String(on));
  if (on) list(picker).scrollIntoView({block: 'nearest'});
  else point(picker, null);
}

function point(picker, option) {
  for (const o of picker.querySelectorAll('[data-point]')) o.removeAttribute('data-point');
  if (!option) {
    field(picker).removeAttribute('aria-activedescendant');
    return;
  }
  option.setAttribute('data-point', '');
  option.id ||= `option-${Math.random().toString(36).slice(2)}`;
  field(picker).setAttribute('aria-activedescendant', option.id);
  option.scrollIntoView({block: 'nearest'});
}

function filter(picker) {
  const typed = field(picker).value.trim().toLowerCase();
  const have = chosen(picker);
  const multi = 'multi' in picker.dataset;
  for (const o of picker.querySelectorAll('[role=option]')) {
    o.hidden = (typed && !o.textContent.toLowerCase().includes(typed)) || (multi && have.includes(o.dataset.value));
    o.setAttribute('aria-selected', String(have.includes(o.dataset.value)));
  }
  note(picker, visible(picker).length ? '' : 'Nothing found');
  show(picker, true);
  point(picker, visible(picker)[0]);
}

function note(picker, text) {
  let line = list(picker).querySelector('.note');
  if (!line) {
    line = document.createElement('li');
    line.className = 'note';
    line.setAttribute('role', 'presentation');
    list(picker).append(line);
  }
  line.textContent = text;
  line.hidden = !text;
}

let asking = 0;
async function ask(picker) {
  const typed = field(picker).value.trim();
  const least = Number(picker.dataset.minQuery);
  for (const o of list(picker).querySelectorAll('[role=option], .group')) o.remove();
  if ([...typed].length < least) {
    note(picker, `Type ${least === 1 ? 'a character' : `${least} characters`} to search`);
    show(picker, true);
    return;
  }
  note(picker, 'Loading…');
  show(picker, true);
  const {dataset} = picker.closest('[data-surface]');
  const groups = await json(`${base}/suggest`, {
    view: dataset.view, ts: dataset.ts, ephemeral: dataset.ephemeral, channel: dataset.channel,
    block_id: picker.dataset.blockId, action_id: picker.dataset.actionId, typed,
  });
  if (field(picker).value.trim() !== typed) return;
  for (const g of groups ?? []) {
    if (g.label) list(picker).append(line('group', 'presentation', g.label));
    for (const o of g.options) {
      const item = line('', 'option', o.label);
      item.dataset.value = o.value;
      item.dataset.label = o.label;
      if (o.extra) {
        const small = document.createElement('small');
        small.textContent = o.extra;
        item.append(' ', small);
      }
      list(picker).append(item);
    }
  }
  note(picker, groups ? (visible(picker).length ? '' : 'Nothing found') : 'The app did not answer');
  point(picker, visible(picker)[0]);
}

function line(kind, role, text) {
  const item = document.createElement('li');
  if (kind) item.className = kind;
  item.setAttribute('role', role);
  item.textContent = text;
  return item;
}

function search(picker) {
  if (!('external' in picker.dataset)) {
    filter(picker);
    return;
  }
  clearTimeout(asking);
  asking = setTimeout(() => ask(picker), 200);
}

async function take(picker, option) {
  const {value, label} = option.dataset;
  const multi = 'multi' in picker.dataset;
  const max = Number(picker.dataset.max);
  if (!multi) picker.querySelector('.chips').replaceChildren();
  else if (max && chosen(picker).length >= max) return;
  if (!chosen(picker).includes(value)) picker.querySelector('.chips').append(chip(picker, value, label));
  field(picker).value = '';
  if (multi) search(picker);
  show(picker, false);
  await tell(picker);
}

function chip(picker, value, label) {
  const box = document.createElement('span');
  box.className = 'chip';
  box.dataset.value = value;
  box.dataset.label = label;
  const input = document.createElement('input');
  input.type = 'hidden';
  input.name = picker.dataset.name;
  input.value = value;
  const remove = document.createElement('button');
  remove.type = 'button';
  remove.className = 'chip-x';
  remove.dataset.remove = '';
  remove.setAttribute('aria-label', `Remove ${label}`);
  remove.textContent = '×';
  box.append(label, input, remove);
  return box;
}

// tell sends what is chosen, where the app or the server must know at once.
async function tell(picker) {
  if (!picker.dataset.dispatch && !('external' in picker.dataset) && picker.closest('form')) return;
  if (!(await confirmed(picker.querySelector('template[data-confirm]')))) return;
  fill(picker, chosen(picker));
}

document.addEventListener('focusin', (e) => {
  const picker = pickerOf(e.target);
  if (picker && e.target === field(picker)) search(picker);
});

document.addEventListener('focusout', (e) => {
  const picker = pickerOf(e.target);
  if (picker && !picker.contains(e.relatedTarget)) show(picker, false);
});

document.addEventListener('input', (e) => {
  const picker = pickerOf(e.target);
  if (picker) search(picker);
});

document.addEventListener('mousedown', (e) => {
  const picker = pickerOf(e.target);
  const option = picker && e.target.closest('[role=option]');
  if (!picker) return;
  if (option) {
    e.preventDefault(); // the field keeps the focus
    take(picker, option);
  } else if (e.target === field(picker) && list(picker).hidden) {
    search(picker);
  }
});

document.addEventListener('click', (e) => {
  const picker = pickerOf(e.target);
  if (!picker) return;
  if (e.target.closest('[data-remove]')) {
    e.target.closest('.chip').remove();
    tell(picker);
  }
  if (!e.target.closest('[role=option]')) field(picker).focus();
});

document.addEventListener('keydown', (e) => {
  const picker = pickerOf(e.target);
  if (!picker || e.target !== field(picker)) return;
  const options = visible(picker);
  const at = options.findIndex((o) => o.hasAttribute('data-point'));
  const isOpen = !list(picker).hidden;
  if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
    e.preventDefault();
    if (!isOpen) search(picker);
    else if (options.length) point(picker, options[(at + (e.key === 'ArrowDown' ? 1 : -1) + options.length) % options.length]);
  } else if (e.key === 'Enter') {
    e.preventDefault();
    if (isOpen && at >= 0) take(picker, options[at]);
  } else if (e.key === 'Escape' && isOpen) {
    e.preventDefault();
    e.stopPropagation();
    show(picker, false);
  } else if (e.key === 'Backspace' && !e.target.value) {
    const last = [...picker.querySelectorAll('.chip')].at(-1);
    if (last) {
      last.remove();
      tell(picker);
    }
  }
});
