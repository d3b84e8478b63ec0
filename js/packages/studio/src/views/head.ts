// What stands around the records: which of them are listed, and what is said where there are none.
import { html, nothing } from "lit";
import type { Lens } from "../core/lens.js";
import { change, go, settle } from "../core/place.js";
import type { Where } from "../core/place.js";
import { breakpoints } from "../core/stops.js";
import { count } from "../parts/format.js";

/** The kinds of records, the element and the breakpoints that are chosen. */
export function filters(where: Where, chosen: Lens, total: number, show: (lens: Lens) => void, stopAt: (element: string) => void) {
  const button = (lens: Lens, text: string, title: string) => html`<button class="plain" aria-pressed=${chosen === lens}
    title=${title} @click=${() => show(lens)}>${text}</button>`;
  const element = where.with.get("element");
  return html`<div class="bar filters">
    ${button("commands", "▶ Commands", "commands and refusals (1)")}
    ${button("events", "● Events", "events (2)")}
    ${button("rejections", "✕ Refused", "what was refused (3)")}
    ${element ? html`<button class="plain chosen" title="show all elements (Esc)" @click=${() => change({ element: null })}>${element} ×</button>` : nothing}
    ${breakpoints(where.with.get("break")).map((it) => html`<button class="plain stop" title="running stops here (r, R); take it away" @click=${() => stopAt(it)}>◉ ${it} ×</button>`)}
    <span class="space"></span><span class="dim number">${count(total)}</span>
  </div>`;
}

/** Where words are typed that records must say, and what is wrong with them. */
export function finder(words: string, hits: number, problem: string, sought: (words: string) => void) {
  return html`<form class="find" role="search" @submit=${(event: Event) => {
    event.preventDefault();
    const input = (event.target as HTMLElement).querySelector("input")!;
    input.blur();
    sought(input.value);
  }}>
    <input type="search" aria-label="Search the records" placeholder="words, field=value, /regex/, = FEEL" .value=${words}
      title=${FORMS} aria-invalid=${problem !== ""} aria-describedby="find-problem"
      @change=${(event: Event) => change({ find: (event.target as HTMLInputElement).value })} />
    <output class="dim">${words && !problem ? count(hits) : ""}</output>
    <div id="find-problem" class="problem" role="alert" ?hidden=${!problem}>${problem}</div>
  </form>`;
}

const FORMS = `What a record must have, all of it (/):
  paid A-1003                     words that are said of it
  intent=job.failed worker="w 1"  its fields, quoted or not
  order.total=12                  variables that it carries
  /order \\d+/i                    a regular expression
or one expression in FEEL over its fields:
  = intent = "job.failed" and retries = 0`;

/** An instance that the log does not know. */
export function unknown(key: string | null, end: number) {
  return html`<div class="empty"><h2>No instance ${key} in this log</h2>
    <p>The log ends at record ${count(end)}. The instance may belong to another server or file.</p>
    <button @click=${() => go("instances")}>All instances</button></div>`;
}

/** Copies the link to a record; returns what to say of that. */
export async function copyLink(at: number): Promise<string> {
  change({ at });
  settle();
  try {
    await navigator.clipboard.writeText(location.href);
    return "link copied";
  } catch {
    return "the browser does not let the page copy; the address bar has the link";
  }
}
