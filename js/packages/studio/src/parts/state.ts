// The state as one tree: all of it, or only what changed. Branches come from the core when they are opened.
import { LitElement, css, html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { NODES_SHOWN } from "../core/outline.js";
import type { Outlined } from "../core/outline.js";
import { change } from "../core/place.js";
import type { Change, View } from "../core/protocol.js";
import type { Session } from "../core/session.js";
import { shared } from "../style/shared.js";
import { SIGNS, kindOf, parts, partsStyle } from "./changes.js";
import { count } from "./format.js";
import { isGroup, lines, said } from "./lines.js";
import type { Line } from "./lines.js";
import { focusItem, pressed } from "./treekeys.js";

/** To so many changes the way is shown; a step that makes more is told as a number. */
const CHANGES_SHOWN = 1_000;

export class StudioState extends LitElement {
  static override properties = {
    session: { attribute: false },
    view: { attribute: false },
    changes: { attribute: false },
    instance: { type: String },
    only: { type: Boolean },
    base: { type: String },
    shown: { state: true },
    active: { state: true },
    detailed: { state: true },
  };
  declare session: Session;
  declare view: View;
  declare changes: readonly Change[];
  /** The instance of the page: its branch is open, and the first. */
  declare instance: string;
  /** Whether only what changed is shown. */
  declare only: boolean;
  /** The record that is compared with, if it is not the one before the step. */
  declare base: string | null;
  declare shown: (Outlined & { changes: readonly Change[] }) | null;
  /** The node that has the focus, or gets it. */
  declare active: string;
  /** The nodes whose parts are shown. */
  declare detailed: ReadonlySet<string>;

  #choices = new Map<string, number>();
  #isBusy = false;
  #isStale = false;
  #hasFocus = false;

  constructor() {
    super();
    this.changes = [];
    this.instance = "";
    this.only = false;
    this.base = null;
    this.shown = null;
    this.active = "";
    this.detailed = new Set();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("session") && changed.get("session")) this.shown = null;
    if (["session", "view", "changes", "instance", "only"].some((it) => changed.has(it as keyof StudioState))) void this.#ask();
    if (this.#hasFocus && (changed.has("active") || changed.has("shown"))) focusItem(this.renderRoot, this.active);
  }

  /** Gets what is open, at the place that is looked at; if that changes meanwhile, once more. */
  async #ask(): Promise<void> {
    this.#isStale = true;
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (this.#isStale && !this.view.isBrief) {
      this.#isStale = false;
      const { view, session, instance, only } = this;
      const changes = this.changes.slice(0, CHANGES_SHOWN);
      const own = new Set(changes.map((it) => it.id));
      const ways = [...new Set(changes.map((it) => it.owner))].filter((it) => !own.has(it) || changes.some((row) => row.id === it && row.after !== null));
      if (instance && !only) ways.push(`elements:${instance}`);
      const nodes = changes.flatMap((it) => (it.after === null ? [] : [it.id]));
      const wanted = { ways, nodes, choices: this.#choices, isWhole: !only };
      const part = await session.core.ask("outline", [view.place.position, wanted]).catch(() => null);
      if (part && session === this.session) this.shown = { ...part, changes };
    }
    this.#isBusy = false;
  }

  override render() {
    const part = this.shown;
    if (!part) return html`<div class="empty" role="status"><p>…</p></div>`;
    const all = lines(part, { choices: this.#choices, isWhole: !this.only, first: `instances:${this.instance}` });
    const active = all.some((it) => it.id === this.active) ? this.active : all[0]?.id;
    const more = this.changes.length - part.changes.length;
    return html`
      <div class="head"><div role="group" aria-label="What is shown">
          <button class="plain" aria-pressed=${!this.only} title="all of the state (s)" @click=${() => change({ only: null })}>Everything</button>
          <button class="plain" aria-pressed=${this.only} title="only what changed (s)" @click=${() => change({ only: "changed" })}>Only what changed</button></div>
        <span class="dim">${count(this.changes.length)} rows differ from ${this.base ? html`record ${count(Number(this.base))}` : "before the step"}</span></div>
      ${all.length === 0 ? html`<div class="empty"><p>No row of the state differs.</p></div>` : html`
      <div role="tree" aria-label="State" @keydown=${(event: KeyboardEvent) => this.#pressed(event, all)}
        @focusin=${() => (this.#hasFocus = true)} @focusout=${() => (this.#hasFocus = false)}>
        ${repeat(all, (it) => it.id, (it) => this.#line(it, it.id === active))}</div>`}
      ${more > 0 ? html`<p class="dim rest">and ${count(more)} more rows that differ</p>` : nothing}`;
  }

  #line(it: Line, isActive: boolean): TemplateResult {
    const kind = it.change ? kindOf(it.change) : null;
    const isDetailed = this.detailed.has(it.id);
    const { what, name, more } = said(it);
    const row = it.change?.after ?? it.change?.before ?? it.node?.row ?? null;
    return html`<div role="treeitem" data-id=${it.id} aria-level=${it.level} aria-posinset=${it.index} aria-setsize=${it.size}
      aria-expanded=${it.isOpen === null ? nothing : it.isOpen} tabindex=${isActive ? 0 : -1} .style=${`--level:${it.level - 1}`}
      @focus=${() => (this.active = it.id)}>
      <div class="line" @click=${() => this.#enter(it)}>
        <span class="twist" aria-hidden="true" @click=${(event: Event) => {
          if (it.isOpen === null) return;
          event.stopPropagation();
          this.#open(it, !it.isOpen);
        }}>${it.isOpen === null ? "" : it.isOpen ? "▾" : "▸"}</span>
        ${kind ? html`<span class="sign ${kind}" aria-hidden="true">${SIGNS[kind]}</span><span class="visually-hidden">${kind}</span>` : nothing}
        <span class="said ${kind === "removed" ? "gone" : ""}"><span class="dim">${what}</span> <b>${name}</b> <span class="more">${more}</span></span>
        ${it.inside > 0 && !it.isOpen ? html`<span class="chip">${count(it.inside)} changed</span>` : nothing}
      </div>
      ${kind === "changed" && !isDetailed ? parts(it.change!, kind) : nothing}
      ${isDetailed ? parts({ before: null, after: row }, "added") : nothing}
    </div>`;
  }

  /** Shows the parts of a row, more of a branch, or opens it. */
  #enter(it: Line): void {
    this.active = it.id;
    this.#hasFocus = true;
    if (it.rest > 0) this.#choose(it.owner, (this.#choices.get(it.owner) ?? NODES_SHOWN) + NODES_SHOWN);
    else if (it.node && isGroup(it.node)) this.#open(it, !it.isOpen);
    else {
      const detailed = new Set(this.detailed);
      if (!detailed.delete(it.id)) detailed.add(it.id);
      this.detailed = detailed;
    }
    focusItem(this.renderRoot, this.active);
  }

  #open(it: Line, isOpen: boolean): void {
    this.#choose(it.id, isOpen ? NODES_SHOWN : 0);
  }

  #choose(id: string, shown: number): void {
    this.#choices.set(id, shown);
    this.requestUpdate();
    if (shown > 0) void this.#ask();
  }

  #pressed(event: KeyboardEvent, all: readonly Line[]): void {
    pressed(event, all, this.active, {
      to: (id) => (this.active = id),
      open: (it, isOpen) => this.#open(it, isOpen),
      enter: (it) => this.#enter(it),
    });
  }

  static override styles = [shared, partsStyle, css`
    :host { display: block; }
    .head { position: sticky; top: 0; z-index: 1; display: flex; justify-content: space-between; align-items: center; gap: 4px 8px; flex-wrap: wrap; padding: 5px 12px 5px 8px; background: var(--raised); border-bottom: 1px solid var(--line); font-size: 12px; }
    .head button { height: 24px; padding: 0 7px; font-size: 12px; }
    [role="tree"] { padding: 4px 0 12px; }
    [role="treeitem"] { padding-left: calc(4px + var(--level) * 14px); }
    [role="treeitem"]:focus-visible { outline: none; }
    [role="treeitem"]:focus-visible > .line { outline: 2px solid var(--accent); outline-offset: -2px; }
    .line { display: flex; align-items: center; gap: 5px; min-height: 24px; padding-right: 8px; border-radius: 4px; cursor: pointer; }
    .line:hover { background: var(--raised); }
    .twist { flex: none; width: 16px; height: 24px; color: var(--dim); font-size: 10px; line-height: 24px; text-align: center; }
    .said { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 12px; }
    .said b { font-weight: 600; }
    .said .dim { font-size: 11.5px; }
    .more { font-family: var(--mono); font-size: 11.5px; color: var(--dim); }
    .gone > b, .gone > .dim { text-decoration: line-through; text-decoration-color: var(--bad); }
    .chip { flex: none; height: 17px; background: var(--warn-soft); color: var(--warn); font-size: 11px; }
    dl { margin: 1px 12px 5px 26px; }
    .rest { padding: 0 12px 12px; }
  `];
}

customElements.define("studio-state", StudioState);
