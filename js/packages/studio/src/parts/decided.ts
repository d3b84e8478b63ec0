// What a decision decided: its inputs, the rules that matched with their outputs, its result.
import { LitElement, css, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { shared } from "../style/shared.js";

interface Clause { name: string; value: unknown }
interface Decided {
  name: string; decision_id: string; version: Digits; decision_type: string; output: unknown;
  inputs?: Clause[]; rules?: { rule_id: string; index: Digits; outputs: Clause[] }[]; warnings?: string[]; error_message?: string;
}

/** A number as it is written in the log: a decimal may have more digits than a number of JavaScript. */
class Digits {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toJSON(): string {
    return this.text;
  }
}

export class StudioDecided extends LitElement {
  static override properties = { frame: { type: String }, at: { type: Number } };
  declare frame: string;
  declare at: number;

  constructor() {
    super();
    this.frame = "";
    this.at = 0;
  }

  override render() {
    const it = decidedAt(this.frame, this.at);
    if (!it) return nothing;
    const rules = it.rules ?? [];
    return html`
      <h3>${it.name} <span class="dim">version ${it.version.text}, ${it.decision_type.toLowerCase().replaceAll("_", " ")}</span></h3>
      ${it.error_message ? html`<p class="bad">${it.error_message}</p>` : nothing}
      ${it.inputs?.length ? html`<table><caption>Inputs</caption><tbody>${it.inputs.map(row)}</tbody></table>` : nothing}
      ${rules.map((rule) => html`<table><caption>Rule ${rule.index.text} matched <code>${rule.rule_id}</code></caption>
        <tbody>${rule.outputs.map(row)}</tbody></table>`)}
      ${it.decision_type === "DECISION_TABLE" && rules.length === 0 ? html`<p class="dim">No rule matched.</p>` : nothing}
      <table><caption>Result</caption><tbody>${row({ name: it.decision_id, value: it.output })}</tbody></table>
      ${it.warnings?.length ? html`<ul aria-label="Warnings">${it.warnings.map((text) => html`<li>${text}</li>`)}</ul>` : nothing}`;
  }

  static override styles = [shared, css`
    :host { display: block; margin-top: 10px; }
    h3 { font-size: 12.5px; font-weight: 650; }
    .dim { color: var(--dim); font-weight: 400; } .bad { color: var(--bad); overflow-wrap: anywhere; }
    table { width: 100%; margin-top: 6px; border-collapse: collapse; table-layout: fixed; }
    caption { text-align: left; color: var(--dim); padding: 2px 0; } caption code { font: 11.5px/1.5 var(--mono); }
    th, td { text-align: left; vertical-align: top; padding: 2px 6px 2px 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
    th { width: 40%; font-weight: 400; } td { font: 11.5px/1.5 var(--mono); }
    ul { margin: 6px 0 0; padding-left: 16px; color: var(--warn); overflow-wrap: anywhere; }
  `];
}

function row(it: Clause): TemplateResult {
  return html`<tr><th scope="row">${it.name}</th><td>${shown(it.value)}</td></tr>`;
}

function shown(value: unknown): string {
  if (value instanceof Digits) return value.text;
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}: ${shown(part)}`).join(", ")}}`;
}

/** Finds the evaluation that a record of a frame is about. */
function decidedAt(frame: string, at: number): Decided | null {
  if (!frame.includes('"decision.evaluated"')) return null;
  // Where a browser tells the text of a number it is shown as it is.
  const digits = (_name: string, value: unknown, context?: { source?: string }) =>
    typeof value === "number" ? new Digits(context?.source ?? String(value)) : value;
  const { records = [] }: { records?: { position: Digits; intent: string; body: Decided }[] } = JSON.parse(frame, digits);
  const record = records.find((it) => it.position.text === String(at));
  return record?.intent === "decision.evaluated" ? record.body : null;
}

customElements.define("studio-decided", StudioDecided);
