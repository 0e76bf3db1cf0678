// Menus: one at a time, beside the button they belong to.

let open = null; // {box, origin}

export function closeMenu(refocus) {
  if (!open) return;
  const {box, origin} = open;
  open = null;
  box.remove();
  origin.setAttribute('aria-expanded', 'false');
  if (refocus && origin.isConnected) origin.focus();
}

// originOf returns the button whose menu a node stands in.
export function originOf(node) {
  return open && open.box.contains(node) ? open.origin : null;
}

// openMenu shows nodes as a menu beside origin.
export function openMenu(origin, nodes, label) {
  const again = open?.origin === origin;
  closeMenu();
  if (again) return null;
  const box = document.createElement('div');
  box.className = 'menu';
  box.setAttribute('role', 'menu');
  box.setAttribute('data-ui', '');
  box.setAttribute('aria-label', label ?? origin.getAttribute('aria-label') ?? 'Menu');
  box.append(nodes);
  (origin.closest('dialog') ?? document.body).append(box);
  place(box, origin);
  origin.setAttribute('aria-expanded', 'true');
  open = {box, origin};
  items(box)[0]?.focus();
  return box;
}

function place(box, origin) {
  const at = origin.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  const below = at.bottom + 4 + size.height <= innerHeight - 8;
  box.style.top = `${Math.max(8, below ? at.bottom + 4 : Math.min(at.top - 4 - size.height, innerHeight - 8 - size.height))}px`;
  const left = at.left + size.width <= innerWidth - 8 ? at.left : at.right - size.width;
  box.style.left = `${Math.max(8, Math.min(left, innerWidth - 8 - size.width))}px`;
}

function items(box) {
  return [...box.querySelectorAll('[role=menuitem]')].filter((i) => !i.hidden);
}

document.addEventListener('click', (e) => {
  const button = e.target.closest('[data-menu]');
  if (button) {
    const from = button.parentElement.querySelector('template[data-items]');
    openMenu(button, from.content.cloneNode(true));
  } else if (open && !open.box.contains(e.target) && !open.origin.contains(e.target)) {
    closeMenu();
  }
});

document.addEventListener('keydown', (e) => {
  if (!open) return;
  const all = items(open.box);
  const at = all.indexOf(document.activeElement);
  const grid = open.box.querySelector('.emoji-grid');
  const steps = {ArrowDown: grid ? 8 : 1, ArrowUp: grid ? -8 : -1, ArrowRight: grid ? 1 : 0, ArrowLeft: grid ? -1 : 0};
  if (e.key === 'Escape' || e.key === 'Tab') {
    if (e.key === 'Escape') e.preventDefault();
    closeMenu(true);
  } else if (steps[e.key]) {
    e.preventDefault();
    all[(at + steps[e.key] + all.length) % all.length]?.focus();
  } else if (e.key === 'Home' || e.key === 'End') {
    e.preventDefault();
    all.at(e.key === 'Home' ? 0 : -1)?.focus();
  } else if (e.key.length === 1 && /\S/.test(e.key)) {
    const next = [...all.slice(at + 1), ...all].find((i) => i.textContent.trim().toLowerCase().startsWith(e.key.toLowerCase()));
    next?.focus();
  }
});

addEventListener('resize', () => closeMenu());
