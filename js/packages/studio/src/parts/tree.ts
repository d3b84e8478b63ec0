// A value as a tree that opens and closes.
import { LitElement, css, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { Data, Plain } from "../core/protocol.js";
import { shared } from "../style/shared.js";
import { brief, count, hex } from "./format.js";

type Value = Data | Plain | undefined;
/** How many parts of one value are shown at once. */
const PARTS_MAX = 200;

export class StudioTree extends LitElement {
  static override properties = { value: { attribute: false }, depth: { type: Number } };
  declare value: Value;
  /** How many levels are open to begin with. */
  declare depth: number;

  constructor() {
    super();
    this.value = null;
    this.depth = 1;
  }

  override render() {
    return html`<div class="tree">${node(null, this.value, this.depth)}</div>`;
  }

  static override styles = [shared, css`
    :host { display: block; font: 12px/1.6 var(--mono); overflow-wrap: anywhere; }
    details > :not(summary) { margin-left: 14px; }
    summary { cursor: pointer; border-radius: 3px; list-style-position: outside; margin-left: 14px; }
    summary:hover { background: var(--raised); }
    .leaf { margin-left: 14px; }
    .name { color: var(--accent); }
    .text { color: var(--good); }
    .number { color: var(--warn); }
    .null { color: var(--dim); }
  `];
}

function node(name: string | null, value: Value, depth: number): TemplateResult {
  const label = name === null ? nothing : html`<span class="name">${name}</span>: `;
  const parts = value instanceof Map ? [...value] : Array.isArray(value) ? value.map((it, index) => [String(index), it] as const) : null;
  if (!parts) return html`<div class="leaf">${label}${leaf(value)}</div>`;
  if (parts.length === 0) return html`<div class="leaf">${label}<span class="null">${value instanceof Map ? "{}" : "[]"}</span></div>`;
  const inner = parts.slice(0, PARTS_MAX).map(([part, it]) => node(part, it as Value, depth - 1));
  const more = parts.length > PARTS_MAX ? html`<div class="leaf null">and ${count(parts.length - PARTS_MAX)} more</div>` : nothing;
  return html`<details ?open=${depth > 0}><summary>${label}<span class="null">${brief(value, 60)}</span></summary>${inner}${more}</details>`;
}

/** Writes a value that has no parts. */
export function leaf(value: Value): TemplateResult {
  if (value instanceof Uint8Array) return html`<span class="null">${hex(value)}</span>`;
  if (typeof value === "string") return html`<span class="text">${JSON.stringify(value)}</span>`;
  if (typeof value === "number") return html`<span class="number">${String(value)}</span>`;
  return html`<span class="null">${String(value ?? null)}</span>`;
}

customElements.define("studio-tree", StudioTree);
