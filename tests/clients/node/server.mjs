// Starts the server binary on a free port with a log of its own, and stops it.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export async function startServer() {
  const binary = process.env.DACAPO_BIN;
  if (!binary) throw new Error('expected the path of the dacapo binary in DACAPO_BIN, found nothing');
  const folder = mkdtempSync(join(tmpdir(), 'dacapo-walk-'));
  const child = spawn(binary, ['serve', '--http', '127.0.0.1:0', '--data-dir', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const address = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the server did not print its address within 30 s')), 30_000);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it listened`)));
    lines.on('line', (line) => {
      const found = line.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) {
        clearTimeout(timer);
        resolve(found[0]);
      }
    });
  });
  return {
    address,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const code = await ended;
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}
