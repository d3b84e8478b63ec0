// Taking the log away: as files that open here again, without a server.
import { LitElement, css, html, nothing } from "lit";
import { change } from "../core/place.js";
import type { InstanceInfo } from "../core/protocol.js";
import type { Session } from "../core/session.js";
import { shared } from "../style/shared.js";
import { LINK_MAX, folded } from "../core/share.js";
import { bytes, count } from "./format.js";

export class StudioExport extends LitElement {
  static override properties = {
    session: { attribute: false },
    info: { attribute: false },
    at: { type: Number },
    keep: { state: true },
    done: { state: true },
    problem: { state: true },
    link: { state: true },
  };
  declare session: Session;
  declare info: InstanceInfo | null;
  declare at: number;
  declare keep: string;
  declare done: string | null;
  declare problem: (Error & { position?: number }) | null;

  /** A link that holds the instance, and what is to be said of it. */
  declare link: { address: string | null; said: string } | null;

  constructor() {
    super();
    this.link = null;
    this.info = null;
    this.at = 0;
    this.keep = "";
    this.done = null;
    this.problem = null;
  }

  #slice(key: string, isServer: boolean) {
    const name = `instance-${key}.log`;
    if (isServer) return html`<a class="button" href="./v1/instances/${key}/export" download=${name}>Save the slice</a>`;
    return html`<button @click=${async () => {
      const isSlice = this.session.slice !== null;
      save(isSlice ? this.session.file : new Blob([await this.session.core.ask("sliceOf", [key])]), name);
    }}>Save the slice</button>`;
  }

  async #redact(): Promise<void> {
    this.done = null;
    this.problem = null;
    const salt = crypto.getRandomValues(new Uint8Array(32));
    try {
      const file = await this.session.core.ask("redact", [salt, this.#keep()]);
      save(new Blob([file]), "redacted.log");
      this.done = `${bytes(file.length)}: every record was decided again with the other values and took the same path`;
    } catch (error) {
      this.problem = error as Error;
    }
  }

  #keep(): string[] {
    return this.keep.split(/[\s,]+/).filter(Boolean);
  }

  /** Makes a link that holds the slice of the instance. Its values stay only if that is asked for. */
  async #link(key: string, isRedacted: boolean): Promise<void> {
    this.link = null;
    this.problem = null;
    try {
      const salt = isRedacted ? crypto.getRandomValues(new Uint8Array(32)) : null;
      const file = this.session.slice ? this.session.file : new Blob([await this.session.core.ask("share", [key, salt, this.#keep()])]);
      const { text, size } = await folded(file);
      if (size > LINK_MAX) {
        this.link = { address: null, said: `It would hold ${bytes(size)}, and a link at most ${bytes(LINK_MAX)}: save the file instead.` };
        return;
      }
      const view = new URLSearchParams({ at: String(this.at), z: text });
      const address = `${location.origin}${location.pathname}#/instance/${key}?${view.toString()}`;
      const isCopied = await navigator.clipboard.writeText(address).then(() => true, () => false);
      const values = isRedacted ? "with other values" : "with all its values";
      this.link = { address, said: `${isCopied ? "Copied: it" : "It"} holds ${bytes(size)}, ${values}, and is sent to no server.` };
    } catch (error) {
      this.problem = error as Error;
    }
  }

  #share(key: string) {
    const isSlice = this.session.slice !== null;
    return html`<section><h2>A link that holds this instance</h2>
      <p>The slice itself, compressed, behind the # of the address: it opens in any studio, and no server sees it.</p>
      <p>${isSlice ? html`<button @click=${() => void this.#link(key, false)}>Link with all its values</button>`
        : html`<button class="primary" @click=${() => void this.#link(key, true)}>Link with other values</button>
          <button @click=${() => void this.#link(key, false)}>With all its values</button>`}</p>
      ${this.link?.address ? html`<input readonly aria-label="Link" .value=${this.link.address} @focus=${(event: Event) => (event.target as HTMLInputElement).select()} />` : nothing}
      ${this.link ? html`<p role="status">${this.link.said}</p>` : nothing}</section>`;
  }

  override render() {
    const isServer = this.session.origin.kind === "server";
    return html`
      <section><h2>The whole log</h2>
        <p>Everything, as it is stored. It opens in any studio and verifies offline.</p>
        ${isServer ? html`<a class="button" href="./v1/log/file" download="dacapo.log">Save the log</a>`
          : html`<button @click=${() => save(this.session.file, "dacapo.log")}>Save the log</button>`}</section>
      <section ?hidden=${this.session.slice !== null}><h2>With other values</h2>
        <p>Every value of a variable becomes another one of the same kind and length. The engine then decides the whole log again: the file is only made if all of it takes the same path.</p>
        <label>Keep these variables as they are <input .value=${this.keep} placeholder="total, customer" @input=${(event: Event) => (this.keep = (event.target as HTMLInputElement).value)} /></label>
        <button class="primary" @click=${() => void this.#redact()}>Save redacted</button>
        ${this.done ? html`<p class="good" role="status">${this.done}</p>` : nothing}
        ${this.problem ? html`<div class="notice" role="alert"><b>not saved</b><span>${this.problem.message}${this.problem.position
          ? html` <button class="plain" @click=${() => this.dispatchEvent(new CustomEvent("choose", { detail: this.problem!.position, bubbles: true, composed: true }))}>#${this.problem.position}</button>` : nothing}</span></div>` : nothing}
      </section>
      ${isServer && this.session.slice ? html`<section><h2>With other values</h2>
        <p>Other values in place of the user's: the engine decides the whole log again with them, so it must be here.</p>
        <button @click=${() => change({ log: "whole" })}>Load the whole log</button></section>` : nothing}
      ${this.info ? html`<section><h2>This instance alone</h2>
        <p>Its ${count(this.info.steps)} ${this.info.steps === 1 ? "step" : "steps"}, what ${this.info.steps === 1 ? "it builds" : "they build"} on, and hashes in place of all others. The file is played here like a log, and its chain verifies.</p>
        ${this.#slice(this.info.key, isServer)}</section>
        ${this.#share(this.info.key)}` : nothing}
      <section><h2>A link</h2><p>The address of this page holds all of what is shown. <kbd>y</kbd> copies it.</p></section>`;
  }

  static override styles = [shared, css`
    :host { display: block; }
    section { display: grid; gap: 8px; justify-items: start; padding: 12px; border-bottom: 1px solid var(--line); }
    h2 { font-size: 12.5px; font-weight: 650; } p { color: var(--dim); }
    label { display: grid; gap: 4px; width: 100%; } input { width: 100%; }
  `];
}

function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

customElements.define("studio-export", StudioExport);
