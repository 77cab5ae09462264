// Words and where they are written.

/** `phrase` with its {placeholders} filled; one that no value is told for stays as it stands. */
export const filled = (phrase, params = {}) =>
  phrase.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));

/** Write text into every slot of that name `within`; nothing is touched when it already says so. */
export function write(within, name, text) {
  for (const slot of within.querySelectorAll(`[data-slot="${name}"]`)) {
    if (slot.textContent !== text) slot.textContent = text;
  }
}
