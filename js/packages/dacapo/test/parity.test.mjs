// The Wasm says what the native engine said, at every position of every golden log.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Replay, verifyLog } from "dacapo";
import { logs } from "./golden.mjs";

assert.ok(logs.length >= 6, `only ${logs.length} golden logs`);

const shown = ({ last, timestamp, digest }) => ({ position: last, timestamp, digest });

for (const { name, bytes, frames } of logs) {
  test(`${name}: the same digest at every position, by stepping forward and back`, () => {
    const replay = new Replay(bytes);
    assert.equal(replay.frameCount, frames.length);
    assert.deepEqual(replay.place, { position: 0, timestamp: null, digest: "0".repeat(64) });
    for (const frame of frames) {
      assert.ok(replay.step());
      assert.deepEqual(replay.place, shown(frame));
    }
    assert.equal(replay.step(), false);
    for (const frame of frames.toReversed()) {
      assert.deepEqual(replay.place, shown(frame));
      assert.ok(replay.stepBack());
    }
    assert.equal(replay.place.position, 0);
    assert.equal(replay.stepBack(), false);
  });

  test(`${name}: the same digest at every position, by seeking from anywhere`, () => {
    const replay = new Replay(bytes);
    for (const frame of frames) {
      for (let position = frame.first; position <= frame.last; position += 1) {
        assert.deepEqual(replay.seek(position), shown(frame));
        replay.seek(((position * 7919) % frames.at(-1).last) + 1);
      }
    }
    assert.equal(replay.seek(0).position, 0);
    assert.deepEqual(replay.seekEnd(), shown(frames.at(-1)));
    for (const frame of frames) {
      const last = frames.findLast((it) => it.timestamp <= frame.timestamp);
      assert.deepEqual(replay.seekTime(frame.timestamp), shown(last));
    }
  });

  test(`${name}: the same lines`, () => {
    const replay = new Replay(bytes);
    const expected = frames.flatMap((frame) => frame.lines);
    const last = frames.at(-1).last;
    // The end first: short names do not depend on what was shown before.
    assert.deepEqual(replay.lines(last - 2, last).map((it) => it.text), expected.slice(-3));
    const lines = replay.lines(1, last);
    assert.deepEqual(lines.map((it) => it.text), expected);
    assert.deepEqual(lines.map((it) => it.position), expected.map((_, index) => index + 1));
    assert.deepEqual(replay.lines(3, 4).map((it) => it.position), [3, 4]);
    assert.deepEqual(replay.lines(0, 0), []);
    assert.deepEqual(replay.lines(last + 1, last + 9), []);
  });

  test(`${name}: every step is decided again and comes out the same`, () => {
    for (const report of [new Replay(bytes).verify(), verifyLog(bytes)]) {
      assert.equal(report.verdict, "re-derived");
      assert.equal(report.reDerived, frames.length);
      assert.equal(report.failure, null);
      const { from, to } = report.ranges[0];
      assert.deepEqual([report.ranges.length, from, to], [1, 1, frames.at(-1).last]);
    }
  });

  test(`${name}: what changed is what differs`, () => {
    const replay = new Replay(bytes);
    for (const frame of frames.slice(0, 12)) {
      replay.step();
      assert.deepEqual(replay.diff(frame.first - 1, frame.last), replay.changes());
      assert.equal(replay.place.position, frame.last);
    }
    const last = frames.at(-1).last;
    const forth = replay.diff(0, last);
    const back = replay.diff(last, 0);
    const turned = forth.map((it) => ({ ...it, before: it.after, after: it.before }));
    assert.deepEqual(back, turned);
    const rows = [...replay.seekEnd() && replay.state()].flatMap(([table, rows]) => rows.map((row) => ({ table, ...row })));
    assert.deepEqual(forth.map(({ table, key, after }) => ({ table, key, row: after })), rows);
  });
}

test("a request is found by its id", () => {
  const { bytes } = logs.find((it) => it.name.endsWith("parked_work"));
  const replay = new Replay(bytes);
  const place = replay.seekRequest("r-1");
  assert.match(replay.frames(place.position, place.position)[0], /"request_id":"r-1"/);
  assert.throws(() => replay.seekRequest("r-2"), { name: "DacapoError", code: "place_not_found" });
  assert.deepEqual(replay.place, place);
});

test("a small log is verified at once", () => {
  const { bytes } = logs[0];
  assert.equal(verifyLog(bytes, () => assert.fail("expected no call")).failure, null);
});
