// Makes a part of the page equal to what the server says it should be,
// touching only what differs: focus, scroll and selection stay.

const keyOf = (node) => (node.nodeType === 1 ? node.dataset.key || node.dataset.group || node.id || '' : '');

export function parse(html) {
  const template = document.createElement('template');
  template.innerHTML = html;
  return template.content;
}

export function morphInto(container, html) {
  children(container, parse(html));
}

function children(old, next) {
  const keyed = new Map();
  for (const child of old.children) if (keyOf(child)) keyed.set(keyOf(child), child);
  let at = old.firstChild;
  for (const wanted of [...next.childNodes]) {
    const key = keyOf(wanted);
    let have = key ? keyed.get(key) : at;
    if (have && !key && (have.nodeType !== wanted.nodeType || have.nodeName !== wanted.nodeName || keyOf(have))) have = null;
    if (!have) {
      old.insertBefore(wanted, at);
      continue;
    }
    if (have !== at) old.insertBefore(have, at);
    else at = at.nextSibling;
    one(have, wanted);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function one(old, next) {
  if (old.nodeType !== 1) {
    if (old.nodeValue !== next.nodeValue) old.nodeValue = next.nodeValue;
    return;
  }
  if (old.dataset.v && old.dataset.v === next.dataset.v) return;
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name) && name !== 'open') old.removeAttribute(name);
  for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  children(old, next);
}
