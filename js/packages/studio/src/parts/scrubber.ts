// The whole history on one line: how dense it is, where it went wrong, where the reader is.
import { LitElement, css, html } from "lit";
import type { PropertyValues } from "lit";
import { shared } from "../style/shared.js";
import { time } from "./format.js";
import { lowerBound } from "./log.js";
import type { Rows } from "./log.js";

/** What stands in each column of the line. */
interface Line {
  rows: Rows;
  marked: ReadonlySet<number>;
  byTime: boolean;
  window: readonly [number, number];
  all: Float32Array;
  wrong: Uint8Array;
  hits: Uint8Array;
  most: number;
}

const WHOLE: readonly [number, number] = [0, 1];

/** Moves a part of the line, as far as the line goes. */
function moved([from, to]: readonly [number, number], by: number): readonly [number, number] {
  const begin = Math.max(0, Math.min(1 - (to - from), from + by));
  return [begin, begin + to - from];
}

export class StudioScrubber extends LitElement {
  static override properties = {
    rows: { attribute: false },
    at: { type: Number },
    hits: { attribute: false },
    byTime: { type: Boolean },
  };
  declare rows: Rows | null;
  declare at: number;
  declare hits: ReadonlySet<number>;
  declare byTime: boolean;
  #sizes = new ResizeObserver(() => this.#draw());
  #scheme = matchMedia("(prefers-color-scheme: dark)");
  #redraw = () => {
    this.#inks = null;
    this.#draw();
  };
  /** What the line shows but for the reader's place, for as long as it stays so. */
  #line: Line | null = null;
  #inks: Map<string, string> | null = null;
  /** Which part of the line is shown: all of it, unless somebody looks closer. */
  #window: readonly [number, number] = WHOLE;

  constructor() {
    super();
    this.rows = null;
    this.at = 0;
    this.hits = new Set();
    this.byTime = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#scheme.addEventListener("change", this.#redraw);
    addEventListener("themechange", this.#redraw);
    void this.updateComplete.then(() => this.#sizes.observe(this));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
    this.#scheme.removeEventListener("change", this.#redraw);
    removeEventListener("themechange", this.#redraw);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("byTime")) this.#window = WHOLE;
    if (!changed.has("at") || !this.rows?.positions.length) return;
    // Where the reader goes, the window goes.
    const [from, to] = this.#window;
    const here = this.#share(this.#index());
    // A record at the edge may lie a little beyond it.
    const slack = (to - from) * 0.02 + 1 / this.rows.positions.length;
    if (here < from - slack || here > to + slack) this.#window = moved([from, to], here - (from + to) / 2);
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.size > 0) this.#draw();
  }

  override render() {
    const count = this.rows?.positions.length ?? 0;
    const index = this.#index();
    const said = count ? `record ${this.at}, ${index + 1} of ${count}, ${time(this.rows?.times[index] ?? null)}` : "no records";
    return html`<div class="track" role="slider" tabindex="0" aria-label="Place in the log" aria-valuemin="1"
      aria-valuemax=${Math.max(count, 1)} aria-valuenow=${index + 1} aria-valuetext=${said} title=${`${said}; the wheel looks closer, a double click shows all`}
      @pointerdown=${this.#grab} @pointermove=${this.#drag} @wheel=${this.#wheel} @dblclick=${() => this.#look(WHOLE)}><canvas aria-hidden="true"></canvas></div>`;
  }

  #index(): number {
    const positions = this.rows?.positions;
    return positions?.length ? Math.min(lowerBound(positions, this.at), positions.length - 1) : 0;
  }

  /** Where a record stands in what is shown, from 0 to 1; beyond that it is not shown. */
  #place(index: number): number {
    const [from, to] = this.#window;
    return (this.#share(index) - from) / (to - from);
  }

  /** Where a record stands on the whole line, from 0 to 1. */
  #share(index: number): number {
    const rows = this.rows!;
    const last = rows.positions.length - 1;
    if (!this.byTime) return last > 0 ? index / last : 0;
    const [from, to] = [rows.times[0] ?? 0, rows.times[last] ?? 0];
    return to > from ? ((rows.times[index] ?? from) - from) / (to - from) : 0;
  }

  #draw(): void {
    const canvas = this.renderRoot.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return;
    const [width, height] = [this.clientWidth, this.clientHeight];
    const scale = devicePixelRatio || 1;
    canvas.width = Math.max(1, width * scale);
    canvas.height = Math.max(1, height * scale);
    context.scale(scale, scale);
    const rows = this.rows;
    if (!rows?.positions.length || width < 20) return;
    const ink = (name: string) => this.#ink(name);
    const inner = width - 16;
    const columns = Math.max(1, Math.floor(inner / 3));
    const { all, wrong, hits, most } = this.#columns(rows, columns);
    const here = Math.min(columns - 1, Math.floor(this.#place(this.#index()) * columns));
    const [past, future, bad, hit] = [ink("--accent"), ink("--line-strong"), ink("--bad"), ink("--warn")];
    for (let column = 0; column < columns; column += 1) {
      if (!all[column]) continue;
      const tall = 4 + (Math.log1p(all[column]!) / Math.log1p(most)) * (height - 16);
      context.fillStyle = wrong[column] ? bad : column <= here ? past : future;
      context.globalAlpha = column <= here || wrong[column] ? 1 : 0.45;
      context.fillRect(8 + column * 3, height - 4 - tall, 2, tall);
      context.globalAlpha = 1;
      if (hits[column]) {
        context.fillStyle = hit;
        context.fillRect(7 + column * 3, 0, 4, 5);
      }
    }
    const x = 8 + this.#place(this.#index()) * (inner - 2);
    context.fillStyle = ink("--text");
    context.fillRect(x - 1, 0, 2, height);
    context.beginPath();
    context.arc(x, 5, 5, 0, Math.PI * 2);
    context.fill();
  }

  /** Counts what stands in each column of the line; once, however often the reader moves. */
  #columns(rows: Rows, columns: number): Line {
    const { byTime, hits: marked } = this;
    const old = this.#line;
    if (old && old.rows === rows && old.marked === marked && old.byTime === byTime && old.window === this.#window && old.all.length === columns) return old;
    const [all, wrong, hits] = [new Float32Array(columns), new Uint8Array(columns), new Uint8Array(columns)];
    // What is not shown falls into no column.
    const column = (index: number) => {
      const place = this.#place(index);
      return place < 0 || place > 1 ? -1 : Math.min(columns - 1, Math.floor(place * columns));
    };
    for (let index = 0; index < rows.positions.length; index += 1) {
      const at = column(index);
      if (at < 0) continue;
      all[at]! += 1;
      const kind = rows.kinds[index];
      if (kind === 2 || kind === 4) wrong[at] = 1;
    }
    for (const it of marked) {
      const index = lowerBound(rows.positions, it);
      const at = rows.positions[index] === it ? column(index) : -1;
      if (at >= 0) hits[at] = 1;
    }
    this.#line = { rows, marked, byTime, window: this.#window, all, wrong, hits, most: Math.max(...all, 1) };
    return this.#line;
  }

  /** A canvas knows no light-dark(): the browser works the colour out. */
  #ink(name: string): string {
    this.#inks ??= new Map();
    const known = this.#inks.get(name);
    if (known !== undefined) return known;
    const probe = document.createElement("span");
    probe.style.color = getComputedStyle(this).getPropertyValue(name);
    probe.hidden = true;
    this.shadowRoot?.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    this.#inks.set(name, found);
    return found;
  }

  #grab(event: PointerEvent): void {
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#go(event);
  }

  #drag(event: PointerEvent): void {
    if ((event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId)) this.#go(event);
  }

  /** Looks closer at where the pointer is, or from farther away; sideways, at what lies beside. */
  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const [from, to] = this.#window;
    const wide = to - from;
    const aside = event.deltaX || (event.shiftKey ? event.deltaY : 0);
    if (aside) {
      this.#look(moved([from, to], Math.sign(aside) * wide * 0.1));
      return;
    }
    const next = Math.min(1, Math.max(this.#closest(), event.deltaY < 0 ? wide * 0.8 : wide / 0.8));
    const pointer = this.#pointed(event);
    const begin = from + pointer * (wide - next);
    this.#look(next === 1 ? WHOLE : moved([begin, begin + next], 0));
  }

  /** Shows a part of the line. */
  #look(window: readonly [number, number]): void {
    this.#window = window;
    this.#draw();
  }

  /** How small a part can be: some twenty records. */
  #closest(): number {
    return Math.min(1, 20 / Math.max(1, this.rows?.positions.length ?? 1));
  }

  /** Where a pointer is on what is shown, from 0 to 1. */
  #pointed(event: MouseEvent): number {
    const box = this.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - box.left - 8) / (box.width - 16)));
  }

  #go(event: PointerEvent): void {
    const rows = this.rows;
    if (!rows?.positions.length) return;
    const [begin, end] = this.#window;
    const share = begin + this.#pointed(event) * (end - begin);
    const last = rows.positions.length - 1;
    if (!this.byTime) {
      this.#tell(Math.round(share * last));
      return;
    }
    const [from, to] = [rows.times[0] ?? 0, rows.times[last] ?? 0];
    this.#tell(Math.min(last, lowerBound(rows.times, from + share * (to - from))));
  }

  #tell(index: number): void {
    const detail = this.rows?.positions[index];
    if (detail === undefined || detail === this.at) return;
    this.dispatchEvent(new CustomEvent("choose", { detail, bubbles: true, composed: true }));
  }

  static override styles = [shared, css`
    :host { display: block; height: 44px; min-width: 0; }
    .track { height: 100%; border-radius: var(--radius); cursor: ew-resize; touch-action: none; background: var(--raised); }
    canvas { display: block; width: 100%; height: 100%; pointer-events: none; }
  `];
}

customElements.define("studio-scrubber", StudioScrubber);
