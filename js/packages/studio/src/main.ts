// The page begins here.
import { applyTheme } from "./core/theme.js";
import "./views/app.js";

applyTheme();
