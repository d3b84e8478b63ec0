// The package as its users get it: packed, and installed into a folder of its own.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../../packages/dacapo/", import.meta.url));
const modules = fileURLToPath(new URL("../node_modules/", import.meta.url));

const npm = (folder, ...args) =>
  execFileSync("npm", [...args, "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

// Packs the package and installs it; `tools` are linked beside it.
export function install(tools = []) {
  const folder = mkdtempSync(join(tmpdir(), "dacapo-packed-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const [packed] = JSON.parse(npm(source, "pack", "--json", "--pack-destination", folder));
  writeFileSync(join(folder, "package.json"), '{ "name": "consumer", "private": true, "type": "module" }\n');
  const tarball = join(folder, packed.filename);
  npm(folder, "install", "--offline", "--no-package-lock", "--install-links", tarball);
  for (const tool of tools) {
    mkdirSync(join(folder, "node_modules", tool, ".."), { recursive: true });
    symlinkSync(join(modules, tool), join(folder, "node_modules", tool), "junction");
  }
  return { folder, tarball, files: packed.files.map((it) => it.path).sort(), size: packed.size };
}

export const node = (folder, ...args) => execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", timeout: 60_000 });

// What a consumer does: a whole process in an engine, and its log replayed.
export const app = (from, load = "") => `
import { Engine, Replay, bpmn, load } from ${JSON.stringify(from)};
export async function run() {
  await load(${load});
  const engine = new Engine();
  engine.deploy([{ name: "p.bpmn", content: bpmn("p", "start -> work:service(work) -> end") }]);
  const key = engine.createInstance({ processId: "p" });
  const [job] = engine.activateJobs({ jobType: "work" });
  engine.completeJob({ jobKey: job.jobKey });
  const replay = await Replay.open(engine.log());
  if (engine.isRunning(key) || replay.seekEnd().digest !== engine.place.digest) throw new Error("it came out otherwise");
  return "it works";
}
run().then((it) => console.log(it), (error) => console.log(error.name, error.code ?? error.message, error.message));
`;
