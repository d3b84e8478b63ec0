// The rows that a step changed, or in which two places differ: part by part, before and after.
import { LitElement, css, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { Change, Plain } from "../core/protocol.js";
import { shared } from "../style/shared.js";
import { brief } from "./format.js";
import { leaf } from "./tree.js";
import "./tree.js";

/** What a change is called, and its sign. */
export const SIGNS = { added: "+", removed: "−", changed: "~" } as const;
export type Kind = keyof typeof SIGNS;

export const kindOf = (it: Change): Kind => it.before === null ? "added" : it.after === null ? "removed" : "changed";

/** How changes and the parts of a row look wherever they are. */
export const partsStyle = css`
  .sign { flex: none; width: 16px; height: 16px; border-radius: 4px; font: 700 12px/16px var(--mono); text-align: center; }
  .added { background: var(--good-soft); color: var(--good); }
  .removed { background: var(--bad-soft); color: var(--bad); }
  .changed { background: var(--warn-soft); color: var(--warn); }
  dl { display: grid; grid-template-columns: minmax(70px, auto) minmax(0, 1fr); gap: 1px 10px; font: 12px/1.55 var(--mono); }
  dt { color: var(--dim); }
  dd { margin: 0; overflow-wrap: anywhere; }
  del { color: var(--bad); text-decoration-thickness: 1px; }
  ins { color: var(--good); text-decoration: none; }
  .text { color: var(--good); } .number { color: var(--warn); } .null { color: var(--dim); }
`;

export class StudioChanges extends LitElement {
  static override properties = { changes: { attribute: false } };
  declare changes: readonly Change[];

  constructor() {
    super();
    this.changes = [];
  }

  override render() {
    if (this.changes.length === 0) {
      return html`<div class="empty"><p>No row of the state differs.</p></div>`;
    }
    // Rows without parts only find other rows: they come last, closed.
    const isIndex = (it: Change) => !(it.before instanceof Map) && !(it.after instanceof Map);
    const rows = this.changes.filter((it) => !isIndex(it));
    const finding = this.changes.filter(isIndex);
    return html`
      ${rows.map((it) => row(it))}
      ${finding.length === 0 ? nothing : html`<details class="index"><summary>${finding.length} rows that find or count others</summary>${finding.map((it) => row(it))}</details>`}`;
  }

  static override styles = [shared, partsStyle, css`
    :host { display: block; }
    .row { padding: 7px 12px; border-bottom: 1px solid var(--line); }
    h3 { display: flex; gap: 8px; align-items: center; font-size: 12px; font-weight: 600; overflow-wrap: anywhere; }
    .key { font: 11px var(--mono); color: var(--dim); overflow-wrap: anywhere; font-weight: 400; }
    dl { margin: 4px 0 0 24px; }
    .index > summary { padding: 7px 12px; color: var(--dim); cursor: pointer; }
  `];
}

function row(it: Change): TemplateResult {
  const kind = kindOf(it);
  return html`<section class="row">
    <h3><span class="sign ${kind}" title=${kind}>${SIGNS[kind]}</span>${it.table.replaceAll("_", " ")} <span class="key">${brief(it.key, 80)}</span></h3>
    ${parts(it, kind)}
  </section>`;
}

/** Lists the parts of a row: those that changed, before and after, or all. */
export function parts(it: Pick<Change, "before" | "after">, kind: Kind): TemplateResult {
  const [before, after] = [it.before, it.after];
  if (kind === "changed" && before instanceof Map && after instanceof Map) {
    const names = [...new Set([...before.keys(), ...after.keys()])];
    const differing = names.filter((name) => brief(before.get(name), 1e6) !== brief(after.get(name), 1e6));
    return html`<dl>${differing.map((name) => html`<dt>${name}</dt><dd><del>${brief(before.get(name))}</del> → <ins>${brief(after.get(name))}</ins></dd>`)}</dl>`;
  }
  const value = (after ?? before) as Plain;
  if (value instanceof Map) {
    return html`<dl>${[...value].map(([name, it]) => html`<dt>${name}</dt><dd>${
      it instanceof Map || Array.isArray(it) ? brief(it, 300) : leaf(it)}</dd>`)}</dl>`;
  }
  if (kind === "changed") return html`<dl><dt></dt><dd><del>${brief(before)}</del> → <ins>${brief(after)}</ins></dd></dl>`;
  return value === null || value === true ? html`` : html`<dl><dt></dt><dd>${brief(value)}</dd></dl>`;
}

customElements.define("studio-changes", StudioChanges);
