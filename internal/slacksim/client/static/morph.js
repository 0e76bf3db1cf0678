// morph lays a freshly drawn tree over the one that is shown, changing only
// what differs, so that focus, selections and half-typed words stay.
//
//   data-key   names a node among its siblings
//   data-keep  belongs to the script once it is there: never changed
//   data-ui    was put there by the script: never removed

const own = new Set(['style', 'open', 'aria-expanded', 'aria-busy', 'aria-activedescendant', 'data-new', 'data-busy', 'data-ready', 'data-editing']);

function keyOf(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return '';
  if (node.dataset.key) return node.dataset.key;
  const name = node.getAttribute('name');
  if (name) return node.type === 'radio' || node.type === 'checkbox' ? `${name}=${node.value}` : name;
  if (node.classList.contains('bk') && node.dataset.blockId) return `block ${node.dataset.blockId}`;
  return node.id;
}

// signature is what makes a picker a different one: what it offers.
function signature(picker) {
  const options = [...picker.querySelectorAll('[role=option]')].map((o) => `${o.dataset.value}\n${o.textContent}`);
  return [picker.dataset.name, picker.dataset.max, 'external' in picker.dataset ? '' : options].join('\n\n');
}

export function morph(from, to) {
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return;
  }
  if (from.hasAttribute('data-keep')) return;
  if (from.nodeName === 'TEMPLATE') {
    if (from.innerHTML !== to.innerHTML) from.innerHTML = to.innerHTML;
    attributes(from, to);
    return;
  }
  if (from.hasAttribute('data-picker') && signature(from) === signature(to)) return;
  attributes(from, to);
  children(from, to);
}

function attributes(from, to) {
  for (const {name, value} of [...to.attributes]) {
    if (!own.has(name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  for (const {name} of [...from.attributes]) {
    if (!own.has(name) && !to.hasAttribute(name)) from.removeAttribute(name);
  }
}

function children(from, to) {
  const wanted = new Set([...to.children].map(keyOf).filter(Boolean));
  const keyed = new Map();
  for (const child of from.children) if (keyOf(child)) keyed.set(keyOf(child), child);
  let at = from.firstChild;
  const drop = () => {
    const next = at.nextSibling;
    at.remove();
    at = next;
  };
  const ours = (node) => node.nodeType === Node.ELEMENT_NODE && node.hasAttribute('data-ui');
  for (const want of [...to.childNodes]) {
    while (at && (ours(at) || (keyOf(at) && !wanted.has(keyOf(at))))) ours(at) ? (at = at.nextSibling) : drop();
    const have = match(want, at, keyed);
    if (!have) {
      from.insertBefore(document.importNode(want, true), at);
      continue;
    }
    keyed.delete(keyOf(want));
    if (have === at) at = at.nextSibling;
    else from.insertBefore(have, at);
    morph(have, want);
  }
  while (at) ours(at) ? (at = at.nextSibling) : drop();
}

function match(want, at, keyed) {
  const key = keyOf(want);
  if (key) {
    const have = keyed.get(key);
    return have && have.nodeName === want.nodeName ? have : null;
  }
  for (let node = at; node; node = node.nextSibling) {
    if (keyOf(node)) return null;
    if (node.nodeName === want.nodeName && !(node.nodeType === Node.ELEMENT_NODE && node.hasAttribute('data-ui'))) return node;
  }
  return null;
}
