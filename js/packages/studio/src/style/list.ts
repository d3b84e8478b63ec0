// How the lists of instances and incidents are laid out.
import { css } from "lit";

export const listStyle = css`
  :host { display: block; height: 100%; overflow: auto; padding: 20px clamp(12px, 3vw, 40px) 48px; }
  .head { display: flex; align-items: baseline; gap: 10px; min-height: 32px; }
  .head h1 { font-size: 20px; font-weight: 650; letter-spacing: -.01em; }
  .space { flex: 1; }
  .filters { display: flex; flex-wrap: wrap; gap: 12px; align-items: center; margin: 12px 0 16px; }
  .filters label { display: inline-flex; align-items: center; gap: 6px; color: var(--dim); }
  .filters input:not([type]) { width: 170px; }
  .check input { height: 16px; width: 16px; margin: 0; }
  table { width: 100%; border-collapse: separate; border-spacing: 0; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
  th { padding: 8px 14px; text-align: left; font-size: 12px; font-weight: 600; color: var(--dim); background: var(--raised); border-bottom: 1px solid var(--line); white-space: nowrap; }
  td { padding: 9px 14px; border-bottom: 1px solid var(--line); vertical-align: top; }
  tr:last-child td { border-bottom: 0; }
  tbody tr { cursor: pointer; }
  tbody tr:hover { background: var(--raised); }
  td a { font-weight: 600; }
  td time { font: 12px var(--mono); white-space: nowrap; }
  .message { max-width: 60ch; overflow-wrap: anywhere; }
  .notice { margin-bottom: 14px; }
  .group { margin: 0 0 20px; }
  .group h2 { display: flex; gap: 8px; align-items: center; margin: 0 0 8px; font-size: 14px; font-weight: 650; }
  @media (max-width: 820px) { .wide { display: none; } th, td { padding-inline: 10px; } }
`;
