// The debugger: one instance (or the whole log) at one record. What is shown follows the URL.
import { LitElement, html, nothing } from "lit";
import type { PropertyValues } from "lit";
import { listen } from "../core/keys.js";
import type { Action } from "../core/keys.js";
import { Hits } from "../core/hits.js";
import { LENSES, taken } from "../core/lens.js";
import type { Lens } from "../core/lens.js";
import { change, go } from "../core/place.js";
import type { Where } from "../core/place.js";
import type { Change, InstanceInfo, RecordInfo, Token, VariableWrite, View, Visits, Why } from "../core/protocol.js";
import type { Session } from "../core/session.js";
import { breakpoints, nextStep, stop, toggled } from "../core/stops.js";
import { MODES } from "../parts/modes.js";
import type { Mode } from "../parts/modes.js";
import { lowerBound } from "../parts/log.js";
import type { Forked } from "../parts/fork.js";
import type { Rows } from "../parts/log.js";
import { copyLink, filters, finder, unknown } from "./head.js";
import { shared } from "../style/shared.js";
import { debuggerStyle } from "../style/debugger.js";
import { count } from "../parts/format.js";
import "../parts/inspector.js";
import "../parts/log.js";
import "../parts/timeline.js";
import "../parts/transport.js";
import "../parts/verdict.js";

/** How long the page waits for the state before it shows a record without it. */
const GLANCE_AFTER_MS = 60;
const NO_VISITS: ReadonlyMap<string, Visits> = new Map();

export class StudioDebugger extends LitElement {
  static override properties = {
    session: { attribute: false },
    where: { attribute: false },
    live: { attribute: false },
    view: { state: true },
    rows: { state: true },
    problem: { state: true },
    hits: { state: true },
    differences: { state: true },
    forked: { state: true },
    said: { state: true },
    searchProblem: { state: true },
  };
  declare session: Session;
  declare where: Where;
  /** Whether the log is followed, and how many records wait while it is not. */
  declare live: { isOn: boolean; waiting: number } | null;
  declare view: View | null;
  declare rows: Rows | null;
  declare problem: Error | null;
  declare hits: ReadonlySet<number>;
  declare differences: Change[] | null;
  /** Another future, beside the end of the log. */
  declare forked: Forked | null;
  declare said: string;
  declare searchProblem: string;

  /** All records that are looked at, before kinds are taken out. */
  #all: Rows | null = null;
  #writes: readonly VariableWrite[] = [];
  #for = "";
  #lens: Lens = "all";
  #busy = false;
  #asked = -1;
  #looking = new AbortController();
  #search = new Hits();
  /** What was looked for last, and whether all of it is known and the first hit is to be gone to. */
  #sought = "";
  #isFound = false;
  #isJumping = false;
  #stop: (() => void) | null = null;
  #heard = () => void this.#reload(true);

  constructor() {
    super();
    this.view = null;
    this.rows = null;
    this.problem = null;
    this.hits = new Set();
    this.differences = null;
    this.live = null;
    this.forked = null;
    this.said = this.searchProblem = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = listen((action, number) => void this.#act(action, number));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    this.#search.stop();
    this.session.removeEventListener("change", this.#heard);
  }

  /** The instance that is looked at; none for the whole log. */
  get info(): InstanceInfo | null {
    return this.session.instances.find((it) => it.key === this.where.key) ?? null;
  }

  /** The record that is looked at: of the URL, or the one that raised the incident, or the last one. */
  get at(): number {
    const asked = Number(this.where.with.get("at"));
    if (Number.isInteger(asked) && asked > 0) return Math.min(asked, this.session.end.position);
    const all = this.#all?.positions;
    return this.info?.incidents[0] ?? all?.[all.length - 1] ?? this.info?.to ?? this.session.end.position;
  }

  get lens(): Lens {
    const lens = this.where.with.get("show") ?? "all";
    return lens in LENSES ? (lens as Lens) : "all";
  }

  get mode(): Mode {
    const mode = this.where.with.get("overlay") as Mode;
    return MODES.includes(mode) ? mode : "tokens";
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("session")) {
      changed.get("session")?.removeEventListener("change", this.#heard);
      this.session.addEventListener("change", this.#heard);
      this.#for = this.#sought = "";
    }
    // bpmn-js is most of the page's bytes, and the records can be read without it.
    if (this.where.key) void import("../parts/diagram.js");
    if (changed.has("session") || changed.has("where")) void this.#reload(false);
  }

  async #reload(again: boolean): Promise<void> {
    const { key } = this.where;
    const [element, lens] = [this.where.with.get("element"), this.lens];
    // What an instance or an element went through is known when the log is indexed.
    if ((key || element) && this.session.indexed < 1) return;
    const wanted = `${key} ${element} ${this.session.frames}`;
    try {
      if (wanted !== this.#for || again) {
        this.#for = wanted;
        const ask = this.session.core;
        const all = await ask.ask("records", [key, element]);
        if (key) this.#writes = await ask.ask("writes", [key]);
        if (wanted !== this.#for) return;
        this.#all = all;
        this.rows = null;
        if (again && this.live?.isOn) change({ at: all.positions[all.positions.length - 1] ?? null });
      }
      if (this.#all && (!this.rows || lens !== this.#lens)) this.rows = taken(this.#all, (this.#lens = lens));
      void this.#find(`${this.session.indexed} ${this.session.frames} ${key} ${this.where.with.get("find")}`);
      await this.#look();
    } catch (error) {
      this.problem = error as Error;
    }
  }

  /** Shows the place of the URL; while one is being fetched only the last one asked for counts. */
  async #look(): Promise<void> {
    if (this.#busy) {
      if (this.#asked !== this.at) this.#looking.abort();
      return;
    }
    this.#busy = true;
    try {
      for (this.#asked = -1; this.#asked !== this.at; ) {
        const last = (this.#asked = this.at);
        this.#looking = new AbortController();
        const { signal } = this.#looking;
        const patience = this.session.indexed < 1 ? 0 : GLANCE_AFTER_MS;
        const glance = setTimeout(() => void this.#glance(last, signal), patience);
        const view = await this.session.core.ask("view", [last, this.where.key], { signal }).finally(() => clearTimeout(glance));
        const base = Number(this.where.with.get("base"));
        this.differences = base > 0 ? await this.session.core.ask("diff", [base, last]) : null;
        this.view = view;
        this.problem = null;
      }
    } catch (error) {
      this.problem = error as Error;
    } finally {
      this.#busy = false;
    }
  }

  /** Shows the record alone while the log is played up to it. */
  async #glance(at: number, signal: AbortSignal): Promise<void> {
    const view = await this.session.core.ask("glance", [at]);
    if (this.#busy && this.#asked === at && !signal.aborted) this.view = view;
  }

  async #find(wanted: string): Promise<void> {
    if (this.session.indexed < 1 || wanted === this.#sought) return;
    this.#sought = wanted;
    this.#isFound = false;
    this.searchProblem = "";
    const words = this.where.with.get("find");
    try {
      await this.#search.find(this.session, words, this.where.key, (hits, isAll) => {
        this.hits = hits;
        this.#isFound = isAll;
        if (!isAll) return;
        this.#jump();
        if (words) this.said = `${count(hits.size)} hits`;
      });
    } catch (error) {
      this.hits = new Set();
      this.searchProblem = (error as Error).message;
    }
  }

  #choose(position: number): void {
    change({ at: position });
  }

  /** Goes so many records on among those that are listed. */
  #move(by: number): void {
    const positions = this.rows?.positions;
    if (!positions?.length) return;
    const here = lowerBound(positions, this.at);
    const isThere = positions[here] === this.at;
    const to = by > 0 && !isThere ? here : here + by;
    this.#choose(positions[Math.max(0, Math.min(positions.length - 1, to))]!);
  }

  /** Goes to the command of the step before or after this one. */
  #moveStep(by: number): void {
    const position = this.#all ? nextStep(this.#all, this.at, by) : undefined;
    if (position !== undefined) this.#choose(position);
  }

  /** Goes to the next record of the same instance, or the one before, also where the whole log is listed. */
  async #moveInInstance(by: 1 | -1): Promise<void> {
    const instance = this.view?.record?.instanceKey;
    if (!instance) return;
    const { positions } = await this.session.core.ask("records", [instance, null]);
    const to = positions[lowerBound(positions, this.at) + by];
    if (to !== undefined) this.#choose(to);
  }

  async #sibling(by: number): Promise<void> {
    const parent = this.view?.parent;
    if (parent == null) return;
    const { children } = await this.session.core.ask("view", [parent, this.where.key]);
    const to = children[children.indexOf(this.at) + by];
    await this.#look();
    if (to !== undefined) this.#choose(to);
  }

  #jump(): void {
    if (this.#isJumping && this.#isFound) this.#hit(1);
    this.#isJumping = !this.#isFound && this.#isJumping;
  }

  #hit(by: number): void {
    const hits = Float64Array.from([...this.hits].sort((a, b) => a - b));
    if (hits.length === 0) return;
    const here = lowerBound(hits, this.at);
    const index = by > 0 ? (hits[here] === this.at ? here + 1 : here) : here - 1;
    this.#choose(hits[(index + hits.length) % hits.length]!);
  }

  #panel(name: string): void {
    change({ tab: name });
  }

  async #act(action: Action, number: number | null): Promise<void> {
    const positions = this.rows?.positions;
    const acts: Partial<Record<Action, () => unknown>> = {
      next: () => this.#move(1),
      previous: () => this.#move(-1),
      nextStep: () => this.#moveStep(1),
      previousStep: () => this.#moveStep(-1),
      parent: () => this.view?.parent != null && this.#choose(this.view.parent),
      child: () => this.view?.children[0] !== undefined && this.#choose(this.view.children[0]),
      nextSibling: () => this.#sibling(1),
      previousSibling: () => this.#sibling(-1),
      nextOfInstance: () => this.#moveInInstance(1),
      previousOfInstance: () => this.#moveInInstance(-1),
      first: () => positions?.length && this.#choose(positions[0]!),
      last: () => positions?.length && this.#choose(positions[positions.length - 1]!),
      goto: () => number && this.#choose(Math.min(number, this.session.end.position)),
      search: () => this.renderRoot.querySelector<HTMLInputElement>("input[type=search]")?.focus(),
      nextHit: () => this.#hit(1),
      previousHit: () => this.#hit(-1),
      run: () => this.#run(1),
      runBack: () => this.#run(-1),
      breakpoint: () => this.#breakpoint(this.view?.record?.elementId ?? null),
      feel: () => this.where.key && this.#panel("feel"),
      bisect: () => this.#panel("bisect"),
      fork: () => this.where.key && this.#panel("fork"),
      leave: () => this.where.with.get("tab") === "fork" && this.#panel("step"),
      variables: () => this.where.key && this.#panel("variables"),
      why: () => this.#panel("why"),
      state: () => change(this.where.with.get("tab") === "state" ? { only: this.where.with.get("only") ? null : "changed" } : { tab: "state" }),
      message: () => this.#panel("message"),
      pin: () => change({ base: this.where.with.get("base") ? null : this.at, tab: this.where.with.get("tab") === "state" ? "state" : "step" }),
      overlay: () => change({ overlay: MODES[(MODES.indexOf(this.mode) + 1) % MODES.length] ?? null }),
      clock: () => change({ by: this.where.with.get("by") === "time" ? null : "time" }),
      commands: () => this.#show("commands"),
      events: () => this.#show("events"),
      rejections: () => this.#show("rejections"),
      follow: () => this.dispatchEvent(new Event("follow", { bubbles: true, composed: true })),
      export: () => this.#panel("export"),
      copy: async () => (this.said = await copyLink(this.at)),
      close: () => change({ element: null, find: null }),
    };
    await acts[action]?.();
  }

  async #run(by: 1 | -1): Promise<void> {
    if (!this.#all || this.session.indexed < 1) return;
    const elements = breakpoints(this.where.with.get("break"));
    const to = await stop(this.session, this.where.key, elements, this.#all, this.at, by);
    if (to !== null) this.#choose(to);
  }

  #breakpoint(element: string | null): void {
    if (element) change({ break: toggled(this.where.with.get("break"), element) });
    else this.said = "this record is at no element";
  }

  #show(lens: Lens): void {
    change({ show: this.lens === lens ? null : lens });
  }

  override render() {
    if (this.where.key && !this.info) return this.session.indexed < 1 ? html`<div class="empty" role="status"><p>reading what the instances are…</p></div>` : unknown(this.where.key, this.session.end.position);
    const record = this.view?.record ?? null;
    const tab = this.where.with.get("tab") ?? "step";
    return html`
      ${this.#head()}
      ${this.problem ? html`<div class="notice" role="alert"><b>${(this.problem as { code?: string }).code ?? "error"}</b><span>${this.problem.message}</span></div>` : nothing}
      <div class="panes ${this.where.key ? "" : "whole"}" data-pane=${this.where.with.get("pane") ?? "diagram"}>
        <section class="log" aria-label="Log">
          ${filters(this.where, this.lens, this.rows?.positions.length ?? 0, (lens) => this.#show(lens), (it) => this.#breakpoint(it))}
          <studio-log .session=${this.session} .rows=${this.rows} .at=${this.at} .hits=${this.hits} @choose=${this.#chosen}></studio-log>
        </section>
        ${this.where.key ? this.#middle(record) : nothing}
        <studio-inspector .session=${this.session} .where=${this.where} .view=${this.view} .at=${this.at} .tab=${tab} .forked=${this.forked} .writes=${this.#writes}
          @forked=${(event: CustomEvent<Forked | null>) => (this.forked = event.detail)}
          .info=${this.info} .differences=${this.differences} @choose=${this.#chosen}></studio-inspector>
      </div>
      <studio-transport .rows=${this.rows} .at=${this.at} .end=${this.session.end.position} .hits=${this.hits} .live=${this.live}
        .when=${record?.timestamp ?? this.view?.place.timestamp ?? null} .where=${this.where}
        @act=${(event: CustomEvent<Action>) => void this.#act(event.detail, null)} @choose=${this.#chosen}></studio-transport>
      <div class="visually-hidden" role="status" aria-live="polite">${this.said}</div>`;
  }

  #middle(record: RecordInfo | null) {
    const forked = this.where.with.get("tab") === "fork" ? this.forked : null;
    if (forked) {
      const future = (title: string, tokens: readonly Token[], why: Why | null, at: number) => html`
        <div class="bar"><h2>${title}</h2><span class="dim">${why ? "" : "ended · "}record ${count(at)}</span></div>
        <studio-diagram .model=${this.view?.model ?? null} .tokens=${tokens} .mode=${"tokens" as Mode}></studio-diagram>`;
      const { original, state } = forked;
      return html`<section class="middle futures" aria-label="Two futures">
        ${future("As it happened", original.tokens, original.why, original.place.position)}
        ${future("In the fork", state.tokens, state.why, state.place.position)}</section>`;
    }
    return html`<section class="middle" aria-label="Diagram and variables">
      <studio-diagram .model=${this.view?.model ?? null} .tokens=${this.mode === "path" ? [] : (this.view?.tokens ?? [])}
        .visits=${this.view?.visits ?? NO_VISITS} .mode=${this.mode} .current=${record?.elementId ?? null}
        .selected=${this.where.with.get("element")} @element=${(event: CustomEvent<string | null>) => change({ element: event.detail })}></studio-diagram>
      <div class="bar"><h2>Variables</h2><span class="dim">what each was worth, and which record wrote it</span></div>
      <studio-timeline .writes=${this.#writes} .rows=${this.#all} .at=${this.at} @choose=${this.#chosen}></studio-timeline>
    </section>`;
  }

  #chosen(event: CustomEvent<number>): void {
    this.#choose(event.detail);
  }

  #head() {
    const info = this.info;
    const state = info && info.incidents.length > 0 ? "incident" : info?.state;
    return html`<header>
      <nav aria-label="Breadcrumb"><button class="plain" @click=${() => go("instances")}>← Instances</button></nav>
      ${info ? html`<h1>${info.processId} <span class="dim">v${info.version}</span></h1>
        <code class="key" title="key of the process instance">${info.key}</code>
        <span class="chip ${state ?? ""}">${state}</span>` : html`<h1>Whole log</h1>`}
      <studio-verdict .session=${this.session}></studio-verdict>
      <span class="space"></span>
      ${finder(this.where.with.get("find") ?? "", this.hits.size, this.searchProblem, (words) => {
        // What was just typed is looked for first; the first hit is gone to when it is known.
        this.#isJumping = true;
        change({ find: words });
        if (this.#search.isFor(words)) this.#jump();
      })}
      ${this.where.key ? html`<button @click=${() => this.#panel("fork")} title="another future from this record on (f)">Fork</button>` : nothing}
      <button @click=${() => this.#panel("export")} title="take the log away (x)">Export</button>
    </header>`;
  }

  static override styles = [shared, debuggerStyle];
}

customElements.define("studio-debugger", StudioDebugger);
