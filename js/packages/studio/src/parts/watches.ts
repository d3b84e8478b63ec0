// What is watched: its value at the record that is looked at, what it was before, and the way to the record that wrote it.
import { LitElement, css, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { change } from "../core/place.js";
import type { VariableWrite, View } from "../core/protocol.js";
import { lastWrite, part, toggled, watches } from "../core/watch.js";
import type { Path } from "../core/watch.js";
import { shared } from "../style/shared.js";
import { brief, json } from "./format.js";

export class StudioWatches extends LitElement {
  static override properties = { view: { attribute: false }, writes: { attribute: false }, instance: { type: String }, watch: { type: String } };
  declare view: View | null;
  declare writes: readonly VariableWrite[];
  declare instance: string;
  declare watch: string | null;

  constructor() {
    super();
    this.view = null;
    this.writes = [];
    this.instance = "";
    this.watch = null;
  }

  override render() {
    const paths = watches(this.watch);
    if (paths.length === 0 || !this.instance) return nothing;
    return html`<ul aria-label="Watched variables">${paths.map((path) => this.#row(path))}</ul>`;
  }

  #row(path: Path): TemplateResult {
    const view = this.view;
    const name = path.join(".");
    const isKnown = view !== null && !view.isBrief;
    const value = isKnown ? part(view.variables.get(path[0]!), path.slice(1)) : undefined;
    const wrote = isKnown ? lastWrite(this.writes, this.instance, path, view.place.position, (one, other) => json(one) === json(other)) : null;
    // Of a step the command is the first record.
    const begin = view?.record && view.record.kind !== 0 && view.record.cause !== null ? view.record.cause : (view?.record?.position ?? 0);
    const isNew = wrote !== null && wrote.position >= begin;
    const now = value === undefined ? html`<span class="dim">${isKnown ? "not there" : "…"}</span>` : isNew ? html`<ins>${brief(value, 300)}</ins>` : html`<span>${brief(value, 300)}</span>`;
    const before = isNew && wrote.before !== undefined ? html`<del title="before the step">${brief(wrote.before, 300)}</del> → ` : nothing;
    return html`<li class=${isNew ? "new" : ""}>
      <code class="name" title=${name}>${name}</code><span class="value" title=${value === undefined ? "" : brief(value, 2_000)}>${before}${now}</span>
      ${wrote ? html`<button class="link" aria-label=${`${name}: to record ${wrote.position}, which wrote it`} title="to the record that wrote it" @click=${() => this.#choose(wrote.position)}>#${wrote.position}</button>` : html`<span></span>`}
      <button class="plain" aria-label=${`Stop watching ${name}`} title="no longer" @click=${() => change({ watch: toggled(this.watch, path) })}>✕</button></li>`;
  }

  #choose(position: number): void {
    this.dispatchEvent(new CustomEvent("choose", { detail: position, bubbles: true, composed: true }));
  }

  static override styles = [shared, css`
    :host { display: block; max-height: 132px; overflow: auto; }
    ul { display: grid; grid-template-columns: fit-content(150px) minmax(0, 1fr) auto 20px; column-gap: 10px; margin: 0; padding: 3px 6px 3px 12px; list-style: none; background: var(--raised); border-bottom: 1px solid var(--line); }
    li { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; align-items: center; min-height: 24px; font: 12px var(--mono); }
    .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--accent); }
    .value { justify-self: start; max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .new .value { padding: 1px 4px; margin: 0 -4px; border-radius: 3px; background: var(--warn-soft); }
    ins { text-decoration: none; font-weight: 600; } del { color: var(--dim); }
    .link { height: 20px; padding: 0; border: 0; background: none; color: var(--accent); font: 12px var(--mono); }
    .link:hover:not(:disabled) { background: none; text-decoration: underline; }
    .plain { width: 20px; height: 20px; padding: 0; justify-content: center; color: var(--dim); font-size: 10px; }
  `];
}

customElements.define("studio-watches", StudioWatches);
