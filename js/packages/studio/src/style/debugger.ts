// How the debugger is laid out: three panes side by side, one of them at a time on a narrow page.
import { css } from "lit";

export const debuggerStyle = css`
  :host { display: grid; grid-template-rows: auto auto minmax(0, 1fr) auto; height: 100%; min-height: 0; }
  header { grid-row: 1; display: flex; align-items: center; gap: 10px; min-height: 48px; padding: 8px 14px; background: var(--panel); border-bottom: 1px solid var(--line); flex-wrap: wrap; }
  header h1 { font-size: 15px; font-weight: 650; }
  header nav button { margin-left: -8px; color: var(--accent); }
  .key { color: var(--dim); user-select: all; }
  .space { flex: 1; }
  .find { position: relative; display: flex; align-items: center; }
  .find input { width: 250px; padding-right: 52px; }
  .find input[aria-invalid="true"] { border-color: var(--bad); }
  .find .problem { position: absolute; top: 100%; right: 0; z-index: 3; width: max-content; max-width: min(420px, 90vw); margin-top: 4px; padding: 6px 10px; border: 1px solid var(--bad); border-radius: var(--radius); background: var(--panel); color: var(--bad); overflow-wrap: anywhere; box-shadow: var(--shadow); }
  .find output { position: absolute; right: 26px; font-size: 11.5px; pointer-events: none; }
  .notice { grid-row: 2; margin: 8px 14px; }
  .panes { grid-row: 3; display: grid; grid-template-columns: minmax(260px, 23%) minmax(0, 1fr) minmax(320px, 27%); min-height: 0; }
  .panes.whole { grid-template-columns: minmax(0, 1fr) minmax(320px, 34%); }
  .panes > * { min-width: 0; min-height: 0; background: var(--panel); }
  .log { display: grid; grid-template-rows: auto minmax(0, 1fr); border-right: 1px solid var(--line); }
  .middle { display: grid; grid-template-rows: minmax(0, 1fr) auto minmax(90px, 26%); border-right: 1px solid var(--line); }
  .bar { display: flex; align-items: center; gap: 8px; height: 34px; padding: 0 12px; border-bottom: 1px solid var(--line); background: var(--panel); }
  .middle .bar { border-top: 1px solid var(--line); }
  .bar h2 { font-size: 12.5px; font-weight: 650; }
  .filters { gap: 2px; padding: 4px 8px; flex-wrap: wrap; height: auto; min-height: 34px; box-sizing: border-box; }
  .filters button { height: 24px; padding: 0 7px; font-size: 12px; }
  .filters .stop { color: var(--bad); }
  .filters .chosen { background: var(--warn-soft); color: var(--warn); overflow: hidden; text-overflow: ellipsis; display: block; }
  .number { font-variant-numeric: tabular-nums; font-size: 12px; }
  .middle.futures { grid-template-rows: auto minmax(0, 1fr) auto minmax(0, 1fr); }
  .middle.futures .bar:first-child { border-top: 0; }
  studio-transport { grid-row: 4; }
  @media (max-width: 1099px) {
    .panes { grid-template-columns: minmax(240px, 34%) minmax(0, 1fr); grid-template-rows: minmax(0, 1fr) minmax(0, 1fr); }
    .panes.whole { grid-template-columns: minmax(0, 1fr); }
    .log { grid-row: 1 / 3; }
    .middle { border-right: 0; grid-template-rows: minmax(0, 1fr) auto minmax(64px, 30%); }
    .panes.whole .log { grid-row: 1; }
    studio-inspector { border-top: 1px solid var(--line); }
    .find input { width: 190px; }
    .filters .number { display: none; }
  }
  @media (max-width: 899px) { header { gap: 6px; } header .key { display: none; } .find input { width: 116px; padding-right: 8px; } .find output { background: var(--panel); } }
  @media (max-width: 719px) {
    .panes, .panes.whole { grid-template-columns: minmax(0, 1fr); grid-template-rows: minmax(0, 1fr); }
    .panes > * { display: none; }
    .panes[data-pane="log"] > .log, .panes[data-pane="diagram"] > .middle { display: grid; grid-row: 1; }
    .panes[data-pane="inspector"] > studio-inspector, .panes.whole[data-pane="diagram"] > studio-inspector { display: grid; grid-row: 1; }
    .find { flex-basis: 100%; } .find input { width: 100%; }
  }
`;
