// What the parts have in common: buttons, fields, chips, tables, empty states.
import { css } from "lit";

export const shared = css`
  :host { box-sizing: border-box; }
  *, *::before, *::after { box-sizing: inherit; }
  [hidden] { display: none !important; }
  h1, h2, h3, p { margin: 0; }
  a { color: var(--accent); text-decoration: none; }
  a:hover { text-decoration: underline; }
  code, .mono { font-family: var(--mono); font-size: 12px; }
  .dim { color: var(--dim); }
  .bad { color: var(--bad); }
  .good { color: var(--good); }
  .warn { color: var(--warn); }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
  button, .button {
    display: inline-flex; align-items: center; gap: 6px; height: 28px; padding: 0 10px;
    border: 1px solid var(--line); border-radius: var(--radius); background: var(--panel); color: var(--text);
    font: inherit; white-space: nowrap; cursor: pointer; text-decoration: none;
  }
  button:hover:not(:disabled), .button:hover { background: var(--raised); border-color: var(--line-strong); text-decoration: none; }
  button:disabled { color: var(--dim); cursor: default; opacity: .65; }
  button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
  button.primary:hover:not(:disabled) { background: var(--accent); filter: brightness(1.08); }
  button.plain { border-color: transparent; background: none; }
  button[aria-pressed="true"] { background: var(--accent-soft); border-color: var(--accent); color: var(--accent); }
  input, select, textarea {
    height: 28px; padding: 0 8px; border: 1px solid var(--line-strong); border-radius: var(--radius);
    background: var(--panel); color: var(--text); font: inherit; min-width: 0;
  }
  textarea { height: auto; padding: 6px 8px; font-family: var(--mono); font-size: 12px; resize: vertical; width: 100%; }
  input::placeholder, textarea::placeholder { color: var(--dim); opacity: 1; }
  kbd {
    display: inline-block; min-width: 18px; padding: 0 5px; border: 1px solid var(--line); border-bottom-width: 2px;
    border-radius: 4px; background: var(--raised); font: 11px/17px var(--mono); text-align: center;
  }
  .chip {
    display: inline-flex; align-items: center; gap: 5px; height: 20px; padding: 0 8px; border-radius: 10px;
    background: var(--raised); color: var(--dim); font-size: 11.5px; font-weight: 600; white-space: nowrap;
  }
  .chip.active { background: var(--accent-soft); color: var(--accent); }
  .chip.completed { background: var(--good-soft); color: var(--good); }
  .chip.incident { background: var(--bad-soft); color: var(--bad); }
  .chip.terminated { background: var(--warn-soft); color: var(--warn); }
  .empty { display: grid; justify-items: center; gap: 8px; padding: 48px 24px; text-align: center; color: var(--dim); }
  .empty h2 { color: var(--text); font-size: 15px; font-weight: 600; }
  .empty code { padding: 3px 8px; border: 1px solid var(--line); border-radius: 4px; background: var(--raised); color: var(--text); }
  .notice {
    display: flex; gap: 10px; align-items: baseline; padding: 8px 12px; border: 1px solid var(--bad); border-radius: var(--radius);
    background: var(--bad-soft); color: var(--bad);
  }
  .visually-hidden {
    position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
  }
`;
