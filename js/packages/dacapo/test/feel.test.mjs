// FEEL and DMN without an engine: values, warnings, traces, limits, and errors that point at the place.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Decisions, Feel } from "dacapo";

const value = (text, context, options) => Feel.parse(text).evaluate(context, options).value;

test("an expression is parsed once and evaluated again and again", () => {
  const discount = Feel.parse("if amount > 100 and customer.status = \"gold\" then 0.1 * amount else 0");
  assert.deepEqual(discount.variables, ["amount", "customer"]);
  assert.equal(discount.evaluate({ amount: 120, customer: { status: "gold" } }).value, 12);
  assert.equal(discount.evaluate(new Map([["amount", 7n], ["customer", new Map([["status", "gold"]])]])).value, 0);
  assert.deepEqual(discount.evaluate({ amount: 120, customer: { status: "new" } }).warnings, []);
});

test("of the context only what is used is read", () => {
  const hostile = { used: 1, get unused() { throw new Error("nobody asked"); }, odd: () => 1 };
  assert.equal(value("used + 1", hostile), 2);
  assert.throws(() => value("odd", hostile), { name: "DacapoError", code: "argument_malformed" });
  assert.throws(() => value("used", [1]), { name: "DacapoError", code: "argument_malformed" });
  for (const inherited of ["constructor", "toString", "hasOwnProperty"]) {
    assert.equal(Feel.parse(inherited).evaluate({}).warnings[0].code, "NO_VARIABLE_FOUND");
  }
  assert.equal(value("a", Object.assign(Object.create(null), { a: 1 })), 1);
});

test("numbers come and go without loss", () => {
  for (const number of [0, -0, 1, -7, 0.1, 1.5e300, 5e-324, 2 ** 53 - 1, 2 ** 53, -(2 ** 60), 123456789.125]) {
    const printed = value("string(x)", { x: number });
    assert.equal(Number(printed), number + 0, printed);
  }
  assert.equal(value("x + 1", { x: 2n ** 80n }), String(2n ** 80n + 1n));
  for (const x of [Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => value("x", { x }), { code: "argument_malformed" });
  }
});

test("what cannot be computed is null with a warning that says where and why", () => {
  const { value, warnings } = Feel.parse("1 + amuont").evaluate({ amount: 3 });
  assert.equal(value, null);
  assert.deepEqual(warnings.map(({ code, start, end, part }) => ({ code, start, end, part })), [
    { code: "NO_VARIABLE_FOUND", start: 4, end: 10, part: "amuont" },
    { code: "INVALID_TYPE", start: 0, end: 10, part: "1 + amuont" },
  ]);
  assert.match(warnings[0].reason, /did you mean 'amount'\?/);
});

test("unary tests are asked about an input", () => {
  const tests = Feel.parse("> limit, 3", { unaryTests: true });
  assert.deepEqual(tests.variables, ["limit"]);
  const about = (input) => tests.evaluate({ limit: 5 }, { input }).value;
  assert.deepEqual([7, 5, 3].map(about), [true, false, true]);
  assert.equal(Feel.parse("-", { unaryTests: true }).evaluate().value, true);
});

test("names may be more than a word", () => {
  const sum = Feel.parse("Applicant Age + tax-free", { names: ["Applicant Age", "tax-free"] });
  assert.deepEqual(sum.variables, ["Applicant Age", "tax-free"]);
  assert.equal(sum.evaluate({ "Applicant Age": 30, "tax-free": 12 }).value, 42);
});

test("time is what the caller says", () => {
  assert.equal(value("now()"), "1970-01-01T00:00:00Z");
  assert.equal(value("string(today())", {}, { now: Date.UTC(2030, 0, 2) }), "2030-01-02");
});

test("the dialects differ", () => {
  const text = 'matches("ab", "a b", "x") and is defined(x)';
  assert.equal(Feel.parse(text).evaluate().value, false);
  const { warnings } = Feel.parse(text, { dialect: "dmn" }).evaluate();
  assert.equal(warnings.length > 0, true);
});

test("a text is written in one way", () => {
  assert.equal(Feel.parse("1+  2*(3)").format(), "1 + 2 * 3");
  assert.equal(Feel.parse("1+  2*(3)").text, "1+  2*(3)");
  assert.equal(Feel.parse(">5,not( 3 )", { unaryTests: true }).format(), Feel.parse("> 5 , not(3)", { unaryTests: true }).format());
});

test("a trace tells the value of every part", () => {
  const { trace } = Feel.parse("price * 2 > 15").evaluate({ price: 10 }, { trace: true });
  assert.deepEqual(trace.map(({ text, value }) => [text, value]), [["price * 2 > 15", true]]);
  assert.deepEqual(trace[0].parts.map(({ text, value }) => [text, value]), [["price * 2", 20], ["15", 15]]);
  assert.equal("trace" in Feel.parse("1").evaluate(), false);
});

test("fuel is counted, and its end is an error", () => {
  const loop = Feel.parse("count(for i in 1..1000 return i * n)");
  const { value, fuel } = loop.evaluate({ n: 2 });
  assert.equal(value, 1000);
  assert.equal(loop.evaluate({ n: 2 }, { fuel }).value, 1000);
  const fails = (fuel, trace) => {
    try {
      loop.evaluate({ n: 2 }, { fuel, trace });
    } catch (error) {
      return error;
    }
    return assert.fail("expected an error");
  };
  const error = fails(fuel - 1, true);
  assert.deepEqual([error.name, error.code], ["DacapoError", "evaluation_failed"]);
  assert.match(error.message, new RegExp(`within ${fuel - 1} units of fuel`));
  assert.equal(error.trace[0].value, undefined);
  assert.ok(error.part.length > 0 && loop.text.includes(error.part), error.part);
  assert.equal(fails(0).trace, undefined);
});

test("a text that does not parse: the place, what was expected, what was found", () => {
  const parse = () => Feel.parse("amount >\n  é + )");
  assert.throws(parse, (error) => {
    const { name, code, start, end, line, column, found, excerpt } = error;
    assert.deepEqual({ name, code, start, end, line, column, found, excerpt }, {
      name: "DacapoError", code: "expression_malformed", start: 16, end: 17, line: 2, column: 7, found: "')'", excerpt: "  é + )\n      ^",
    });
    assert.match(error.message, /^expected .*, found '\)'/);
    return error.expected.length > 0;
  });
});

test("options that nobody knows are refused", () => {
  for (const options of [{ dialetc: "dmn" }, { dialect: "feel" }, { unaryTests: 1 }, { names: [1] }, { fuel: 3 }]) {
    assert.throws(() => Feel.parse("1", options), { name: "DacapoError", code: "argument_malformed" });
  }
  for (const options of [{ fuel: -1 }, { now: 1.5 }, { trace: "yes" }, { dialect: "dmn" }]) {
    assert.throws(() => value("1", {}, options), { name: "DacapoError", code: "argument_malformed" });
  }
});

const dmn = (body, namespace = "fees") => `<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="${namespace}" name="${namespace}" namespace="${namespace}">
${body}
</definitions>`;

const fees = dmn(`<inputData id="age" name="age"/>
<decision id="fee" name="The fee">
  <informationRequirement><requiredInput href="#age"/></informationRequirement>
  <decisionTable id="table"><input id="i" label="how old"><inputExpression><text>age</text></inputExpression></input><output id="o" name="fee"/>
    <rule id="young"><inputEntry><text>&lt; 18</text></inputEntry><outputEntry><text>5</text></outputEntry></rule>
    <rule id="old"><inputEntry><text>&gt;= 17</text></inputEntry><outputEntry><text>amuont</text></outputEntry></rule>
  </decisionTable>
</decision>
<decision id="total" name="total">
  <informationRequirement><requiredDecision href="#fee"/></informationRequirement>
  <literalExpression><text>The fee * 2</text></literalExpression>
</decision>
<businessKnowledgeModel id="twice" name="twice"><encapsulatedLogic><formalParameter name="x"/><literalExpression><text>x * 2</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
<decisionService id="service" name="service"><outputDecision href="#total"/><inputDecision href="#fee"/></decisionService>`);

test("a decision tells all that led to it", () => {
  const model = Decisions.open([{ name: "fees.dmn", content: fees }]);
  assert.deepEqual(model.decisions, [
    { decisionId: "fee", name: "The fee", versionTag: null, requires: [] },
    { decisionId: "total", name: "total", versionTag: null, requires: ["fee"] },
  ]);
  const { value, decisions, warnings, fuel } = model.evaluate("total", { age: 12 });
  assert.equal(value, 10);
  assert.ok(fuel > 0);
  assert.deepEqual(warnings, []);
  assert.deepEqual(decisions[0], {
    decisionId: "fee", file: "fees.dmn", name: "The fee", logic: "decisionTable", output: 5, inputs: [{ id: "i", name: "how old", value: 12 }],
    rules: [{ id: "young", index: 1, outputs: [{ id: "o", name: "fee", value: 5 }] }], violation: null, warnings: [],
  });
  assert.deepEqual(decisions.map((it) => [it.decisionId, it.output]), [["fee", 5], ["total", 10]]);
  assert.equal(model.evaluate("The fee", { age: 12 }).value, 5);
});

test("a decision says what is odd", () => {
  const model = Decisions.open([{ name: "fees.dmn", content: fees }]);
  const [fee] = model.evaluate("fee", { age: 40 }).decisions;
  assert.equal(fee.output, null);
  const { code, expression, start, end, part } = fee.warnings[0];
  assert.deepEqual({ code, expression, start, end, part }, { code: "NO_VARIABLE_FOUND", expression: "amuont", start: 0, end: 6, part: "amuont" });
  assert.deepEqual(model.evaluate("fee", { age: 17 }).decisions[0].violation.rules, [1, 2]);
  assert.match(model.evaluate("fee").warnings[0].reason, /expected a value for the input 'age'/);
  assert.equal(model.evaluate("total", { age: 3 }, { trace: true }).decisions[1].trace[0].text, "The fee * 2");
});

test("services and functions of a model are asked too", () => {
  const model = Decisions.open([{ name: "fees.dmn", content: fees }]);
  assert.equal(model.evaluateService("service", { "The fee": 4 }).value, 8);
  assert.equal(model.evaluateKnowledge("twice", { x: 21 }).value, 42);
  for (const ask of ["evaluate", "evaluateService", "evaluateKnowledge"]) {
    assert.throws(() => model[ask]("nothing"), { name: "DacapoError", code: "decision_not_found" });
  }
});

test("a model imports others", () => {
  const own = dmn(`<import name="f" namespace="fees" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>
    <decision id="d" name="d"><informationRequirement><requiredDecision href="fees#fee"/></informationRequirement>
    <literalExpression><text>f.The fee + 1</text></literalExpression></decision>`, "own");
  const model = Decisions.open([{ name: "own.dmn", content: own }, { name: "fees.dmn", content: new TextEncoder().encode(fees) }]);
  assert.equal(model.evaluate("d", { age: 3 }).value, 6);
  assert.throws(() => Decisions.open([{ name: "own.dmn", content: own }]), ({ name, code, problems, message }) => {
    assert.deepEqual([name, code], ["DacapoError", "model_malformed"]);
    const { file, line, column, code: rule } = problems[0];
    assert.deepEqual({ file, line, column, rule }, { file: "own.dmn", line: 2, column: 1, rule: "import_unknown" });
    return message.startsWith("own.dmn:2:1: ");
  });
});

test("an evaluation of a model that does not end says where", () => {
  const model = Decisions.open([{ name: "m.dmn", content: dmn(`<decision id="d" name="d"><literalExpression><text>count(for i in 1..100000 return i)</text></literalExpression></decision>`) }]);
  assert.throws(() => model.evaluate("d", {}, { fuel: 100 }), { name: "DacapoError", code: "evaluation_failed", decisionId: "d", expression: "count(for i in 1..100000 return i)", part: "for i in 1..100000 return i" });
  assert.throws(() => Decisions.open([]), { code: "argument_malformed" });
});
