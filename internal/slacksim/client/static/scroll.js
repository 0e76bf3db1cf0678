// Where lists of messages stand, what is new in them, and what has been read.
import {here, post} from './net.js';

const stuck = new WeakMap(); // scroller → it stands at its end
const shown = new WeakMap(); // scroller → its key when it was last laid
const held = new Map(); // scroller → what to put back after laying
let unread = {channel: '', from: ''};
const marked = new Map(); // channel → ts

const atEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 60;

export function toEnd(box) {
  box.scrollTop = box.scrollHeight;
  stuck.set(box, true);
}

document.addEventListener('scroll', (e) => {
  if (e.target.matches?.('[data-scroll]')) stuck.set(e.target, atEnd(e.target));
}, true);

document.addEventListener('load', (e) => {
  const box = e.target.closest?.('[data-scroll]');
  if (e.target.nodeName === 'IMG' && box && stuck.get(box)) toEnd(box);
}, true);

addEventListener('resize', () => {
  for (const box of document.querySelectorAll('[data-scroll]')) if (stuck.get(box)) toEnd(box);
});

document.addEventListener('beforelay', () => {
  held.clear();
  for (const box of document.querySelectorAll('[data-scroll]')) {
    if (stuck.get(box)) continue;
    const top = box.getBoundingClientRect().top;
    const first = [...box.querySelectorAll('[data-message-ts]')].find((m) => m.getBoundingClientRect().bottom > top);
    if (first) held.set(box, {first, offset: first.getBoundingClientRect().top});
  }
});

document.addEventListener('laid', () => {
  for (const box of document.querySelectorAll('[data-scroll]')) {
    const list = box.querySelector('[data-list]');
    if (shown.get(box) !== box.dataset.key) {
      shown.set(box, box.dataset.key);
      if (!list) continue;
      if (list.dataset.list === 'channel') unread = {channel: list.dataset.channel, from: list.dataset.read};
      markNew();
      const line = box.querySelector('.new-line');
      if (!location.hash) toEnd(box);
      if (line && !location.hash && line.getBoundingClientRect().top < box.getBoundingClientRect().top) line.scrollIntoView({block: 'start'});
      stuck.set(box, atEnd(box));
    } else if (stuck.get(box)) {
      toEnd(box);
    } else if (held.get(box)?.first.isConnected) {
      box.scrollTop += held.get(box).first.getBoundingClientRect().top - held.get(box).offset;
    }
  }
  markNew();
  markRead();
});

// markNew draws the line above what was new when the channel was entered.
function markNew() {
  const list = document.querySelector('[data-list=channel]');
  let line = list?.querySelector('.new-line');
  if (!list || list.dataset.channel !== unread.channel || !Number(unread.from)) {
    line?.remove();
    return;
  }
  const first = [...list.querySelectorAll('[data-kind=message]:not([data-own])')].find((m) => Number(m.dataset.messageTs) > Number(unread.from));
  if (!first) {
    line?.remove();
    return;
  }
  if (!line) {
    line = document.createElement('div');
    line.className = 'new-line';
    line.setAttribute('data-ui', '');
    line.setAttribute('role', 'separator');
    line.innerHTML = '<span>New</span>';
  }
  if (line.nextElementSibling !== first) first.before(line);
}

function markRead() {
  const list = document.querySelector('[data-list=channel]');
  if (!list || document.visibilityState === 'hidden') return;
  const {channel, latest, read} = list.dataset;
  if (!Number(latest) || Number(latest) <= Math.max(Number(read), Number(marked.get(channel) ?? 0))) return;
  marked.set(channel, latest);
  post(`${here()}/read`, {ts: latest}, () => marked.delete(channel));
}

export function forgetNew() {
  unread = {channel: '', from: ''};
  markNew();
}
