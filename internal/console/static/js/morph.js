// Makes a part of the page equal to what the server says it should be,
// touching only what differs: focus, scroll and selection stay, and so does what
// somebody is just pressing. A form is named by what it does, so that none
// becomes another under the hand.

const keyOf = (node) => {
  if (node.nodeType !== 1) return '';
  return node.dataset.key || node.dataset.group || node.id || (node.nodeName === 'FORM' ? 'form ' + node.getAttribute('action') : '');
};

export function parse(html) {
  const template = document.createElement('template');
  template.innerHTML = html;
  return template.content;
}

export function morphInto(container, html) {
  children(container, parse(html));
}

function children(old, next) {
  const keys = new Set([...next.children].map(keyOf));
  const keyed = new Map();
  // What goes, goes first: what stays then need not be moved, which would take
  // the focus from it and undo a press.
  for (const child of [...old.children]) {
    const key = keyOf(child);
    if (!key) continue;
    if (keys.has(key) && !keyed.has(key)) keyed.set(key, child);
    else child.remove();
  }
  let at = old.firstChild;
  const drop = () => {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  };
  for (const wanted of [...next.childNodes]) {
    const key = keyOf(wanted);
    let have = key ? keyed.get(key) : at;
    keyed.delete(key);
    if (have && !key && (have.nodeType !== wanted.nodeType || have.nodeName !== wanted.nodeName || keyOf(have))) have = null;
    if (!have) {
      old.insertBefore(wanted, at);
      continue;
    }
    while (key && at && at !== have && !keyOf(at)) drop(); // such as the space between two that were there
    if (have !== at) old.insertBefore(have, at);
    else at = at.nextSibling;
    morph(have, wanted);
  }
  while (at) drop();
}

// morph makes one node equal to another of the same name.
export function morph(old, next) {
  if (old.nodeType !== 1) {
    if (old.nodeValue !== next.nodeValue) old.nodeValue = next.nodeValue;
    return;
  }
  if (old.dataset.v && old.dataset.v === next.dataset.v) return;
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name) && name !== 'open') old.removeAttribute(name);
  for (const { name, value } of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  children(old, next);
}
