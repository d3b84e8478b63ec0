// The page against the real server on PostgreSQL: all that it does on SQLite, in a cluster that is thrown away.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "dacapo-studio-pg-"));
const user = unprivileged();
if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
const data = join(folder, "data");
const run = (program, ...args) => execFileSync(join(binaries(), program), args, { ...user, cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
run("initdb", "--no-sync", "--auth=trust", "--username=dacapo", "--encoding=UTF8", "--locale=C.UTF-8", "--pgdata", data);
run("pg_ctl", "start", "--wait", "--pgdata", data, "--log", join(folder, "log"), "-o", `-c listen_addresses= -c unix_socket_directories=${folder}`);
process.env.DACAPO_DATABASE_URL = `postgres://dacapo@localhost/postgres?host=${encodeURIComponent(folder)}`;
await import("./server.test.mjs");
// After what the import put there: the server goes first.
after(() => {
  run("pg_ctl", "stop", "--wait", "--mode=immediate", "--pgdata", data);
  rmSync(folder, { recursive: true, force: true });
});

test("it was PostgreSQL that held the log", () => {
  const asked = ["-h", folder, "-U", "dacapo", "-d", "postgres", "-At", "-c", "select count(*) from pg_class where relname = 'log' and relkind in ('r', 'p')"];
  assert.equal(execFileSync(join(binaries(), "psql"), asked, { ...user, cwd: folder, encoding: "utf8" }).trim(), "1");
});

/** PostgreSQL does not run as root: somebody else does it then. */
function unprivileged() {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    try {
      const id = (flag) => Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
      return { uid: id("-u"), gid: id("-g") };
    } catch {
      // There is no such user: the next one.
    }
  }
  throw new Error("expected a user `postgres` or `nobody` to run PostgreSQL as, found none");
}

function binaries() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((one, other) => Number(other) - Number(one)) : [];
  const folders = [...versions.map((it) => join(debian, it, "bin")), ...(process.env.PATH ?? "").split(":")];
  const found = folders.find((folder) => ["initdb", "pg_ctl", "psql"].every((it) => existsSync(join(folder, it))));
  if (!found) throw new Error(`expected PostgreSQL (initdb, pg_ctl, psql) in ${debian} or PATH, found none`);
  return found;
}
