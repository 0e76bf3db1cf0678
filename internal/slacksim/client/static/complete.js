// Completing commands, people, channels and emoji while one types.
import {base, json} from './net.js';

let loaded = null;
let open = null; // {field, box, from, items}

// suggestions returns what can be completed here. The answer is kept for a
// while: apps and people seldom change.
export function suggestions() {
  if (!loaded) {
    loaded = json(`${base}/suggestions`).then((all) => all ?? {});
    setTimeout(() => { loaded = null; }, 15000);
  }
  return loaded;
}

const rules = [
  {pattern: /^(\/[^\s/]*)$/, list: 'commands'},
  {pattern: /(?:^|[\s(])(@[\w.-]*)$/, list: 'people'},
  {pattern: /(?:^|[\s(])(#[\w-]*)$/, list: 'channels'},
  {pattern: /(?:^|[\s(])(:[a-z0-9_+-]{2,})$/, list: 'emoji'},
];

export async function complete(field) {
  const before = field.value.slice(0, field.selectionStart);
  const rule = rules.find((r) => r.pattern.test(before));
  if (!rule) {
    close();
    return;
  }
  const word = before.match(rule.pattern)[1];
  const all = (await suggestions())[rule.list] ?? [];
  if (field.value.slice(0, field.selectionStart) !== before) return; // typed on
  const typed = word.toLowerCase();
  const bare = typed.replace(/^[@#:/]/, '');
  const rank = (s) => {
    if (s.value.toLowerCase().startsWith(typed)) return 0;
    const words = s.label.toLowerCase();
    if (words.startsWith(bare)) return 1;
    return (bare && `${words} ${s.value.toLowerCase()}`.includes(bare)) ? 2 : 9;
  };
  const fit = all.filter((s) => rank(s) < 9).sort((a, b) => rank(a) - rank(b)).slice(0, 8);
  if (!fit.length) close();
  else show(field, before.length - word.length, fit);
}

function show(field, from, list) {
  close();
  const box = document.createElement('ul');
  box.className = 'listbox complete';
  box.id = 'completions';
  box.setAttribute('role', 'listbox');
  box.setAttribute('aria-label', 'Suggestions');
  list.forEach((s, i) => {
    const item = document.createElement('li');
    item.setAttribute('role', 'option');
    item.id = `completion-${i}`;
    item.setAttribute('aria-selected', String(i === 0));
    const strong = document.createElement('strong');
    strong.textContent = s.label;
    const small = document.createElement('small');
    small.textContent = s.extra;
    item.append(strong, ' ', small);
    item.addEventListener('mousedown', (e) => {
      e.preventDefault();
      take(i);
    });
    box.append(item);
  });
  field.closest('.box').append(box);
  field.setAttribute('aria-expanded', 'true');
  field.setAttribute('aria-controls', box.id);
  open = {field, box, from, list, at: 0};
  point(0);
}

function close() {
  if (!open) return;
  open.box.remove();
  open.field.setAttribute('aria-expanded', 'false');
  open.field.removeAttribute('aria-activedescendant');
  open = null;
}

function point(at) {
  const items = [...open.box.children];
  open.at = (at + items.length) % items.length;
  items.forEach((item, i) => item.setAttribute('aria-selected', String(i === open.at)));
  items[open.at].scrollIntoView({block: 'nearest'});
  open.field.setAttribute('aria-activedescendant', items[open.at].id);
}

function take(i) {
  const {field, from, list} = open;
  field.setRangeText(`${list[i].value} `, from, field.selectionStart, 'end');
  close();
  field.dispatchEvent(new Event('input', {bubbles: true}));
}

// completing handles a key while suggestions are shown, and reports whether it
// did.
export function completing(e) {
  if (!open || open.field !== e.target) return false;
  const whole = open.field.value === open.list[open.at].value;
  switch (e.key) {
    case 'ArrowDown': point(open.at + 1); break;
    case 'ArrowUp': point(open.at - 1); break;
    case 'Escape': close(); break;
    case 'Enter':
      if (e.shiftKey || e.isComposing) return false;
      if (whole) {
        close();
        return false;
      }
      take(open.at);
      break;
    case 'Tab': take(open.at); break;
    default: return false;
  }
  e.preventDefault();
  return true;
}

document.addEventListener('focusout', (e) => {
  if (open?.field === e.target) close();
});
