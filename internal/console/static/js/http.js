// Requests to our own server, which answers scripts in JSON.

import { t } from './t.js';

// A Problem is an answer that is not what was asked for. Its status is 0 when
// there was no answer at all. Its field is what of the form it is about; "sure" has
// it be a question.
export class Problem extends Error {
  constructor(status, message, field = '') {
    super(message);
    this.status = status;
    this.field = field;
  }
}

const unreachable = t('The server cannot be reached.');

async function send(url, options) {
  let response;
  try {
    response = await fetch(url, { ...options, headers: { Accept: 'application/json', ...options.headers } });
  } catch {
    throw new Problem(0, unreachable);
  }
  let body;
  try {
    body = await response.json();
  } catch {
    throw new Problem(response.ok ? 0 : response.status, response.ok ? unreachable : t('Internal error'));
  }
  if (!response.ok) {
    if (response.status === 401) document.dispatchEvent(new CustomEvent('signedout'));
    throw new Problem(response.status, body.error, body.field);
  }
  return body;
}

// upload posts a form with a file, and tells how much of it has gone, from 0 to
// 1. Only the older kind of request can tell that.
export function upload(url, fields, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.setRequestHeader('Accept', 'application/json');
    request.upload.addEventListener('progress', (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener('error', () => reject(new Problem(0, unreachable)));
    request.addEventListener('load', () => {
      let body;
      try {
        body = JSON.parse(request.responseText);
      } catch {
        body = null;
      }
      const ok = request.status >= 200 && request.status < 300;
      if (ok && body) resolve(body);
      else if (ok || !request.status) reject(new Problem(0, unreachable));
      else {
        if (request.status === 401) document.dispatchEvent(new CustomEvent('signedout'));
        reject(new Problem(request.status, body?.error || t('Internal error')));
      }
    });
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    request.send(form);
  });
}

// What is only read is given up when it takes too long: a connection may have died
// in silence, and whoever asks tries again.
export const get = (url, options) => send(url, { cache: 'no-store', signal: AbortSignal.timeout(15_000), ...options });

export const post = (url, fields) => send(url, { method: 'POST', body: new URLSearchParams(fields) });

// beacon posts as the page goes away, and waits for no answer. The browser sends it
// even when the page is gone.
export const beacon = (url, fields) => {
  send(url, { method: 'POST', body: new URLSearchParams(fields), keepalive: true }).catch(() => {});
};
