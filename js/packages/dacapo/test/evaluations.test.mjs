// FEEL and DMN say here what the native core says: value, warnings, traces, problems, and the fuel that it takes.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { Decisions, Feel } from "dacapo";

const program = process.env.DACAPO_EVALUATIONS;
const seed = process.env.DACAPO_SEED ?? "20300101";
const COUNT = "12000";
const NUMBER_DIGITS = 15;

// Contexts are lists of entries, for their order is to be the same too.
const made = (it, context) => {
  if (Array.isArray(it)) {
    return it.map((item) => made(item, context));
  }
  if (it === null || typeof it !== "object") {
    return it;
  }
  if (it.context !== undefined) {
    return context(it.context.map(([name, value]) => [name, made(value, context)]));
  }
  return it.text ?? numberOf(it.number, context === given);
};
const given = (entries) => new Map(entries);
const listed = (entries) => ({ entries });

function numberOf(text, isGiven) {
  if (isGiven && /^-?\d+$/.test(text)) {
    return BigInt(text);
  }
  const digits = text.replace(/\D/g, "").replace(/^0+/, "");
  return digits.length > NUMBER_DIGITS && !isGiven ? text : Number(text);
}

// What the native core says with values as they are here, and what was said here in the same form.
const VALUES = new Set(["value", "output"]);
function native(it) {
  if (Array.isArray(it)) {
    return it.map(native);
  }
  if (it === null || typeof it !== "object") {
    return it;
  }
  return Object.fromEntries(Object.entries(it).map(([name, part]) => [name, VALUES.has(name) ? made(part, listed) : native(part)]));
}
function here(it) {
  if (it instanceof Map) {
    return listed([...it].map(([name, value]) => [name, here(value)]));
  }
  if (Array.isArray(it)) {
    return it.map(here);
  }
  return it !== null && typeof it === "object" ? Object.fromEntries(Object.entries(it).map(([name, part]) => [name, here(part)])) : it;
}

function feel({ text, unaryTests, dialect, context, input, now, fuel, trace }) {
  let feel;
  try {
    feel = Feel.parse(text, { dialect, unaryTests, names: context.map(([name]) => name) });
  } catch ({ message, start, end, line, column, expected, found, excerpt }) {
    return { malformed: { message, start, end, line, column, expected, found, excerpt } };
  }
  const formatted = feel.format();
  const options = { now, fuel, trace, ...(unaryTests && { input: made(input, given) }) };
  try {
    return { trace: [], ...feel.evaluate(made({ context }, given), options), formatted };
  } catch (error) {
    assert.equal(error.code, "evaluation_failed", error.stack);
    return { failed: error.message, part: error.part, formatted, trace: error.trace ?? [] };
  } finally {
    feel.close();
  }
}

function asked(models, { how, name, dialect, context, now, fuel, trace }) {
  try {
    return models[dialect][how](name, made({ context }, given), { now, fuel, trace });
  } catch ({ code, message, decisionId, elementId, expression, part, decisions }) {
    return code === "evaluation_failed" ? { code, message, decisionId, elementId, expression, part, decisions } : { code };
  }
}

function decisions({ files, asks }) {
  const contents = files.map(([name, content]) => ({ name, content }));
  try {
    const models = Object.fromEntries(["camunda", "dmn"].map((dialect) => [dialect, Decisions.open(contents, { dialect })]));
    const outcomes = asks.map((ask) => asked(models, ask));
    Object.values(models).forEach((it) => it.close());
    return { problems: null, outcomes };
  } catch (error) {
    assert.equal(error.code, "model_malformed", error.stack);
    return { problems: error.problems, outcomes: [] };
  }
}

// What differs between the two, if anything does.
function difference(line) {
  const told = JSON.parse(line);
  const [expected, found] = told.kind === "feel"
    ? [told.outcome, feel(told)]
    : [{ problems: told.problems, outcomes: told.asks.map((it) => it.outcome) }, decisions(told)];
  try {
    assert.deepEqual(here(found), native(expected));
    return null;
  } catch (error) {
    return `${line.slice(0, 2_000)}\n${error.message}`;
  }
}

const run = (...args) =>
  new Promise((resolve, reject) => {
    assert.ok(program, "expected DACAPO_EVALUATIONS to name the program: cargo xtask test --only build,wasm,js");
    execFile(program, args, { maxBuffer: 1 << 30, timeout: 240_000 }, (error, stdout) => (error ? reject(error) : resolve(stdout.trimEnd().split("\n"))));
  });
const lines = run(seed, COUNT);

test("specs and random cases come out as they do natively", { timeout: 300_000 }, async () => {
  const all = await lines;
  const differences = all.map(difference).filter((it) => it !== null);
  assert.equal(differences.length, 0, `${differences.length} of ${all.length} differ, seed ${seed}\n${differences.slice(0, 5).join("\n")}`);
  // The cases reach somewhere: otherwise nothing was compared.
  const told = all.map((it) => JSON.parse(it));
  const count = (is) => told.filter(is).length;
  const outcomes = told.flatMap((it) => (it.kind === "feel" ? [it.outcome] : it.asks.map((ask) => ask.outcome)));
  const seen = {
    values: outcomes.filter((it) => "value" in it).length,
    warnings: outcomes.filter((it) => it.warnings?.length > 0).length,
    outOfFuel: outcomes.filter((it) => /units of fuel/.test(it.failed ?? it.message)).length,
    malformed: count((it) => it.outcome?.malformed),
    traced: count((it) => it.trace && it.outcome.trace?.length > 0),
    refusedModels: count((it) => it.problems),
    models: count((it) => it.asks?.length > 0),
  };
  const least = { values: 8_000, warnings: 4_000, outOfFuel: 2_000, malformed: 1_000, traced: 2_000, refusedModels: 100, models: 500 };
  for (const [name, number] of Object.entries(least)) {
    assert.ok(seen[name] >= number, `${name}: ${JSON.stringify(seen)}`);
  }
});

test("another value, warning, span, trace or fuel would be noticed", async () => {
  const all = await lines;
  const plant = (is, change) => {
    const told = JSON.parse(all.find((line) => is(JSON.parse(line))));
    assert.equal(difference(JSON.stringify(told)), null);
    change(told);
    assert.ok(difference(JSON.stringify(told)), JSON.stringify(told));
  };
  const isWarned = (it) => it.outcome?.warnings?.length > 0;
  plant((it) => it.outcome?.value?.number, (it) => (it.outcome.value.number = "9999"));
  plant((it) => it.outcome?.value?.context?.length > 1, (it) => it.outcome.value.context.reverse());
  plant(isWarned, (it) => (it.outcome.warnings[0].reason += "!"));
  plant(isWarned, (it) => (it.outcome.warnings[0].code = "INVALID"));
  plant(isWarned, (it) => (it.outcome.warnings[0].end += 1));
  plant((it) => it.outcome?.fuel, (it) => (it.outcome.fuel += 1));
  plant((it) => it.outcome?.failed, (it) => (it.outcome = { value: null, warnings: [], fuel: 1, formatted: "", trace: [] }));
  plant((it) => it.outcome?.trace?.[0]?.parts.length > 0, (it) => it.outcome.trace[0].parts.pop());
  plant((it) => it.outcome?.malformed, (it) => (it.outcome.malformed.start += 1));
  plant((it) => it.problems, (it) => (it.problems[0].line += 1));
  plant((it) => it.asks?.[0]?.outcome.fuel, (it) => (it.asks[0].outcome.fuel += 1));
  plant((it) => it.asks?.[0]?.outcome.decisions?.[0]?.rules.length > 0, (it) => (it.asks[0].outcome.decisions[0].rules[0].index += 1));
});
