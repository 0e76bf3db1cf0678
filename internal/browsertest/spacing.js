// Spaces letters, words and lines as WCAG 1.4.12 says that people may, and says
// what of the page is cut off then.
() => {
  const cut = (e) => {
    const s = getComputedStyle(e);
    return (s.overflowX !== 'visible' && s.textOverflow !== 'ellipsis' && s.webkitLineClamp === 'none' && e.scrollWidth > e.clientWidth + 1) || (s.overflowY === 'hidden' && s.webkitLineClamp === 'none' && e.scrollHeight > e.clientHeight + 2);
  };
  const all = [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility({ checkVisibilityCSS: true }) && e.clientWidth > 1 && e.textContent.trim() && !e.closest('.sr, .skip, svg, textarea, input, select, dialog:not([open])'));
  const before = new Set(all.filter(cut));
  for (const e of document.querySelectorAll('body, body *')) {
    if (!e.style || e.closest('svg')) continue;
    e.style.lineHeight = '1.5';
    e.style.letterSpacing = '0.12em';
    e.style.wordSpacing = '0.16em';
    if (e.localName === 'p') e.style.marginBottom = '2em';
  }
  const scrolls = (e) => /auto|scroll/.test(getComputedStyle(e).overflowY + getComputedStyle(e).overflowX);
  return all.filter((e) => !before.has(e) && !scrolls(e) && cut(e) && !e.matches('.avatar, .row-preview, .row-title')).map((e) => `cut off by wider spaces: <${e.localName}.${e.className}> “${e.textContent.trim().slice(0, 40)}”`);
}
