// The variables that an instance sees, as a tree: whatever stands in them can be watched.
import { LitElement, css, html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { change } from "../core/place.js";
import type { Data } from "../core/protocol.js";
import { toggled, watches, written } from "../core/watch.js";
import type { Path } from "../core/watch.js";
import { shared } from "../style/shared.js";
import { brief, count } from "./format.js";
import { leaf } from "./tree.js";
import { focusItem, pressed } from "./treekeys.js";

interface Line { id: string; path: Path; level: number; index: number; size: number; value: Data; isOpen: boolean | null; rest: number }

/** How many parts of a value are shown at once. */
const PARTS_SHOWN = 200;
const LEVELS_OPEN = 1;

export class StudioVariables extends LitElement {
  static override properties = { variables: { attribute: false }, watch: { type: String }, active: { state: true } };
  declare variables: ReadonlyMap<string, Data>;
  /** What is watched, as the URL has it. */
  declare watch: string | null;
  declare active: string;
  /** What somebody opened, with how many parts are shown, or closed. */
  #choices = new Map<string, number>();
  #hasFocus = false;

  constructor() {
    super();
    this.variables = new Map();
    this.watch = null;
    this.active = "";
  }

  override updated(changed: PropertyValues<this>): void {
    if (this.#hasFocus && changed.has("active")) focusItem(this.renderRoot, this.active);
  }

  #lines(): Line[] {
    const out: Line[] = [];
    const walk = (value: ReadonlyMap<string, Data> | readonly Data[], above: Path, shown: number) => {
      const parts = value instanceof Map ? [...value] : (value as readonly Data[]).map((it, index): [string, Data] => [String(index), it]);
      const rest = Math.max(0, parts.length - shown);
      const size = parts.length - rest + (rest > 0 ? 1 : 0);
      parts.slice(0, shown).forEach(([name, it], index) => {
        const path = [...above, name];
        const id = written(path);
        const hasParts = (it instanceof Map && it.size > 0) || (Array.isArray(it) && it.length > 0);
        const own = this.#choices.get(id) ?? (path.length <= LEVELS_OPEN ? PARTS_SHOWN : 0);
        out.push({ id, path, level: path.length, index: index + 1, size, value: it, isOpen: hasParts ? own > 0 : null, rest: 0 });
        if (hasParts && own > 0) walk(it as Map<string, Data> | Data[], path, own);
      });
      if (rest > 0) out.push({ id: `${written(above)} …`, path: above, level: above.length + 1, index: size, size, value: null, isOpen: null, rest });
    };
    walk(this.variables, [], this.#choices.get("") ?? PARTS_SHOWN);
    return out;
  }

  override render() {
    const all = this.#lines();
    const watched = new Set(watches(this.watch).map(written));
    const active = all.some((it) => it.id === this.active) ? this.active : all[0]?.id;
    return html`<div role="tree" aria-label="Variables" @keydown=${(event: KeyboardEvent) => this.#pressed(event, all)}
      @focusin=${() => (this.#hasFocus = true)} @focusout=${() => (this.#hasFocus = false)}>
      ${all.map((it) => this.#line(it, it.id === active, watched.has(it.id)))}</div>`;
  }

  #line(it: Line, isActive: boolean, isWatched: boolean): TemplateResult {
    const name = it.path[it.path.length - 1] ?? "";
    const value = it.value instanceof Map || Array.isArray(it.value) ? html`<span class="null">${brief(it.value, 80)}</span>` : leaf(it.value);
    const words = it.rest > 0 ? html`<span class="null">and ${count(it.rest)} more</span>` : html`<span class="name">${name}</span>: ${value}`;
    return html`<div role="treeitem" data-id=${it.id} aria-level=${it.level} aria-posinset=${it.index} aria-setsize=${it.size}
      aria-expanded=${it.isOpen === null ? nothing : it.isOpen} tabindex=${isActive ? 0 : -1} .style=${`--level:${it.level - 1}`} @focus=${() => (this.active = it.id)}>
      <div class="line" @click=${() => this.#enter(it)}><span class="twist" aria-hidden="true">${it.isOpen === null ? "" : it.isOpen ? "▾" : "▸"}</span>
        <span class="said">${words}</span>
        ${it.rest > 0 ? nothing : html`<button class="plain" tabindex="-1" aria-pressed=${isWatched} aria-label=${`Watch ${it.path.join(".")}`}
          title="keep it in sight at every record (v)" @click=${(event: Event) => this.#watch(event, it)}>Watch</button>`}</div></div>`;
  }

  #watch(event: Event, it: Line): void {
    event.stopPropagation();
    change({ watch: toggled(this.watch, it.path) });
  }

  #enter(it: Line): void {
    this.active = it.id;
    if (it.rest > 0) this.#choose(written(it.path), (this.#choices.get(written(it.path)) ?? PARTS_SHOWN) + PARTS_SHOWN);
    else if (it.isOpen !== null) this.#choose(it.id, it.isOpen ? 0 : PARTS_SHOWN);
  }

  #choose(id: string, shown: number): void {
    this.#choices.set(id, shown);
    this.requestUpdate();
  }

  #pressed(event: KeyboardEvent, all: readonly Line[]): void {
    const it = all.find(({ id }) => id === this.active);
    if (event.key === "v" && it && it.rest === 0) this.#watch(event, it);
    else {
      pressed(event, all, this.active, {
        to: (id) => (this.active = id),
        open: (line, isOpen) => this.#choose(line.id, isOpen ? PARTS_SHOWN : 0),
        enter: (line) => this.#enter(line),
      });
    }
  }

  static override styles = [shared, css`
    :host { display: block; padding: 6px 0; font: 12px/1.6 var(--mono); }
    [role="treeitem"] { padding-left: calc(4px + var(--level) * 14px); }
    [role="treeitem"]:focus-visible { outline: none; }
    [role="treeitem"]:focus-visible > .line { outline: 2px solid var(--accent); outline-offset: -2px; }
    .line { display: flex; align-items: flex-start; gap: 2px; min-height: 24px; padding-right: 8px; border-radius: 4px; cursor: default; }
    [aria-expanded] > .line { cursor: pointer; }
    .line:hover { background: var(--raised); }
    .twist { flex: none; width: 16px; color: var(--dim); font-size: 10px; line-height: 24px; text-align: center; }
    .said { flex: 1; min-width: 0; padding: 2px 0; overflow-wrap: anywhere; }
    [aria-expanded] > .line .said { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    button { flex: none; height: 20px; margin: 2px 0; padding: 0 6px; font: 11px var(--sans); color: var(--accent); opacity: 0; }
    button[aria-pressed="true"], .line:hover button, button:focus-visible, [role="treeitem"]:focus > .line button { opacity: 1; }
    @media (hover: none) { button { opacity: 1; } }
    .name { color: var(--accent); } .text { color: var(--good); } .number { color: var(--warn); } .null { color: var(--dim); }
  `];
}

customElements.define("studio-variables", StudioVariables);
