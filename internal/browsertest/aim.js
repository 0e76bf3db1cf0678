// Says where to press the first thing that a selector finds, or why that is not
// possible now, and listens for the click.
async (selector, number) => {
  const frame = () => new Promise((done) => {
    const late = setTimeout(done, 250); // a page that is not drawn has no frames
    requestAnimationFrame(() => {
      clearTimeout(late);
      done();
    });
  });
  const what = (e) => (e?.cloneNode ? e.cloneNode(false).outerHTML ?? e.nodeName : String(e));
  const box = (e) => [...e.getClientRects()].find((r) => r.width > 0 && r.height > 0);
  const seen = (e) => e.checkVisibility({ checkVisibilityCSS: true }) && box(e);
  const find = () => [...document.querySelectorAll(selector)].find((e) => seen(e) && !e.matches(':disabled, [aria-busy=true]'));
  const middle = (r) => ({ x: r.left + r.width / 2, y: r.top + r.height / 2 });
  const top = (r) => document.elementFromPoint(middle(r).x, middle(r).y);
  const free = (e) => box(e) && e.contains(top(box(e)));

  const e = find();
  if (!e) {
    const all = [...document.querySelectorAll(selector)];
    if (all.length === 0) return { not: 'nothing on the page is that' };
    return { not: all.some(seen) ? 'it is disabled or busy' : 'it is hidden' };
  }
  for (const block of ['nearest', 'center']) {
    if (!free(e)) e.scrollIntoView({ block, inline: 'nearest', behavior: 'instant' });
  }
  await frame();
  const before = box(e);
  await frame();
  const now = box(e);
  if (!before || !now || find() !== e) return { not: 'it is being drawn anew' };
  if (['left', 'top', 'width', 'height'].some((side) => before[side] !== now[side])) return { not: 'it moves' };
  if (!free(e)) return { not: 'it is covered by ' + what(top(now)) };

  window.browsertestDeaf?.();
  const heard = (event) => {
    if (!event.isTrusted) return;
    window.browsertestDeaf();
    browsertestClicked(JSON.stringify({ try: number, hit: Boolean(event.target.closest?.(selector)), on: what(event.target) }));
  };
  window.browsertestDeaf = () => removeEventListener('click', heard, true);
  addEventListener('click', heard, true);
  return middle(now);
}
