// What the keys do in a tree, whatever it shows.

/** What can be seen of a tree, from the top to the bottom. */
export interface Item { id: string; level: number; isOpen: boolean | null }

interface Acts<T> { to(id: string): void; open(item: T, isOpen: boolean): void; enter(item: T): void }

/** Does what a key means in a tree; what means something here steps through no records. */
export function pressed<T extends Item>(event: KeyboardEvent, all: readonly T[], active: string, acts: Acts<T>): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const here = Math.max(0, all.findIndex((it) => it.id === active));
  const it = all[here];
  if (!it) return;
  const to = (index: number) => acts.to(all[Math.max(0, Math.min(all.length - 1, index))]!.id);
  const keys: Record<string, () => unknown> = {
    ArrowDown: () => to(here + 1),
    ArrowUp: () => to(here - 1),
    Home: () => to(0),
    End: () => to(all.length - 1),
    ArrowRight: () => (it.isOpen === false ? acts.open(it, true) : it.isOpen && to(here + 1)),
    ArrowLeft: () => (it.isOpen ? acts.open(it, false) : it.level > 1 && to(all.findLastIndex((other, index) => index < here && other.level < it.level))),
    Enter: () => acts.enter(it),
  };
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

/** Gives the focus to a node, and scrolls to it. */
export function focusItem(root: ParentNode, id: string): void {
  const item = [...root.querySelectorAll<HTMLElement>("[role=treeitem]")].find((it) => it.dataset.id === id);
  item?.focus({ preventScroll: true });
  item?.querySelector(".line")?.scrollIntoView({ block: "nearest" });
}
