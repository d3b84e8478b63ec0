// Another future: the same commands come to the same end, another command to another.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Replay } from "dacapo";
import { commandOf, isAsked, logs, orRejected } from "./golden.mjs";

for (const { name, bytes, frames } of logs) {
  test(`${name}: a fork without a change is the original`, () => {
    const replay = new Replay(bytes);
    // Control records are no commands: the fork begins after the last of them.
    const control = frames.findLastIndex((frame) => / L /.test(frame.lines[0]));
    replay.seek(frames[control].last);
    const fork = replay.fork();
    assert.equal(fork.leftAt, frames[control].last);
    for (const frame of frames.slice(control + 1)) {
      const [text] = replay.frames(frame.first, frame.first);
      fork.advanceTo(frame.timestamp);
      if (isAsked(text)) {
        fork.runDue();
        orRejected(() => fork.submit(commandOf(text)));
      }
    }
    fork.runDue();
    assert.deepEqual(fork.place, replay.seekEnd());
    assert.deepEqual(fork.frames(), replay.frames(frames[control].last + 1, frames.at(-1).last));
  });
}

test("another command leads elsewhere, and the log does not notice", () => {
  const { bytes, frames } = logs.find((it) => it.name.endsWith("one_task"));
  const replay = new Replay(bytes);
  const at = frames.findIndex((frame) => frame.lines[0].includes("job.complete"));
  const [original] = replay.frames(frames[at].first, frames[at].first);
  const { command } = JSON.parse(original);
  const before = replay.seek(frames[at - 1].last);
  const fork = replay.fork();
  command.body.variables = { parcel: new Map([["__proto__", [1n, 0.1, "x"]]]) };
  const step = fork.submit(command);
  assert.equal(step.position, frames[at].first);
  assert.equal(step.events.at(-1).intent, "instance.completed");
  assert.deepEqual(replay.place, before);
  assert.notEqual(fork.frames()[0], original);
  assert.match(fork.frames()[0], /"parcel":\{"__proto__":\[1,0\.1,"x"\]\}/);
});

test("a rejection is thrown, and is a step all the same", () => {
  const { bytes } = logs.find((it) => it.name.endsWith("one_task"));
  const replay = new Replay(bytes);
  const { position } = replay.seekEnd();
  const fork = replay.fork();
  assert.throws(() => fork.submit({ intent: "job.complete", body: { job_key: "1", variables: {} } }), {
    name: "DacapoRejection",
    code: "job_not_found",
    class: "not_found",
    field: "job_key",
    position: position + 1,
  });
  assert.equal(fork.place.position, position + 2);
});
