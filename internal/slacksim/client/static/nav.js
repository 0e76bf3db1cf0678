// Going from channel to channel without loading the page anew.
import {base, post} from './net.js';
import {refresh} from './live.js';
import {closeMenu} from './menu.js';
import {closeDialogs} from './dialog.js';

export async function go(url) {
  const to = new URL(url, location.href);
  if (to.origin !== location.origin || !to.pathname.startsWith(base)) {
    location.assign(to);
    return;
  }
  history.pushState(null, '', to);
  closeMenu();
  closeDialogs();
  showSidebar(false);
  await refresh();
  reveal();
}

// follow goes where an answer leads.
export function follow(answer) {
  const to = answer?.headers.get('X-Goto');
  if (to) return go(to);
  return answer ? refresh() : null;
}

export function showSidebar(open) {
  document.body.toggleAttribute('data-sidebar', open);
}

// reveal brings the message in the address into view.
function reveal() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (!id) return;
  const message = document.getElementById(id) ?? document.getElementById(`t-${id}`);
  if (!message) return;
  message.scrollIntoView({block: 'center'});
  message.setAttribute('data-ui-found', '');
  setTimeout(() => message.removeAttribute('data-ui-found'), 3000);
}

document.addEventListener('click', async (e) => {
  const link = e.target.closest('a[data-nav]');
  if (link && !e.metaKey && !e.ctrlKey && !e.shiftKey && e.button === 0) {
    e.preventDefault();
    await go(link.href);
    if (link.dataset.act === 'reply' || link.dataset.do === 'reply') document.querySelector('#side [data-composer] textarea')?.focus();
    return;
  }
  const act = e.target.closest('[data-act]')?.dataset.act;
  if (act === 'sidebar-open') showSidebar(true);
  if (act === 'sidebar-close') showSidebar(false);
  const poster = e.target.closest('[data-post]');
  if (poster) {
    closeMenu();
    follow(await post(poster.dataset.post, {people: poster.dataset.people}));
  }
});

// A dialog's form leads where its answer says.
document.addEventListener('submit', async (e) => {
  const form = e.target.closest('[data-dialog-form]');
  if (!form) return;
  e.preventDefault();
  const url = form.dataset.to ? `${location.pathname}/${form.dataset.to}` : form.getAttribute('action');
  const answer = await post(url, new FormData(form));
  if (!answer) return;
  form.closest('dialog').close('done');
  follow(answer);
});

document.addEventListener('keydown', (e) => {
  if (e.key !== 'Escape' || e.defaultPrevented || document.querySelector('dialog[open], .menu')) return;
  if (document.body.hasAttribute('data-sidebar')) showSidebar(false);
  else document.querySelector('#side [data-act=side-close]')?.click();
});

addEventListener('popstate', () => refresh().then(reveal));
addEventListener('load', reveal);
