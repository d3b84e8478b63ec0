// The process as a diagram, with its tokens. Everything that knows bpmn-js is in this file.
import { LitElement, css, html, nothing, unsafeCSS } from "lit";
import type { PropertyValues } from "lit";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import diagramCss from "bpmn-js/dist/assets/diagram-js.css?inline";
import type { Token, Visits } from "../core/protocol.js";
import { shared } from "../style/shared.js";
import { span } from "./format.js";
import type { Mode } from "./modes.js";

interface Canvas {
  zoom(to: "fit-viewport" | number, center?: "auto" | { x: number; y: number }): number;
  addMarker(id: string, marker: string): void;
  removeMarker(id: string, marker: string): void;
  resized(): void;
}
interface Overlays {
  add(id: string, it: { position: Record<string, number>; html: HTMLElement; scale?: boolean }): string;
  clear(): void;
}
interface Registry { get(id: string): { width?: number; waypoints?: unknown } | undefined }
interface Click { element: { id: string; type: string; labelTarget?: { id: string } } }

export class StudioDiagram extends LitElement {
  static override properties = {
    model: { attribute: false },
    tokens: { attribute: false },
    visits: { attribute: false },
    selected: { attribute: false },
    current: { attribute: false },
    mode: { attribute: false },
    problem: { state: true },
  };
  declare model: string | null;
  declare tokens: readonly Token[];
  declare visits: ReadonlyMap<string, Visits>;
  /** The element that the records are filtered by. */
  declare selected: string | null;
  /** The element that the present record is about. */
  declare current: string | null;
  declare mode: Mode;
  declare problem: string | null;

  #viewer: NavigatedViewer | null = null;
  #imported: Promise<void> = Promise.resolve();
  #marked: [string, string][] = [];
  #sizes = new ResizeObserver(() => this.#fit());

  constructor() {
    super();
    this.model = null;
    this.tokens = [];
    this.visits = new Map();
    this.selected = null;
    this.current = null;
    this.mode = "tokens";
    this.problem = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
    this.#viewer?.destroy();
    this.#viewer = null;
  }

  override render() {
    return html`
      <div class="canvas" role="group" aria-label=${this.#said()}></div>
      <div class="tools">
        <button class="plain" title="Fit the diagram" aria-label="Fit the diagram" @click=${() => this.#fit()}>⤢</button>
      </div>
      ${this.model === null ? html`<div class="empty"><h2>No model here yet</h2><p>The process is deployed by a later record.</p></div>` : nothing}
      ${this.problem ? html`<div class="empty"><h2>The model cannot be drawn</h2><p>${this.problem}</p></div>` : nothing}`;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("model")) this.#imported = this.#import();
    void this.#imported.then(() => this.#mark());
  }

  async #import(): Promise<void> {
    this.problem = null;
    if (this.model === null) return;
    const container = this.renderRoot.querySelector<HTMLElement>(".canvas")!;
    if (!this.#viewer) {
      this.#viewer = new NavigatedViewer({
        container,
        bpmnRenderer: { defaultFillColor: "var(--paper)", defaultStrokeColor: "var(--ink)", defaultLabelColor: "var(--ink)" },
      });
      this.#viewer.on("element.click", (event: unknown) => {
        const { element } = event as Click;
        const id = element.labelTarget?.id ?? element.id;
        const isRoot = /Process|Collaboration/.test(element.type);
        this.dispatchEvent(new CustomEvent("element", { detail: isRoot ? null : id, bubbles: true, composed: true }));
      });
      this.#sizes.observe(container);
    }
    this.#marked = [];
    const viewer = this.#viewer;
    try {
      let xml = this.model;
      if (!/<(\w+:)?BPMNDiagram\b/.test(xml)) xml = await (await import("./layout.js")).layout(xml);
      if (viewer !== this.#viewer) return;
      await viewer.importXML(xml);
      this.#fit();
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  #fit(): void {
    const canvas = this.#part<Canvas>("canvas");
    if (!canvas || this.problem || !this.clientWidth) return;
    canvas.resized();
    canvas.zoom("fit-viewport", "auto");
    if (canvas.zoom as unknown) {
      const scale = (this.#part<{ viewbox(): { scale: number } }>("canvas"))!.viewbox().scale;
      if (scale > 1.25) canvas.zoom(1.25, "auto");
    }
  }

  #part<T>(name: string): T | null {
    return this.#viewer ? (this.#viewer.get(name) as T) : null;
  }

  /** Writes tokens, counts and the way that was taken onto the diagram. */
  #mark(): void {
    const [canvas, overlays, registry] = [
      this.#part<Canvas>("canvas"), this.#part<Overlays>("overlays"), this.#part<Registry>("elementRegistry"),
    ];
    if (!canvas || !overlays || !registry || this.model === null || this.problem) return;
    const wanted = this.#markers().filter(([id]) => registry.get(id));
    const key = ([id, marker]: [string, string]) => `${marker} ${id}`;
    const [old, fresh] = [new Set(this.#marked.map(key)), new Set(wanted.map(key))];
    for (const it of this.#marked) if (!fresh.has(key(it)) && registry.get(it[0])) canvas.removeMarker(...it);
    for (const it of wanted) if (!old.has(key(it))) canvas.addMarker(...it);
    this.#marked = wanted;
    overlays.clear();
    const add = (id: string, position: Record<string, number>, badge: HTMLElement) => {
      const shape = registry.get(id);
      if (shape && !shape.waypoints) overlays.add(id, { position, html: badge, scale: true });
    };
    for (const [id, { count, hasIncident }] of this.#places()) {
      const text = hasIncident ? (count > 1 ? `! ${count}` : "!") : String(count);
      const title = hasIncident ? `${count} here, with an incident` : `${count} here`;
      add(id, { top: -12, left: -12 }, badge(`token${hasIncident ? " incident" : ""}`, text, title));
    }
    if (this.mode === "heat" || this.mode === "time") {
      for (const [id, it] of this.visits) {
        if (it.taken === 0) add(id, { bottom: 10, right: 18 }, badge("count", this.mode === "time" ? span(it.timeMs) : `${entered(it)}×`, `entered ${entered(it)} times, there for ${span(it.timeMs)}`));
      }
    }
    if (this.mode === "counts") {
      for (const [id, it] of this.visits) {
        const texts = [it.completed && `✓${it.completed}`, it.terminated && `⊘${it.terminated}`, it.incidents && `▲${it.incidents}`];
        const text = texts.filter(Boolean).join(" ");
        const title = `${it.active} active, ${it.completed} completed, ${it.terminated} terminated, ${it.incidents} incidents`;
        if (text) add(id, { bottom: 10, right: 18 }, badge("count", text, title));
      }
    }
  }

  #markers(): [string, string][] {
    const found: [string, string][] = [];
    for (const [id, it] of this.visits) found.push([id, it.taken > 0 ? "taken" : "visited"]);
    for (const [id, { hasIncident }] of this.#places()) found.push([id, hasIncident ? "blocked" : "here"]);
    if (this.mode === "heat" || this.mode === "time") found.push(...this.#heat(this.mode));
    if (this.current) found.push([this.current, "current"]);
    if (this.selected) found.push([this.selected, "chosen"]);
    return found;
  }

  /** How hot each element is: in thirds of the most that any has. */
  #heat(mode: "heat" | "time"): [string, string][] {
    const shapes = [...this.visits].filter(([, it]) => it.taken === 0);
    const heat = (it: Visits) => (mode === "time" ? it.timeMs : entered(it));
    const most = Math.max(1, ...shapes.map(([, it]) => heat(it)));
    return shapes.map(([id, it]) => [id, `heat-${Math.ceil((heat(it) / most) * 3)}`]);
  }

  #places(): Map<string, { count: number; hasIncident: boolean }> {
    const places = new Map<string, { count: number; hasIncident: boolean }>();
    for (const it of this.tokens) {
      if (it.scopeKey === null) continue;
      const place = places.get(it.elementId) ?? { count: 0, hasIncident: false };
      places.set(it.elementId, { count: place.count + it.count, hasIncident: place.hasIncident || it.hasIncident });
    }
    return places;
  }

  #said(): string {
    const places = [...this.#places()].map(([id, it]) => `${it.count} at ${id}${it.hasIncident ? " with an incident" : ""}`);
    return `Diagram of the process. Tokens: ${places.join(", ") || "none"}`;
  }

  static override styles = [shared, unsafeCSS(diagramCss), css`
    :host { display: block; position: relative; min-height: 0; background: var(--paper); overflow: hidden; }
    .canvas { position: absolute; inset: 0; }
    .tools { position: absolute; top: 6px; right: 6px; }
    .tools button { background: var(--paper); font-size: 15px; }
    .empty { position: absolute; inset: 0; align-content: center; background: var(--paper); }
    .bjs-powered-by { padding: 3px 6px; border-radius: 4px; background: #fff; }
    .djs-container { --shape-drop-allowed-fill-color: none; }
    .djs-element > .djs-outline { display: none; }
    .djs-shape .djs-visual > :nth-child(1) { transition: stroke .12s, fill .12s; }
    .visited:not(.djs-connection) .djs-visual > :nth-child(1) { stroke: var(--accent) !important; }
    .taken .djs-visual > path { stroke: var(--accent) !important; stroke-width: 3px !important; }
    .here:not(.djs-connection) .djs-visual > :nth-child(1) { fill: var(--accent-soft) !important; stroke: var(--accent) !important; stroke-width: 2.5px !important; }
    .blocked:not(.djs-connection) .djs-visual > :nth-child(1) { fill: var(--bad-soft) !important; stroke: var(--bad) !important; stroke-width: 2.5px !important; }
    .heat-1:not(.djs-connection) .djs-visual > :nth-child(1) { fill: color-mix(in srgb, var(--warn) 12%, var(--paper)) !important; }
    .heat-2:not(.djs-connection) .djs-visual > :nth-child(1) { fill: color-mix(in srgb, var(--warn) 30%, var(--paper)) !important; }
    .heat-3:not(.djs-connection) .djs-visual > :nth-child(1) { fill: color-mix(in srgb, var(--warn) 52%, var(--paper)) !important; }
    .current .djs-visual > :nth-child(1) { stroke-dasharray: 5 3; }
    .chosen .djs-visual > :nth-child(1) { stroke: var(--warn) !important; stroke-width: 3px !important; }
    .badge {
      display: grid; place-items: center; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px;
      background: var(--accent); color: var(--on-accent); font: 700 12px/1 var(--sans); white-space: nowrap;
      box-shadow: 0 0 0 2px var(--paper);
    }
    .badge.incident { background: var(--bad); color: light-dark(#fff, #2b0a08); }
    .badge.count { height: 18px; background: var(--raised); color: var(--text); font-size: 11px; box-shadow: 0 0 0 1px var(--line-strong); }
    @media (prefers-reduced-motion: reduce) { .djs-shape .djs-visual > :nth-child(1) { transition: none; } }
  `];
}

const entered = (it: Visits): number => it.active + it.completed + it.terminated;

function badge(kind: string, text: string, title: string): HTMLElement {
  const it = document.createElement("div");
  it.className = `badge ${kind}`;
  it.textContent = text;
  it.title = title;
  return it;
}

customElements.define("studio-diagram", StudioDiagram);
