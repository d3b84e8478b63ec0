// Another future: the same commands come to the same end, another command to another.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Replay } from "dacapo";
import { logs } from "./golden.mjs";

const frameAt = (replay, { first }) => JSON.parse(replay.frames(first, first)[0]);

for (const { name, bytes, frames } of logs) {
  test(`${name}: a fork without a change is the original`, () => {
    const replay = new Replay(bytes);
    // Control records are no commands: the fork begins after the last of them.
    const control = frames.findLastIndex((frame) => / L /.test(frame.lines[0]));
    replay.seek(frames[control].last);
    const fork = replay.fork();
    assert.equal(fork.leftAt, frames[control].last);
    for (const frame of frames.slice(control + 1)) {
      const { command, timestamp, tenant } = frameAt(replay, frame);
      fork.advanceTo(timestamp);
      // What the machine asks for itself has no actor; it comes by itself.
      if (command.actor !== undefined) {
        fork.runDue();
        rejectedOr(() => fork.submit({ ...command, tenant }));
      }
    }
    fork.runDue();
    assert.deepEqual(fork.place, replay.seekEnd());
    assert.deepEqual(fork.frames(), replay.frames(frames[control].last + 1, frames.at(-1).last));
  });
}

function rejectedOr(step) {
  try {
    step();
  } catch (error) {
    assert.equal(error.name, "DacapoRejection", error.stack);
  }
}

test("another command leads elsewhere, and the log does not notice", () => {
  const { bytes, frames } = logs.find((it) => it.name.endsWith("one_task"));
  const replay = new Replay(bytes);
  const at = frames.findIndex((frame) => frame.lines[0].includes("job.complete"));
  const { command } = frameAt(replay, frames[at]);
  const before = replay.seek(frames[at - 1].last);
  const fork = replay.fork();
  command.body.variables = { parcel: new Map([["__proto__", [1n, 0.1, "x"]]]) };
  const step = fork.submit(command);
  assert.equal(step.position, frames[at].first);
  assert.equal(step.events.at(-1).intent, "instance.completed");
  assert.deepEqual(replay.place, before);
  assert.notEqual(fork.place.digest, frames[at].digest);
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
