// What an agent is told while they look elsewhere: by the system's notifications
// and a sound, each only where they have switched it on. Of what, is the same on
// all their devices; whether, is for this one.

import { get } from './http.js';
import { holds } from './live.js';
import { read, write } from './keep.js';
import { t } from './t.js';

const others = 'BroadcastChannel' in window ? new BroadcastChannel('caseline-shown') : null;
const answering = 150; // how long other tabs have to say that they show it, in ms
const every = 3000; // at most one sound in this time, in ms

let seen = null; // how far the agent's chats had come, by case
let named = null; // the notes that named the agent, as case@seq
let rang = 0;
let sound = null;

export const here = () => 'Notification' in window && Notification.permission === 'granted' && read('notify', false);

export function start() {
  if (others) {
    others.onmessage = ({ data }) => {
      if (data.asks && shows(data.asks)) others.postMessage({ shown: data.asks.id });
    };
  }
  // Whatever else has something to tell sends this event.
  document.addEventListener('tell', ({ detail }) => tell(detail));
  settings();
}

// shows reports whether this tab has in sight what somebody would be told of: the
// page of the case, or for a request any page.
function shows(news) {
  if (document.visibilityState !== 'visible' || !document.hasFocus()) return false;
  return news.kind === 'queue' || news.kind === 'offer' || document.body.dataset.case === news.case;
}

// counted hears what the lists have become; before is how many were waiting.
export function counted(answer, before) {
  if (before >= 0 && answer.waiting > before) {
    tell({ kind: 'queue', id: 'queue', title: t('Somebody is waiting for an agent.'), href: '/' });
  }
  const now = new Map((answer.mine || []).map((chat) => [chat.case, chat.seq]));
  for (const chat of seen ? answer.mine || [] : []) {
    if (!seen.has(chat.case)) continue;
    if (chat.seq > seen.get(chat.case) && !chat.own) {
      tell({ kind: 'words', id: 'case ' + chat.case, case: chat.case, title: t('%s has written.', chat.from), body: chat.subject, href: '/cases/' + chat.number });
    }
  }
  seen = now;
  const notes = answer.notes || [];
  for (const note of named ? notes.filter((n) => !named.includes(n)) : []) {
    tell({ kind: 'mention', id: 'note ' + note, case: note.split('@')[0], title: t('A colleague names you in a note.'), href: '/chats' });
  }
  named = notes;
}

// tell tells of something, {kind, id, title, body, case, href}, unless a tab shows it.
// Of all tabs, the one that holds the stream does.
export async function tell(news) {
  if (!holds() || !here() || shows(news)) return;
  if (!(await chosen()).includes(news.kind) || (await shownElsewhere(news))) return;
  const note = new Notification(news.title, { body: news.body || '', tag: news.id, lang: document.documentElement.lang, icon: document.querySelector('link[rel=icon]').href, silent: true });
  note.onclick = () => {
    window.focus();
    if (news.href) location.assign(news.href);
    note.close();
  };
  if (read('sound', false)) ring();
}

// chosen are the kinds that the agent wants to be told of now.
async function chosen() {
  try {
    return (await get('/me/notifications')).of;
  } catch {
    return [];
  }
}

function shownElsewhere(news) {
  if (!others) return Promise.resolve(false);
  return new Promise((done) => {
    const hear = ({ data }) => data.shown === news.id && end(true);
    const late = setTimeout(() => end(false), answering);
    const end = (shown) => {
      clearTimeout(late);
      others.removeEventListener('message', hear);
      done(shown);
    };
    others.addEventListener('message', hear);
    others.postMessage({ asks: { kind: news.kind, id: news.id, case: news.case } });
  });
}

// ring plays two short tones, one above the other.
export function ring() {
  if (Date.now() - rang < every) return;
  rang = Date.now();
  sound ??= new AudioContext();
  sound.resume();
  [[660, 0], [880, 0.12]].forEach(([pitch, after]) => {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    const begin = sound.currentTime + after;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, begin);
    volume.gain.exponentialRampToValueAtTime(0.12, begin + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, begin + 0.25);
    tone.connect(volume).connect(sound.destination);
    tone.start(begin);
    tone.stop(begin + 0.26);
  });
}

// badge marks the page's icon while something wants the agent.
export function badge(on) {
  const icon = document.querySelector('link[rel=icon]');
  const want = on ? icon.dataset.urging : icon.dataset.plain;
  if (want && icon.getAttribute('href') !== want) icon.setAttribute('href', want);
}

// settings are those of this device, on the page of notifications.
function settings() {
  const press = document.getElementById('notify-here');
  const sounds = document.getElementById('sound-here');
  if (!press || !sounds) return;
  const draw = () => {
    const refused = 'Notification' in window ? Notification.permission === 'denied' : true;
    press.textContent = here() ? t('Switch notifications off here') : t('Switch notifications on here');
    press.disabled = refused;
    document.getElementById('notify-state').textContent = refused
      ? t('This browser does not let the console notify you. Allow it in the browser’s settings for this address.')
      : here() ? t('Notifications are on in this browser.') : t('Notifications are off in this browser.');
    sounds.checked = read('sound', false);
  };
  press.addEventListener('click', async () => {
    if (here()) write('notify', false);
    else if ((await Notification.requestPermission()) === 'granted') write('notify', true);
    draw();
  });
  sounds.addEventListener('change', () => {
    write('sound', sounds.checked);
    if (sounds.checked) ring();
  });
  draw();
}
