// Light or dark: as the system has it, unless the reader chose.
const KEY = "dacapo-theme";

export type Theme = "system" | "light" | "dark";

export function theme(): Theme {
  try {
    const chosen = localStorage.getItem(KEY);
    return chosen === "light" || chosen === "dark" ? chosen : "system";
  } catch {
    return "system";
  }
}

export function applyTheme(chosen: Theme = theme()): void {
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  try {
    if (chosen === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, chosen);
  } catch {
    // A page without storage forgets the choice.
  }
  dispatchEvent(new Event("themechange"));
}

/** Chooses the next of system, light and dark. */
export function nextTheme(): Theme {
  const next = ({ system: "light", light: "dark", dark: "system" } as const)[theme()];
  applyTheme(next);
  return next;
}
