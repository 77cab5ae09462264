// Lists that do not move under the mouse: while the pointer or the focus is in a list, rows only appear below the
// others, and a row that left keeps its place, switched off. Once the list is left alone it is put in order.

const state = new WeakMap();

const occupied = (list) => list.matches(":hover, :focus-within");

function rowFor(list, item, make) {
  const { rows } = state.get(list);
  let row = rows.get(item.id);
  if (!row) {
    row = make(item);
    rows.set(item.id, row);
  }
  row.inert = false;
  row.classList.remove("gone");
  return row;
}

function place(list, items, make) {
  const { rows } = state.get(list);
  const kept = occupied(list);
  const present = new Set(items.map((item) => item.id));
  for (const [id, row] of rows) {
    if (present.has(id)) continue;
    if (kept) {
      row.classList.add("gone");
      row.inert = true;
    } else {
      row.remove();
      rows.delete(id);
    }
  }
  items.forEach((item, at) => {
    const row = rowFor(list, item, make);
    if (kept ? !row.isConnected : list.children[at] !== row) list.insertBefore(row, kept ? null : list.children[at] ?? null);
  });
}

/** Show `items` (each with an id) as rows: `make` builds one, `update` writes what may change. */
export function keep(list, items, make, update) {
  if (!state.has(list)) {
    state.set(list, { rows: new Map(), last: null });
    const settle = () => setTimeout(() => !occupied(list) && state.get(list).last?.());
    list.addEventListener("mouseleave", settle);
    list.addEventListener("focusout", settle);
  }
  state.get(list).last = () => place(list, items, make);
  place(list, items, make);
  const { rows } = state.get(list);
  for (const item of items) update(rows.get(item.id), item);
}
