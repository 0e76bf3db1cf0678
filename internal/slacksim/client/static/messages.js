// What one does with a message: react, reply, pin, edit, delete, shortcuts.
import {base, post, toast} from './net.js';
import {refresh} from './live.js';
import {closeMenu, openMenu, originOf} from './menu.js';
import {dialog} from './dialog.js';
import {go} from './nav.js';

const messageOf = (node) => (originOf(node) ?? node).closest('[data-message-ts]');
const address = (message) => `${base}/${message.dataset.channel}/m/${message.dataset.messageTs}`;

async function react(message, emoji) {
  closeMenu();
  if (await post(`${address(message)}/react`, {emoji})) refresh('main', 'side');
}

function messageMenu(button, message) {
  const items = document.getElementById('message-menu').content.cloneNode(true);
  const {dataset} = message;
  const may = {
    edit: 'own' in dataset, delete: 'mayDelete' in dataset, pin: !('pinned' in dataset), unpin: 'pinned' in dataset,
    reply: !message.closest('[data-list=thread]'),
  };
  for (const item of items.querySelectorAll('[data-do]')) if (may[item.dataset.do] === false) item.remove();
  if (!may.edit && !may.delete) items.querySelector('[data-for=own]')?.remove();
  const reply = items.querySelector('[data-do=reply]');
  if (reply) {
    reply.href = message.querySelector('.tools [data-act=reply]')?.href ?? '#';
    reply.dataset.nav = '';
  }
  openMenu(button, items, 'Message');
}

const doing = {
  react: (message) => openMenu(message.querySelector('[data-act=message-menu]'), document.getElementById('react-menu').content.cloneNode(true), 'Reactions'),
  pin: (message) => post(`${address(message)}/pin`).then((ok) => ok && refresh('main', 'side')),
  unpin: (message) => post(`${address(message)}/pin`).then((ok) => ok && refresh('main', 'side')),
  edit: (message) => edit(message),
  async delete(message) {
    if ((await dialog(document.getElementById('dialog-delete'))) !== 'yes') return;
    if (await post(`${address(message)}/delete`)) refresh('main', 'side');
  },
  forward(message) {
    dialog(document.getElementById('dialog-forward'), (box) => { box.querySelector('form').action = `${address(message)}/forward`; });
  },
  async link(message) {
    const url = `${location.origin}/archives/${message.dataset.channel}/p${message.dataset.messageTs.replace('.', '')}`;
    try {
      await navigator.clipboard.writeText(url);
      toast('Link copied.');
    } catch {
      toast(url);
    }
  },
  shortcut: (message, item) => post(`${address(message)}/shortcut`, {app: item.dataset.app, callback: item.dataset.callback}),
};

// edit turns a message into a field with its text.
export async function edit(message) {
  if (message.querySelector('.edit-box')) return;
  const answer = await fetch(`${address(message)}/source`);
  if (!answer.ok) {
    toast(await answer.text());
    return;
  }
  const form = document.getElementById('edit-box').content.cloneNode(true).firstElementChild;
  form.setAttribute('data-ui', '');
  const field = form.querySelector('textarea');
  field.value = await answer.text();
  message.querySelector('.content').append(form);
  message.setAttribute('data-editing', '');
  grow(field);
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  message.scrollIntoView({block: 'nearest'});
}

export function grow(field) {
  field.style.height = 'auto';
  field.style.height = `${Math.min(field.scrollHeight + 2, 320)}px`;
}

function stopEdit(form) {
  const message = messageOf(form);
  form.remove();
  message.removeAttribute('data-editing');
  const pane = message.closest('#side') ?? document.getElementById('main');
  pane.querySelector('[data-composer] textarea')?.focus();
}

async function saveEdit(form) {
  const message = messageOf(form);
  const text = form.querySelector('textarea').value;
  if (!text.trim()) {
    doing.delete(message);
    return;
  }
  if (await post(`${address(message)}/edit`, {text})) {
    stopEdit(form);
    refresh('main', 'side');
  }
}

document.addEventListener('click', async (e) => {
  const message = messageOf(e.target);
  if (!message) return;
  const reaction = e.target.closest('[data-react]');
  const emoji = e.target.closest('[data-emoji]');
  const button = e.target.closest('[data-act]');
  const item = e.target.closest('[data-do]');
  if (reaction) react(message, reaction.dataset.react);
  else if (emoji) react(message, emoji.dataset.emoji);
  else if (button?.dataset.act === 'react-menu') openMenu(button, document.getElementById('react-menu').content.cloneNode(true), 'Reactions');
  else if (button?.dataset.act === 'message-menu') messageMenu(button, message);
  else if (button?.dataset.act === 'edit-cancel') stopEdit(button.closest('form'));
  else if (button?.dataset.act === 'dismiss') {
    if (await post(`${base}/dismiss`, {ts: message.dataset.messageTs})) refresh('main', 'side');
  } else if (item && doing[item.dataset.do]) {
    closeMenu();
    doing[item.dataset.do](message, item);
  }
});

document.addEventListener('submit', (e) => {
  if (!e.target.matches('.edit-box')) return;
  e.preventDefault();
  saveEdit(e.target);
});

document.addEventListener('input', (e) => {
  if (e.target.matches('.edit-box textarea')) grow(e.target);
});

document.addEventListener('keydown', (e) => {
  const form = e.target.closest?.('.edit-box');
  if (!form) return;
  if (e.key === 'Escape') {
    e.preventDefault();
    stopEdit(form);
  } else if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) {
    e.preventDefault();
    saveEdit(form);
  }
});

// Alt and an arrow go to the next channel, as in Slack.
addEventListener('keydown', (e) => {
  if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) {
    const lines = [...document.querySelectorAll('.lists a.line')];
    const at = lines.findIndex((l) => l.getAttribute('aria-current'));
    const next = lines[at + (e.key === 'ArrowDown' ? 1 : -1)];
    if (next) {
      e.preventDefault();
      go(next.href);
    }
  }
});
