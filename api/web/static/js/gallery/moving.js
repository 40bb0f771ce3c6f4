/** Going through a grid and choosing in it by keys: the same wherever there is one. */

import { key } from "../keys.js";

/** `open(id)` shows one asset. */
export function moveByKeys({ store, selection, grid, choosing, open }) {
  const { scroller } = grid;
  const isGrid = () => store.ids.length > 0 && (grid.hasFocus || document.activeElement === document.body || document.activeElement === scroller);
  const move = (keys, label, by, shown = null) => {
    key({ keys, label, group: "Move", when: isGrid, single: false, shown, run: (event) => choosing.move(by(), event.shiftKey) });
  };
  const column = () => grid.active % grid.columns;
  const page = (rows) => Math.min(Math.max(1, Math.floor(grid.view / grid.rowHeight)), rows);
  const row = () => Math.floor(grid.active / grid.columns);
  move("ArrowLeft", null, () => -1);
  move("ArrowRight", null, () => 1);
  move("ArrowUp", "Move; with Shift a range", () => -grid.columns, ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);
  move("ArrowDown", null, () => grid.columns);
  move("PageUp", null, () => -grid.columns * page(row()));
  move("PageDown", "A page", () => grid.columns * page(grid.rowCount - 1 - row()), ["PageUp", "PageDown"]);
  move("Home", "Beginning and end of the row, with Ctrl of all", () => -column(), ["Home", "End"]);
  move("End", null, () => Math.min(grid.columns - 1 - column(), store.ids.length - 1 - grid.active));
  move("Ctrl+home", null, () => -grid.active);
  move("Ctrl+end", null, () => store.ids.length - 1 - grid.active);
  key({ keys: "Enter", label: "Open", group: "Move", when: () => grid.hasFocus && document.activeElement.matches(".cell"), single: false, run: () => open(grid.activeId) });
  key({ keys: "Space", label: "Select", group: "Select", when: () => isGrid() && !document.activeElement.matches("button"), single: false, run: () => choosing.toggle() });
  key({ keys: ["*", "Ctrl+a"], label: "Select all that match", group: "Select", when: () => store.ids.length > 0, run: () => choosing.all() });
  key({ keys: "Escape", label: "Select nothing", group: "Select", single: false, when: () => !selection.isEmpty, run: () => selection.clear() });
}
