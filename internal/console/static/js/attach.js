// Files an agent is about to send: chosen, dropped on the case or pasted. They
// wait beside the text until it is sent.

import { toast } from './tell.js';
import { t } from './t.js';

let form = null;
let files = [];

export function start(composer) {
  form = composer;
  form.elements.file.addEventListener('change', () => {
    add(form.elements.file.files);
    form.elements.file.value = '';
  });
  form.elements.text.addEventListener('paste', (event) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    add(event.clipboardData.files);
  });
  draw();
}

// follow lets files be dropped anywhere on the case.
export function follow(main) {
  const carries = (event) => form?.isConnected && [...event.dataTransfer.types].includes('Files');
  for (const kind of ['dragenter', 'dragover']) {
    main.addEventListener(kind, (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      main.classList.add('dropping');
    });
  }
  main.addEventListener('dragleave', (event) => {
    if (!main.contains(event.relatedTarget)) main.classList.remove('dropping');
  });
  main.addEventListener('drop', (event) => {
    main.classList.remove('dropping');
    if (!carries(event)) return;
    event.preventDefault();
    add(event.dataTransfer.files);
    form.elements.text.focus();
  });
}

export const any = () => files.length > 0;

// take gives up the files that wait.
export function take() {
  const taken = files;
  files = [];
  draw();
  return taken;
}

export function add(list) {
  const most = Number(form.dataset.maxFile);
  for (const file of list) {
    if (file.size > most) toast(t('%s is larger than %s MB, so it cannot be sent.', file.name, Math.floor(most / 2 ** 20)));
    else if (file.size === 0) toast(t('%s is empty, and Slack takes no empty files.', file.name));
    else if (files.length >= Number(form.dataset.maxFiles)) toast(t('Send at most %s files at once.', form.dataset.maxFiles));
    else files.push(file);
  }
  draw();
}

export function size(bytes) {
  if (bytes < 1000) return t('%s B', bytes);
  return bytes < 1e6 ? t('%s kB', (bytes / 1e3).toFixed(0)) : t('%s MB', (bytes / 1e6).toFixed(1).replace('.', t('.')));
}

function draw() {
  const chips = document.getElementById('chips');
  if (!chips) return;
  chips.hidden = files.length === 0;
  chips.replaceChildren(...files.map((file) => {
    const chip = document.createElement('li');
    chip.className = 'chip';
    const name = document.createElement('span');
    name.className = 'chip-name';
    name.textContent = file.name;
    const how = document.createElement('span');
    how.className = 'chip-size';
    how.textContent = size(file.size);
    const drop = document.createElement('button');
    drop.type = 'button';
    drop.className = 'chip-drop';
    drop.setAttribute('aria-label', t('Do not send %s', file.name));
    drop.textContent = '×';
    drop.addEventListener('click', () => {
      files = files.filter((f) => f !== file);
      draw();
      form.elements.text.focus();
    });
    chip.append(name, how, drop);
    return chip;
  }));
}
