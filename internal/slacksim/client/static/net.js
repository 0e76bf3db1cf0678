// Talking to the server, and telling people when that fails.

export const base = document.body.dataset.base;

// post sends fields to an address. It returns the response, or null after
// telling what went wrong; quietly leaves the telling to the caller.
export async function post(url, fields = {}, quietly) {
  const body = fields instanceof FormData ? fields : new FormData();
  if (body !== fields) {
    for (const [name, value] of Object.entries(fields)) {
      for (const v of [value].flat()) if (v !== undefined && v !== null) body.append(name, v);
    }
  }
  let problem;
  try {
    const answer = await fetch(url, {method: 'POST', body});
    if (answer.ok) return answer;
    problem = (await answer.text()).trim();
  } catch {
    problem = 'The simulated Slack cannot be reached.';
  }
  if (quietly) quietly(problem);
  else toast(problem);
  return null;
}

export async function json(url, fields) {
  const answer = fields ? await post(url, fields) : await fetch(url);
  return answer?.ok ? answer.json() : null;
}

// toast shows a sentence for a while.
export function toast(text) {
  const box = document.createElement('div');
  box.className = 'toast';
  box.textContent = text;
  const place = document.querySelector('dialog[open]') ?? document.getElementById('toasts');
  place.append(box);
  setTimeout(() => box.remove(), 6000);
}

// here is the address of the channel that is shown, or the person's own.
export function here() {
  return location.pathname;
}
