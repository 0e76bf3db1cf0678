// The simulation's pane: what happens to channels, apps and the whole of Slack.
import {base, post} from './net.js';
import {follow} from './nav.js';
import {dialog} from './dialog.js';

document.addEventListener('submit', async (e) => {
  const form = e.target.closest('[data-sim-form]');
  if (!form) return;
  e.preventDefault();
  const answer = await post(`${base}/simulation`, new FormData(form));
  if (!answer) return;
  form.reset();
  await follow(answer);
});

document.addEventListener('click', async (e) => {
  const button = e.target.closest('[data-sim]');
  if (!button || button.hasAttribute('data-busy')) return;
  const {sim, channel, app, name, on, ask} = button.dataset;
  if (ask && (await dialog(document.getElementById(`dialog-${ask}`))) !== 'yes') return;
  button.setAttribute('data-busy', '');
  const answer = await post(`${base}/simulation`, {do: sim, channel, app, name, on});
  button.removeAttribute('data-busy');
  if (answer) await follow(answer);
});
