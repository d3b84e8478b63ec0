// What is known of the log's truth, in one of three words that are never mixed.
import { LitElement, css, html, nothing } from "lit";
import { change } from "../core/place.js";
import type { Session } from "../core/session.js";
import { shared } from "../style/shared.js";
import { count } from "./format.js";

export class StudioVerdict extends LitElement {
  static override properties = { session: { attribute: false } };
  declare session: Session | null;
  #heard = () => this.requestUpdate();
  #of: Session | null = null;

  constructor() {
    super();
    this.session = null;
  }

  override willUpdate(): void {
    if (this.#of === this.session) return;
    for (const event of ["change", "indexing"]) {
      this.#of?.removeEventListener(event, this.#heard);
      this.session?.addEventListener(event, this.#heard);
    }
    this.#of = this.session;
  }

  override render() {
    const { report, doubt } = this.session ?? {};
    if (!report && !doubt) {
      const { indexed } = this.session ?? {};
      return indexed !== undefined && indexed < 1
        ? html`<span class="verdict waiting" role="status" title="what the instances of this log are">indexing ${Math.floor(indexed * 100)} %</span>`
        : html`<span class="verdict waiting" role="status" title="every step is decided again in this page">verifying…</span>`;
    }
    const word = report?.verdict ?? "not verifiable";
    return html`<span class="verdict ${word.replace(" ", "-")}" role="status" title=${this.#reason()}>
      <span aria-hidden="true">${SIGNS[word]}</span>${word}</span>${this.#part()}`;
  }

  /** Says that only a part of the log is here, and how to get the rest. */
  #part() {
    const { slice, frames, origin } = this.session ?? {};
    if (!slice || !frames) return nothing;
    return html`<span class="part" title="the slice of one instance: of all other steps only the hashes are here, so that the chain still verifies">
      ${count(frames)} of ${count(frames + slice.framesHidden)} steps</span>
      ${origin?.kind === "server" ? html`<button title="load the whole log, and decide every step of it again here" @click=${() => change({ log: "whole" })}>Verify all</button>` : nothing}`;
  }

  #reason(): string {
    const { report, doubt } = this.session ?? {};
    if (doubt) return doubt.message;
    if (!report) return "";
    if (report.failure) return `record ${report.failure.position ?? "?"}: ${report.failure.message}`;
    const texts = [`${count(report.reDerived)} steps decided again here, byte for byte the same`];
    if (report.imposed) texts.push(`${count(report.imposed)} refusals imposed by the host`);
    if (report.notShown) texts.push(`${count(report.notShown)} steps not shown by this file`);
    for (const [semantics, steps] of report.otherSemantics) {
      texts.push(`${count(steps)} steps decided by semantics ${semantics}`);
    }
    return texts.join("; ");
  }

  static override styles = [shared, css`
    :host { display: inline-flex; align-items: center; gap: 8px; flex: none; }
    .part { color: var(--dim); font-size: 12px; white-space: nowrap; cursor: help; }
    .verdict {
      display: inline-flex; align-items: center; justify-content: center; gap: 6px; min-width: 116px; height: 24px; padding: 0 10px;
      border: 1px solid currentColor; border-radius: 12px; font-size: 12px; font-weight: 600; white-space: nowrap; cursor: help;
    }
    @media (max-width: 899px) { .part { display: none; } }
    .waiting { color: var(--dim); }
    .re-derived { color: var(--good); background: var(--good-soft); }
    .chained-only { color: var(--warn); background: var(--warn-soft); }
    .not-verifiable { color: var(--bad); background: var(--bad-soft); }
  `];
}

const SIGNS = { "re-derived": "✓", "chained only": "◐", "not verifiable": "✕" } as const;

customElements.define("studio-verdict", StudioVerdict);
