// What was typed as the log will show it, drawn by the server as the log is.

import { post, Problem } from './http.js';
import { t } from './t.js';
import { toast } from './tell.js';

let form = null;
let pane = null;

const press = () => form.querySelector('[data-do="preview"]');

export function start(composer) {
  form = composer;
  pane = null;
  press()?.addEventListener('click', toggle);
}

// toggle shows the preview in place of the text, or the text again.
export async function toggle() {
  if (!form?.isConnected || !form.dataset.preview) return;
  if (pane) {
    close();
    form.elements.text.focus();
    return;
  }
  try {
    const { html } = await post(form.dataset.preview, { text: form.elements.text.value });
    if (pane) return;
    pane = document.createElement('div');
    pane.className = 'composer-preview prose';
    pane.tabIndex = 0;
    pane.setAttribute('role', 'region');
    pane.setAttribute('aria-label', t('Preview'));
    pane.innerHTML = html || `<p class="stub">${t('There is nothing to show yet.')}</p>`;
    pane.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' && !(event.altKey && event.code === 'KeyP')) return;
      event.preventDefault();
      event.stopPropagation();
      toggle();
    });
    form.elements.text.hidden = true;
    form.elements.text.after(pane);
    press()?.setAttribute('aria-pressed', 'true');
    pane.focus();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    toast(problem.message);
  }
}

export function close() {
  if (!pane) return;
  pane.remove();
  pane = null;
  form.elements.text.hidden = false;
  press()?.setAttribute('aria-pressed', 'false');
}
