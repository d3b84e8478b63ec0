// The page: its head, what is open, and which view shows it.
import { LitElement, css, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { listen } from "../core/keys.js";
import type { Action } from "../core/keys.js";
import { Live } from "../core/live.js";
import { change, go, read, watch } from "../core/place.js";
import type { Where } from "../core/place.js";
import * as server from "../core/server.js";
import { Core, Session } from "../core/session.js";
import { unfolded } from "../core/share.js";
import { nextTheme, theme } from "../core/theme.js";
import * as visit from "../core/visit.js";
import { bytes } from "../parts/format.js";
import "../parts/keysheet.js";
import "../parts/palette.js";
import { shared } from "../style/shared.js";
import "./incidents.js";
import "./instances.js";
import { welcome } from "./welcome.js";

export class DacapoStudio extends LitElement {
  static override properties = {
    where: { state: true },
    session: { state: true },
    isServer: { state: true },
    problem: { state: true },
    progress: { state: true },
    done: { state: true },
    isDragging: { state: true },
    dialog: { state: true },
    live: { state: true },
  };
  declare where: Where;
  declare session: Session | null;
  /** Whether a server is behind the page; null until that is known. */
  declare isServer: boolean | null;
  declare problem: Error | null;
  /** What is being opened, and how far that is. */
  declare progress: string | null;
  /** How much of it is done, from 0 to 1; null if that is not known. */
  declare done: number | null;
  declare isDragging: boolean;
  /** What stands over the page. */
  declare dialog: "help" | "palette" | null;
  declare live: { isOn: boolean; waiting: number } | null;
  #stops: (() => void)[] = [];
  #follower: Live | null = null;
  /** Which log of the server was asked for last. */
  #tried = "";

  constructor() {
    super();
    this.where = read(location.hash);
    this.session = null;
    this.isServer = null;
    this.problem = null;
    this.progress = null;
    this.done = null;
    this.isDragging = false;
    this.dialog = null;
    this.live = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const on = <K extends keyof WindowEventMap>(name: K, heard: (event: WindowEventMap[K]) => void) => {
      addEventListener(name, heard);
      this.#stops.push(() => removeEventListener(name, heard));
    };
    this.#stops.push(watch((where) => this.#went(where)));
    this.#stops.push(listen((action) => this.#act(action)));
    on("dragover", (event) => {
      event.preventDefault();
      this.isDragging = true;
    });
    on("dragleave", (event) => {
      if (event.relatedTarget === null) this.isDragging = false;
    });
    on("drop", (event) => {
      event.preventDefault();
      this.isDragging = false;
      const file = event.dataTransfer?.files[0];
      if (file) void this.#openFile(file);
    });
    void this.#begin();
    // What a log is opened with is loaded while nobody waits for it.
    Core.prepare();
    requestIdleCallback?.(() => void import("./debugger.js"));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) stop();
    this.#follower?.close();
  }

  /** Does what is asked for on every page. */
  #act(action: Action): void {
    switch (action) {
      case "help":
      case "palette":
        this.dialog = this.dialog === action ? null : action;
        return;
      case "close":
        if (this.dialog === null && visit.isLedTo(this.where.key)) this.#closeHint();
        this.dialog = null;
        return;
      case "instances":
      case "incidents":
      case "log":
        if (this.isServer || this.session) go(action);
        return;
      case "theme":
        nextTheme();
        this.requestUpdate();
        return;
      default:
    }
  }

  #closed(dialog: "help" | "palette"): void {
    // Another one may stand in its place by now.
    if (this.dialog === dialog) this.dialog = null;
  }

  #closeHint(): void {
    visit.closeHint();
    this.requestUpdate();
  }

  /** Leads a first visit to the newest incident, on the step that raised it: nothing else was asked for. */
  async #lead(): Promise<void> {
    const isAsked = location.hash.replace(/^#\/?/, "") !== "";
    const isFirst = visit.isFirst();
    if (isAsked || !isFirst) return;
    try {
      const { items } = await server.instances({ hasIncident: true });
      const [blocked] = items;
      if (!blocked || location.hash.replace(/^#\/?/, "") !== "") return;
      visit.lead(blocked.key);
      // It takes the place of this entry of the history: going back leads to where the visit came from.
      change({}, { page: "instance", key: blocked.key });
    } catch {
      // The list says what is wrong.
    }
  }

  /** Finds out what is behind the page: a server, a file beside it (`?file=…`) or in the link (`#z=…`), or nothing. */
  async #begin(): Promise<void> {
    const name = new URLSearchParams(location.search).get("file");
    if (name && /^[\w][\w.-]*$/.test(name)) {
      this.isServer = false;
      await this.#open({ kind: "file", name }, () => server.file(name));
      this.#showOpened();
      return;
    }
    const held = this.where.with.get("z");
    if (held) {
      this.isServer = false;
      await this.#open({ kind: "file", name: "from the link" }, () => unfolded(held));
      this.#showOpened();
      return;
    }
    const isServer = await server.isThere();
    if (isServer) await this.#lead();
    this.isServer = isServer;
    this.#went(this.where);
  }

  #went(where: Where): void {
    if (where.key !== this.where.key) this.problem = null;
    this.where = where;
    const needsLog = where.page === "instance" || where.page === "log";
    if (needsLog) void import("./debugger.js");
    if (needsLog && this.isServer && !this.progress) this.#ready(where);
    const title = where.key ? `instance ${where.key}` : where.page;
    document.title = `${title} · dacapo studio`;
  }

  /** Opens what is to be looked at of the server's log, unless it is open: an instance needs no more than its slice. */
  #ready(where: Where): void {
    const wanted = where.page === "instance" && where.with.get("log") !== "whole" ? where.key : null;
    const origin = this.session?.origin;
    if (origin?.kind === "file") return;
    const isOpen = origin && (origin.instance === null || origin.instance === wanted);
    if (!isOpen && !(this.problem && this.#tried === `${wanted}`)) void this.#openServer(wanted);
    else if (origin?.instance === null && where.key && !this.session?.instances.some((it) => it.key === where.key)) {
      void this.#follower?.catchUp().catch((error: unknown) => (this.problem = error as Error));
    }
  }

  async #openServer(instance: string | null): Promise<void> {
    this.#tried = `${instance}`;
    this.#close();
    await this.#open({ kind: "server", instance }, () => server.download(1, instance, (length) => {
      this.progress = `reading ${instance === null ? "the log" : "the steps of the instance"}: ${bytes(length)}`;
    }));
    if (!this.session || this.session.origin.kind !== "server") return;
    this.#follower = new Live(this.session, (live) => (this.live = live), (error) => (this.problem = error));
    // The page may show something else by now.
    this.#went(this.where);
  }

  async #openFile(file: File): Promise<void> {
    await this.#open({ kind: "file", name: file.name }, async () => file);
    this.where = read("");
    this.#showOpened();
  }

  /** Goes to what is most worth seeing of a file: the instance with an incident, or the only one. */
  #showOpened(): void {
    if (!this.session || this.where.page === "instance" || this.where.page === "log") return;
    if (this.session.indexed < 1) {
      // A long log: its records can be seen before its instances are known.
      go("log");
      return;
    }
    const blocked = this.session.instances.filter((it) => it.incidents.length > 0);
    const only = blocked.at(-1) ?? (this.session.instances.length === 1 ? this.session.instances[0] : undefined);
    if (only) go("instance", only.key);
    else go("instances");
  }

  async #open(origin: Session["origin"], load: () => Promise<Blob>): Promise<void> {
    this.problem = null;
    this.progress = "reading…";
    try {
      const found = await load();
      this.progress = "following the chain…";
      const told = (done: number) => {
        this.done = done;
      };
      const [opened] = await Promise.all([Session.open(origin, found, told), import("./debugger.js")]);
      this.#close();
      this.session = opened;
    } catch (error) {
      this.problem = error as Error;
    } finally {
      this.progress = null;
      this.done = null;
    }
  }

  #close(): void {
    this.#follower?.close();
    this.#follower = null;
    this.live = null;
    this.session?.close();
    this.session = null;
  }

  #leaveFile(): void {
    this.#close();
    this.problem = null;
    change({ z: null });
    go("instances");
  }

  override render() {
    return html`
      ${this.#head()}
      ${this.session && visit.isLedTo(this.where.key) ? welcome(() => this.#closeHint()) : nothing}
      <main>${this.#main()}</main>
      ${this.isDragging ? html`<div class="drop" aria-hidden="true"><p>Drop a dacapo log file to play it here. It does not leave this page.</p></div>` : nothing}
      ${this.dialog === "help" ? html`<studio-keysheet @close=${() => this.#closed("help")}></studio-keysheet>` : nothing}
      ${this.dialog === "palette" ? html`<studio-palette .on=${this.#shown()} @close=${() => this.#closed("palette")}></studio-palette>` : nothing}`;
  }

  /** What is open, as the actions have it. */
  #shown(): "all" | "log" | "instance" {
    if (!this.session) return "all";
    const { page } = this.where;
    return page === "instance" || page === "log" ? (page === "log" ? "log" : "instance") : "all";
  }

  #head(): TemplateResult {
    const page = this.where.page;
    const tab = (name: Where["page"], text: string) =>
      html`<a href="#/${name}" aria-current=${page === name ? "page" : "false"}>${text}</a>`;
    const origin = this.session?.origin;
    const chosen = theme();
    return html`<header>
      <a class="brand" href="#/instances" aria-label="dacapo studio">
        <svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7"></rect><path d="M7 7h4v18H7zM13 7h1.8v18H13z"></path><circle cx="20" cy="12.5" r="2.1"></circle><circle cx="20" cy="19.5" r="2.1"></circle></svg>
        dacapo</a>
      ${this.isServer || this.session ? html`<nav aria-label="Pages">${tab("instances", "Instances")}${tab("incidents", "Incidents")}${tab("log", "Log")}</nav>` : nothing}
      <span class="space"></span>
      ${origin?.kind === "file" ? html`<span class="origin" title="nothing of it leaves this page">file <b>${origin.name}</b>
        <button class="plain" aria-label="Close the file" title="close the file" @click=${() => this.#leaveFile()}>×</button></span>` : nothing}
      <label class="button">Open file…<input class="visually-hidden" type="file" @change=${(event: Event) => {
        const input = event.target as HTMLInputElement;
        const file = input.files?.[0];
        input.value = "";
        if (file) void this.#openFile(file);
      }} /></label>
      <button class="plain icon" title="theme: ${chosen}" aria-label="Theme: ${chosen}" @click=${() => this.#act("theme")}>${{ system: "◐", light: "☀", dark: "☾" }[chosen]}</button>
      <button class="plain icon" title="find an action (Ctrl-K)" aria-label="Actions" @click=${() => this.#act("palette")}>⌘</button>
      <button class="plain icon" title="keys (?)" aria-label="Keys" @click=${() => this.#act("help")}>?</button>
    </header>`;
  }

  #main(): TemplateResult {
    const needsLog = this.where.page === "instance" || this.where.page === "log";
    if (this.progress) return html`<div class="empty" role="status"><h2>Opening</h2><p>${this.progress}</p><progress aria-label="Opening the log" .value=${this.done ?? 0} ?hidden=${this.done === null}></progress>
      <progress aria-label="Reading" ?hidden=${this.done !== null}></progress></div>`;
    if (this.problem && (needsLog || !this.session)) return this.#failed(this.problem);
    if (this.isServer === null && !this.session) return html`<div class="empty" role="status"><p>…</p></div>`;
    if (!this.isServer && !this.session) return this.#landing();
    const isFile = this.session?.origin.kind === "file";
    const isServer = this.isServer === true && !isFile;
    if (this.where.page === "incidents") {
      return html`<studio-incidents .session=${this.session} .isServer=${isServer}></studio-incidents>`;
    }
    if (!needsLog) {
      return html`<studio-instances .session=${this.session} .where=${this.where} .isServer=${isServer}></studio-instances>`;
    }
    if (!this.session) return html`<div class="empty" role="status"><p>…</p></div>`;
    return html`<studio-debugger .session=${this.session} .where=${this.where} .live=${this.live}
      @follow=${() => this.#follower?.toggle()}></studio-debugger>`;
  }

  #landing(): TemplateResult {
    return html`<div class="empty landing">
      <h2>Drop a dacapo log file here</h2>
      <p>It is played in this page by the engine itself. Nothing of it is sent anywhere.</p>
      <p>A server writes one: <code>dacapo log export --out order.log</code></p>
    </div>`;
  }

  #failed(problem: Error & { code?: string; position?: number }): TemplateResult {
    return html`<div class="empty" role="alert">
      <h2>${problem.code === "404" && this.where.key ? `No instance ${this.where.key} in this log` : problem.position === undefined ? "This log cannot be opened" : `This log cannot be played at record ${problem.position}`}</h2>
      <p class="why">${problem.message}</p>
      ${problem.code ? html`<code>${problem.code}</code>` : nothing}
      <p>${problem.position === undefined || problem.position <= 1 ? "" : `What stands before record ${problem.position} may be sound: dacapo log verify tells.`}</p>
      <button @click=${() => {
        this.problem = null;
        this.#tried = "";
        if (this.isServer) this.#went(this.where);
        else go("instances");
      }}>${this.isServer ? "Try again" : "Open another file"}</button></div>`;
  }

  static override styles = [shared, css`
    :host { display: grid; grid-template-rows: 46px auto minmax(0, 1fr); }
    main { grid-row: 3; }
    .hint { display: flex; align-items: center; gap: 10px; padding: 5px 14px; border-bottom: 1px solid var(--accent); background: var(--accent-soft); line-height: 1.7; }
    .hint span { flex: 1; } .hint a { margin-left: 6px; text-decoration: underline; }
    header { display: flex; align-items: center; gap: 8px; padding: 0 14px; background: var(--panel); border-bottom: 1px solid var(--line); }
    .brand { display: flex; align-items: center; gap: 9px; margin-right: 12px; color: var(--text); font-size: 15px; font-weight: 700; letter-spacing: -.01em; }
    .brand:hover { text-decoration: none; }
    .brand svg { width: 24px; height: 24px; } .brand rect { fill: #2b5fd9; } .brand path, .brand circle { fill: #fff; }
    nav { display: flex; height: 100%; }
    nav a { display: flex; align-items: center; padding: 0 12px; color: var(--dim); border-bottom: 2px solid transparent; border-top: 2px solid transparent; }
    nav a:hover { color: var(--text); text-decoration: none; }
    nav a[aria-current="page"] { color: var(--text); font-weight: 600; border-bottom-color: var(--accent); }
    .space { flex: 1; }
    .icon { width: 30px; padding: 0; justify-content: center; font-size: 15px; }
    .origin { display: inline-flex; align-items: center; gap: 6px; min-width: 0; max-width: 40ch; color: var(--dim); }
    .origin b { color: var(--text); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .origin button { padding: 0 6px; }
    label.button:focus-within { outline: 2px solid var(--accent); outline-offset: 1px; }
    main { min-height: 0; overflow: auto; }
    .landing { min-height: 100%; align-content: center; }
    .landing h2 { font-size: 20px; }
    .why { max-width: 70ch; overflow-wrap: anywhere; }
    progress { width: 220px; height: 6px; accent-color: var(--accent); }
    .drop { position: fixed; inset: 10px; z-index: 10; display: grid; place-items: center; border: 2px dashed var(--accent); border-radius: 12px; background: color-mix(in srgb, var(--panel) 88%, transparent); font-size: 16px; pointer-events: none; }
    @media (max-width: 560px) { .brand { margin-right: 0; font-size: 0; } nav a { padding: 0 8px; } .origin { display: none; } }
  `];
}

customElements.define("dacapo-studio", DacapoStudio);
