// The list of records: only the rows that can be seen are in the page, however long the log is.
import { LitElement, css, html, nothing } from "lit";
import type { PropertyValues } from "lit";
import type { RecordInfo } from "../core/protocol.js";
import type { Session } from "../core/session.js";
import { shared } from "../style/shared.js";
import { KINDS, count, time } from "./format.js";

/** The records that are listed. */
export interface Rows { positions: Float64Array; times: Float64Array; kinds: Uint8Array }

const NOTHING: Rows = { positions: new Float64Array(), times: new Float64Array(), kinds: new Uint8Array() };
const ROW = 26;
const PAGE = 64;
const KEPT_PAGES = 64;

export class StudioLog extends LitElement {
  static override properties = {
    session: { attribute: false },
    rows: { attribute: false },
    at: { type: Number },
    hits: { attribute: false },
  };
  declare session: Session | null;
  declare rows: Rows | null;
  declare at: number;
  declare hits: ReadonlySet<number>;

  #pages = new Map<number, RecordInfo[]>();
  #asked = new Set<number>();
  #top = 0;
  #height = 400;
  #sizes = new ResizeObserver(([entry]) => {
    this.#height = entry?.contentRect.height ?? 400;
    this.requestUpdate();
  });

  constructor() {
    super();
    this.session = null;
    this.rows = null;
    this.at = 0;
    this.hits = new Set();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => this.#sizes.observe(this.#scroller()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("rows") || changed.has("session")) {
      this.#pages.clear();
      this.#asked.clear();
    }
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("at") || changed.has("rows")) this.#reveal();
  }

  override render() {
    const rows = this.rows ?? NOTHING;
    const total = rows.positions.length;
    const first = Math.max(0, Math.floor(this.#top / ROW) - 8);
    const last = Math.min(total, Math.ceil((this.#top + this.#height) / ROW) + 8);
    const shown = [];
    for (let index = first; index < last; index += 1) shown.push(this.#row(rows, index));
    return html`
      <div class="rows" role="listbox" tabindex="0" aria-label="Records" aria-activedescendant="row-${this.at}"
        @scroll=${this.#scrolled}>
        <div class="all" role="presentation" .style=${`height:${total * ROW}px`}>
          <div class="window" role="presentation" .style=${`transform:translateY(${first * ROW}px)`}>${shown}</div>
        </div>
        ${this.rows && total === 0 ? html`<div class="empty"><h2>No records here</h2><p>Nothing matches the kinds and the element that are chosen.</p></div>` : nothing}
      </div>`;
  }

  #row(rows: Rows, index: number) {
    const position = rows.positions[index] ?? 0;
    const kind = KINDS[rows.kinds[index] ?? 1] ?? KINDS[1]!;
    const it = this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
    if (!it) this.#want(Math.floor(index / PAGE));
    const isSelected = position === this.at;
    const outcome = rows.kinds[index] !== 0 && rows.kinds[index] !== 3;
    const classes = `row ${kind.css}${isSelected ? " selected" : ""}${outcome ? " outcome" : ""}${this.hits.has(position) ? " hit" : ""}`;
    return html`<div class=${classes} role="option" id="row-${position}" aria-selected=${isSelected}
      aria-posinset=${index + 1} aria-setsize=${rows.positions.length}
      title=${it ? `${it.intent} ${it.text}\n${time(it.timestamp)}` : ""} @click=${() => this.#choose(position)}>
      <span class="position">${position}</span><span class="sign" aria-hidden="true">${kind.sign}</span><span class="visually-hidden">${kind.name}</span>
      <span class="what"><b>${it?.intent ?? ""}</b> ${it?.text ?? ""}</span>
      ${it?.cause && it.kind === 0 ? html`<span class="cause" title="caused by record ${it.cause}">◂${it.cause}</span>` : nothing}
    </div>`;
  }

  #want(page: number): void {
    if (this.#asked.has(page) || !this.session || !this.rows) return;
    this.#asked.add(page);
    const rows = this.rows;
    const positions = rows.positions.slice(page * PAGE, (page + 1) * PAGE);
    void this.session.core.ask("describe", [positions]).then((records) => {
      if (rows !== this.rows) return;
      this.#pages.set(page, records);
      for (const old of this.#pages.keys()) {
        if (this.#pages.size <= KEPT_PAGES) break;
        this.#pages.delete(old);
        this.#asked.delete(old);
      }
      this.requestUpdate();
    }, () => this.#asked.delete(page));
  }

  #scroller(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>(".rows")!;
  }

  #scrolled(event: Event): void {
    this.#top = (event.target as HTMLElement).scrollTop;
    this.requestUpdate();
  }

  /** Scrolls so that the record that is looked at can be seen. */
  #reveal(): void {
    const index = this.rows ? search(this.rows.positions, this.at) : -1;
    if (index < 0) return;
    const scroller = this.#scroller();
    const [top, bottom] = [index * ROW, (index + 1) * ROW];
    const margin = Math.min(ROW * 3, scroller.clientHeight / 4);
    if (top < scroller.scrollTop + margin) scroller.scrollTop = top - margin;
    else if (bottom > scroller.scrollTop + scroller.clientHeight - margin) {
      scroller.scrollTop = bottom - scroller.clientHeight + margin;
    }
  }

  #choose(position: number): void {
    this.dispatchEvent(new CustomEvent("choose", { detail: position, bubbles: true, composed: true }));
  }

  static override styles = [shared, css`
    :host { display: block; min-height: 0; position: relative; }
    .rows { position: absolute; inset: 0; overflow: auto; overscroll-behavior: contain; contain: strict; }
    .rows:focus-visible { outline-offset: -2px; }
    .all { position: relative; overflow: hidden; }
    .window { position: absolute; inset: 0 0 auto 0; }
    .row {
      display: grid; grid-template-columns: 52px 16px minmax(0, 1fr) auto; align-items: center; gap: 6px; height: ${ROW}px;
      padding: 0 10px 0 4px; cursor: pointer; border-left: 3px solid transparent; font-size: 12px;
    }
    .row:hover { background: var(--raised); }
    .row.command, .row.control { border-top: 1px solid var(--line); }
    .position { text-align: right; color: var(--dim); font: 11px var(--mono); font-variant-numeric: tabular-nums; }
    .sign { font-size: 9px; text-align: center; color: var(--dim); }
    .what { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--dim); }
    .what b { font-weight: 600; color: var(--text); }
    .outcome .what { padding-left: 12px; }
    .outcome .what b { font-weight: 500; }
    .command .sign { color: var(--accent); }
    .rejection .sign, .incident .sign, .rejection b, .incident b { color: var(--bad); }
    .cause { color: var(--dim); font: 11px var(--mono); }
    .hit { background: var(--warn-soft); }
    .selected, .selected:hover { background: var(--accent-soft); border-left-color: var(--accent); }
  `];
}

/** Finds a number in ascending numbers; -1 if it is not there. */
export function search(numbers: Float64Array, wanted: number): number {
  const index = lowerBound(numbers, wanted);
  return numbers[index] === wanted ? index : -1;
}

/** Returns the index of the first number that is not less. */
export function lowerBound(numbers: Float64Array, wanted: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const total = (rows: Rows | null): string => count(rows?.positions.length ?? 0);

customElements.define("studio-log", StudioLog);
