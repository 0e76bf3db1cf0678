// Turns to the first field in sight that a selector finds, and says what it
// has, or why one cannot write there now.
(selector) => {
  const seen = (e) => e.checkVisibility({ checkVisibilityCSS: true }) && e.getClientRects().length > 0;
  const all = [...document.querySelectorAll(selector)];
  const e = all.find((e) => seen(e) && !e.matches(':disabled'));
  if (!e) {
    if (all.length === 0) return { not: 'nothing on the page is that' };
    return { not: all.some(seen) ? 'it is disabled' : 'it is hidden' };
  }
  e.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
  if (document.activeElement !== e) e.focus();
  if (document.activeElement !== e) return { not: 'it does not take the focus' };
  if (!e.matches('input, textarea')) return { plain: false };
  return { plain: true, value: e.value, start: e.selectionStart ?? e.value.length, end: e.selectionEnd ?? e.value.length };
}
