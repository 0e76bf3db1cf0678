// A field beside what is long, in which one types to find something in it: above lists
// to tick or read, and below selects, which open with what fits. What is ticked or
// chosen stays in sight.

import { t } from './t.js';

const long = 20; // from how many on a list is long

const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

export function start() {
  for (const list of document.querySelectorAll('.skills .checks, .canned, .rows-teams')) {
    if (list.children.length > long) beside(list, [...list.children], list);
  }
  for (const select of document.querySelectorAll('select')) {
    if (select.options.length > long) beside(select, [...select.options], select);
  }
}

function beside(what, all, place) {
  const field = document.createElement('input');
  field.type = 'search';
  field.className = 'input input-small sift';
  field.placeholder = t('Type to find');
  field.autocomplete = 'off';
  const name = what.labels?.[0]?.textContent || what.closest('fieldset')?.querySelector('legend')?.textContent || what.getAttribute('aria-label')
    || what.closest('section')?.querySelector('h2')?.textContent || '';
  field.setAttribute('aria-label', name.trim() ? t('Type to find: %s', name.trim()) : t('Type to find'));
  const words = all.map((e) => plain(e.textContent));
  field.addEventListener('input', (event) => {
    event.stopPropagation();
    const typed = plain(field.value.trim());
    all.forEach((e, i) => {
      const stays = e.selected || e.value === '' || e.querySelector?.('input:checked');
      e.hidden = typed !== '' && !stays && !words[i].includes(typed);
    });
  });
  // It is no part of the form: neither what is typed nor Enter goes with that.
  field.addEventListener('change', (event) => event.stopPropagation());
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    const first = all.find((e) => !e.hidden && !e.selected && e.value !== '' && words[all.indexOf(e)].includes(plain(field.value.trim())));
    if (what.matches('select') && first) {
      first.selected = true;
      what.dispatchEvent(new Event('change', { bubbles: true }));
    } else {
      first?.querySelector('input, a, button')?.focus();
    }
  });
  if (place.matches('select')) place.after(field); // beside others, selects stay in one line
  else place.before(field);
}
