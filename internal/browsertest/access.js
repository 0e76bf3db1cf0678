// Says what of the page somebody could not use: who sees little, who uses a
// keyboard, who hears the page or needs it large. The names of things are looked at
// elsewhere, in what the browser tells assistive devices.
() => {
  const wrong = [];
  // What is on its way to its place is looked at as it arrives.
  for (let i = 0; i < 50 && document.getAnimations().length > 0; i++) { // what is inherited follows, one after the other
    for (const a of document.getAnimations()) if (a.effect?.getComputedTiming().endTime !== Infinity) a.finish();
  }
  const what = (e) => {
    const text = (e.getAttribute('aria-label') || e.textContent || e.name || '').trim().replace(/\s+/g, ' ').slice(0, 40);
    return `<${e.localName}${e.id ? '#' + e.id : ''}${[...e.classList].map((c) => '.' + c).join('')}> “${text}”`;
  };
  const seen = (e) => e.checkVisibility({ checkVisibilityCSS: true, checkOpacity: false }) && e.getClientRects().length > 0;
  const box = (e) => e.getBoundingClientRect();
  const modal = document.querySelector('dialog:modal');
  const scope = modal || document.body;
  const hushed = (e) => e.closest('.sr, .skip') || (box(e).width <= 1 && box(e).height <= 1);

  // Colours, by what a browser paints of them.
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const known = new Map();
  const rgba = (color) => {
    if (!known.has(color)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(color, [r, g, b, a / 255]);
    }
    return known.get(color);
  };
  const over = ([r, g, b, a], ground) => [0, 1, 2].map((i) => [r, g, b][i] * a + ground[i] * (1 - a)).concat(1);
  const groundOf = (e) => {
    const layers = [];
    for (let at = e; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] > 0) layers.push(color);
      if (color[3] === 1) break;
    }
    const scheme = getComputedStyle(document.documentElement).colorScheme;
    const dark = scheme.includes('dark') && (!scheme.includes('light') || matchMedia('(prefers-color-scheme: dark)').matches);
    return layers.reverse().reduce((ground, color) => over(color, ground), dark ? [18, 18, 18, 1] : [255, 255, 255, 1]);
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ratio = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((m, n) => n - m);
    return (x + 0.05) / (y + 0.05);
  };
  const faded = (e) => {
    let opacity = 1;
    for (let at = e; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
    return opacity;
  };

  // 1.4.3: texts stand out from what is behind them.
  const told = new Set();
  const legible = (e, style, text, at) => {
    const ground = groundOf(e);
    const [r, g, b, a] = rgba(style.color);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const got = ratio(over([r, g, b, a * faded(e)], ground), ground);
    const line = `contrast ${got.toFixed(2)} of ${what(at)}`;
    if (got < (large ? 3 : 4.5) - 0.005 && !told.has(e.className + text)) {
      told.add(e.className + text);
      wrong.push(line);
    }
  };
  const texts = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const e = node.parentElement;
    if (!node.nodeValue.trim() || !e || !seen(e) || hushed(e) || e.closest(':disabled, option, script, style, datalist')) continue;
    if (faded(e) > 0) legible(e, getComputedStyle(e), '', e);
  }
  for (const e of scope.querySelectorAll('input[placeholder], textarea[placeholder]')) {
    if (seen(e) && !e.value) legible(e, { ...['fontSize', 'fontWeight'].reduce((s, k) => ({ ...s, [k]: getComputedStyle(e)[k] }), {}), color: getComputedStyle(e, '::placeholder').color }, 'placeholder', e);
  }

  // 1.4.11: fields are seen to be there.
  for (const e of scope.querySelectorAll('input:not([type=hidden], [type=radio], [type=checkbox], [type=file]), textarea, select')) {
    if (!seen(e) || hushed(e)) continue;
    let edge = e; // the border may be that of what stands around it
    for (let i = 0; i < 3 && parseFloat(getComputedStyle(edge).borderTopWidth) === 0 && parseFloat(getComputedStyle(edge).borderBottomWidth) === 0; i++) edge = edge.parentElement;
    const behind = groundOf(edge.parentElement);
    const got = Math.max(ratio(over(rgba(getComputedStyle(edge).borderBottomColor), behind), behind), ratio(groundOf(edge), behind));
    if (got < 3) wrong.push(`edge ${got.toFixed(2)} of ${what(e)}`);
  }

  // 2.4.3, 2.4.7: the focus goes in the order in which one reads, and is seen.
  const selector = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';
  const stops = [...scope.querySelectorAll(selector)].filter((e) => seen(e) && !e.matches(':disabled, [tabindex="-1"]') && !(e.closest('details:not([open])') && !e.matches('summary')));
  for (const e of stops) if (e.tabIndex > 0) wrong.push(`tabindex ${e.tabIndex} of ${what(e)}`);
  const region = (e) => e.closest('dialog, .menu, .log-scroll, .composer, .head, .side, .work, .rail, li, tr, form, main, aside, header') || document.body;
  let before = null;
  for (const e of stops) {
    if (hushed(e)) continue;
    if (before && !(before.matches('summary') && before.parentElement.contains(e)) && region(before) === region(e) && box(e).bottom <= box(before).top - 4 && box(e).left < box(before).right) {
      wrong.push(`focus goes up from ${what(before)} to ${what(e)}`);
    }
    before = e;
  }
  const looks = (e) => {
    const around = [e, e.parentElement, e.parentElement?.parentElement, e.parentElement?.parentElement?.parentElement, e.nextElementSibling, ...e.children].filter(Boolean);
    return around.map((n) => {
      const s = getComputedStyle(n);
      return [s.outlineStyle === 'none' ? '' : s.outline, s.boxShadow, s.borderColor, s.backgroundColor, s.clipPath, s.translate, s.transform].join('|');
    }).join('\n');
  };
  const still = (e) => {
    for (const n of [e, e.parentElement, e.parentElement?.parentElement].filter(Boolean)) n.getAnimations({ subtree: true }).forEach((a) => a.finish?.call && a.effect?.getComputedTiming().endTime !== Infinity && a.finish());
  };
  const had = document.activeElement;
  had?.blur?.();
  const kinds = new Set();
  for (const e of stops) {
    const kind = e.localName + ' ' + e.className + (e.type || '');
    if (kinds.has(kind)) continue; // others of the kind look the same
    kinds.add(kind);
    still(e);
    const plain = looks(e);
    e.focus({ preventScroll: true, focusVisible: true });
    still(e);
    if (document.activeElement === e && looks(e) === plain) wrong.push(`the focus is not seen on ${what(e)}`);
    e.blur();
  }
  had?.focus?.({ preventScroll: true });

  // 2.5.8: what is pressed is 24 px wide and high, stands in a sentence, or has room
  // around it.
  const targets = stops.filter((e) => !hushed(e)).map((e) => (e.matches('input[type=radio], input[type=checkbox], input[type=file]') && e.closest('label')) || e);
  const apart = '.side, .work, .head, .log-scroll, .dock, .rail, .scroll, dialog'; // what scrolls under another is beside it by chance
  const centre = (r) => [r.left + r.width / 2, r.top + r.height / 2];
  for (const e of new Set(targets)) {
    const r = box(e);
    if (r.width >= 23.5 && r.height >= 23.5) continue;
    if (e.matches('[role=region], [role=log], main, section') || (e.matches('a, button') && getComputedStyle(e).display === 'inline' && [...e.parentElement.childNodes].some((n) => n.nodeType === 3 && n.nodeValue.trim()))) continue;
    const [x, y] = centre(r);
    const near = targets.find((o) => o !== e && o.closest(apart) === e.closest(apart) &&  !o.contains(e) && !e.contains(o) && seen(o) && (() => {
      const s = box(o);
      const dx = Math.max(s.left - x, 0, x - s.right), dy = Math.max(s.top - y, 0, y - s.bottom);
      return Math.hypot(dx, dy) < 12;
    })());
    if (near) wrong.push(`target of ${r.width.toFixed(0)} × ${r.height.toFixed(0)} px: ${what(e)}, near ${what(near)}`);
  }

  // How the page is made up.
  const ids = new Map();
  for (const e of document.querySelectorAll('[id]')) ids.set(e.id, (ids.get(e.id) || 0) + 1);
  for (const [id, n] of ids) if (n > 1) wrong.push(`${n} elements have the id ${id}`);
  for (const e of document.querySelectorAll('[aria-labelledby], [aria-describedby], [aria-controls], label[for]')) {
    for (const name of ['aria-labelledby', 'aria-controls', 'for']) {
      for (const id of (e.getAttribute(name) || '').split(' ').filter(Boolean)) if (!document.getElementById(id)) wrong.push(`${name} of ${what(e)} names ${id}, which is not there`);
    }
  }
  if (document.querySelectorAll('main').length !== 1) wrong.push(`${document.querySelectorAll('main').length} <main>`);
  const navs = [...document.querySelectorAll('nav, aside, [role=search], [role=region]')].filter(seen);
  for (const n of navs) if (!n.getAttribute('aria-label') && !n.getAttribute('aria-labelledby')) wrong.push(`a landmark without a name: ${what(n)}`);
  const lang = document.documentElement.lang;
  if (!/^[a-z]{2}$/.test(lang)) wrong.push(`the page has the language “${lang}”`);
  if (!document.title.trim()) wrong.push('the page has no title');
  let level = 0;
  const heads = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter((h) => seen(h) && (modal ? modal.contains(h) : !h.closest('dialog, nav')));
  if (!modal && heads.filter((h) => h.localName === 'h1').length !== 1) wrong.push(`${heads.filter((h) => h.localName === 'h1').length} <h1>`);
  for (const h of heads) {
    const at = Number(h.localName[1]);
    if (!modal && at > level + 1) wrong.push(`<${h.localName}> “${h.textContent.trim()}” comes after <h${level}>`);
    level = at;
  }
  // 4.1.3: what comes by itself is told. Each of these is a region from the beginning,
  // or nothing that comes into it later is heard.
  const regions = { toasts: 'status', linkstate: 'status', banners: 'status', late: 'status', looks: 'status', waits: 'status', log: 'log', 'composer-count': 'status', 'bulk-count': 'status', 'palette-none': 'status' };
  if (document.body.matches('.shell')) for (const id of ['toasts', 'linkstate', 'banners']) if (!document.getElementById(id)) wrong.push(`there is no #${id}`);
  for (const [id, role] of Object.entries(regions)) {
    const e = document.getElementById(id);
    if (!e) continue;
    if (e.getAttribute('role') !== role) wrong.push(`#${id} is no ${role}`);
    if ((e.getAttribute('aria-live') || 'polite') !== 'polite' || e.closest('[aria-hidden=true], [aria-busy=true]')) wrong.push(`#${id} is not told of politely`);
    if (!(e.getAttribute('aria-relevant') || 'additions text').includes('additions')) wrong.push(`what is added to #${id} is not told`);
  }
  for (const e of document.querySelectorAll('[role=log]')) if (e.getAttribute('aria-live') !== 'polite' || e.getAttribute('aria-relevant') !== 'additions') wrong.push(`it is not said what is told of ${what(e)}`);
  for (const e of document.querySelectorAll('.field-error')) if (e.textContent.trim() && e.getAttribute('role') !== 'alert') wrong.push(`what is wrong is not told: ${what(e)}`);
  for (const e of scope.querySelectorAll('img:not([alt])')) wrong.push(`no alt: ${what(e)}`);
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth + 1) {
    const wide = [...document.querySelectorAll('body *')].find((e) => seen(e) && box(e).right > document.documentElement.clientWidth + 1);
    wrong.push(`the page is ${document.documentElement.scrollWidth} px wide in a window of ${document.documentElement.clientWidth}: ${wide ? what(wide) : ''}`);
  }
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
    for (const a of document.getAnimations()) {
      if (a.playState === 'running' && a.effect?.getComputedTiming().duration > 50) wrong.push(`it moves for those who want no motion: ${what(a.effect.target)}`);
    }
  }
  return wrong;
}
