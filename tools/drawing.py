"""How a screen of the kiosk is drawn, measured in the page itself."""

from typing import Final

FAULTS: Final = """() => {
  const told = [], wide = innerWidth, high = innerHeight;
  const seen = (e) => {
    const r = e.getBoundingClientRect();
    return r.width && r.height && getComputedStyle(e).visibility != 'hidden';
  };
  const name = (e) => e.tagName + ' ' + e.textContent.trim().slice(0, 30);
  for (const e of document.querySelectorAll('button, p, h1, h2, span, time, img, output')) {
    if (!seen(e)) continue;
    const r = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (r.left < -1 || r.top < -1 || r.right > wide + 1 || r.bottom > high + 1) told.push('outside: ' + name(e));
    if (e.clientWidth && e.scrollWidth > e.clientWidth + 1) told.push('cut in width: ' + name(e));
    if (e.clientHeight && e.scrollHeight > e.clientHeight + 2 && style.overflow != 'visible' && !e.matches('.cut'))
      told.push('cut in height: ' + name(e));
    if (!e.children.length && e.textContent.trim() && parseFloat(style.fontSize) < 24)
      told.push('small type: ' + name(e));
    if (e.tagName != 'BUTTON') continue;
    if (r.width < 71.5 || r.height < 71.5) told.push('small target: ' + name(e));
    if (e.matches('.tile') && r.height < 199.5) told.push('low tile: ' + name(e));
    if (document.documentElement.dataset.reach == 'low' && high > wide && r.top < high / 2)
      told.push('too high: ' + name(e));
  }
  for (const s of document.querySelectorAll('.screen, .said, .then, .how'))
    if (seen(s) && s.scrollHeight > s.clientHeight + 1) told.push('overflows: ' + (s.dataset.name ?? s.className));
  for (const h of document.querySelectorAll('.home:not([hidden]) [data-hints="all"] .tile:not([hidden]) .hint'))
    if (h.textContent && (h.hidden || h.matches('.cut'))) told.push('hint cut: ' + name(h));
  for (const b of document.querySelectorAll('.screen:not([hidden]) button')) {
    const o = b.getBoundingClientRect();
    const out = [...b.querySelectorAll('span, b, svg')].some((c) => {
      const r = c.getBoundingClientRect();
      return r.width && (r.top < o.top - 1 || r.bottom > o.bottom + 1 || r.left < o.left - 1 || r.right > o.right + 1);
    });
    if (o.width && out) told.push('squeezed: ' + name(b));
  }
  return told;
}"""
"""What is outside the screen, cut, squeezed, too small to read or to touch, or too high for low reach; none: empty."""
