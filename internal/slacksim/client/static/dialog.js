// Small dialogs: questions, and forms of the client's own.
import {closeMenu} from './menu.js';

export function closeDialogs() {
  for (const d of document.querySelectorAll('dialog.dialog')) d.close();
}

// dialog shows the content of a template. It ends with the value of the button
// that was pressed, "no" if it was left otherwise.
export function dialog(template, alter) {
  const box = document.createElement('dialog');
  box.className = 'dialog';
  box.setAttribute('data-ui', '');
  box.append(template.content.cloneNode(true));
  alter?.(box);
  const title = box.querySelector('h2');
  if (title) {
    title.id = 'dialog-title';
    box.setAttribute('aria-labelledby', title.id);
  }
  (document.querySelector('dialog.modal[open]') ?? document.body).append(box);
  box.showModal();
  (box.querySelector('input:not([type=checkbox]), textarea') ?? box.querySelector('[value=yes]') ?? box.querySelector('button'))?.focus();
  return new Promise((resolve) => {
    box.addEventListener('close', () => {
      box.remove();
      resolve(box.returnValue || 'no');
    });
    box.addEventListener('click', (e) => {
      const value = e.target.closest('button[value]')?.value;
      if (value) box.close(value);
      else if (e.target === box) box.close('no');
    });
  });
}

// confirmed asks what a template asks, if there is one.
export async function confirmed(template) {
  return !template || (await dialog(template)) === 'yes';
}

document.addEventListener('click', (e) => {
  const opener = e.target.closest('[data-dialog]');
  if (!opener) return;
  closeMenu();
  dialog(document.getElementById(`dialog-${opener.dataset.dialog}`));
});
