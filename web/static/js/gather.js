// Many events, one answer to them all.

/** A function that has `deed` done `ms` after it was called, once for all calls until then. */
export function gathered(deed, ms) {
  let soon = 0;
  return () => {
    soon ||= setTimeout(() => {
      soon = 0;
      deed();
    }, ms);
  };
}
