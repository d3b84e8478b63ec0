// Walks one order from its deployment to its end, with the official TypeScript client, unmodified.
// Every answer is checked by the client's own schemas (strict) and by the expectations here.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import createCamundaClient from '@camunda8/orchestration-cluster-api';

import { startServer } from './server.mjs';

const bpmn = readFileSync(new URL('../order.bpmn', import.meta.url));
const fees = readFileSync(new URL('../fees.dmn', import.meta.url));
const rate = readFileSync(new URL('../rate.bpmn', import.meta.url));
const now = { consistency: { waitUpToMs: 0 } };
const server = await startServer();
let passed = 0;
let failed = true;

async function step(name, work) {
  const result = await work();
  passed += 1;
  console.log(`ok ${passed} ${name}`);
  return result;
}

async function refused(status, work) {
  const error = await work().then(
    () => assert.fail(`expected status ${status}, found an answer`),
    (error) => error,
  );
  assert.equal(error.status ?? error.statusCode, status, String(error));
  return error;
}

try {
  const client = createCamundaClient({
    config: {
      CAMUNDA_REST_ADDRESS: server.address,
      CAMUNDA_AUTH_STRATEGY: 'NONE',
      // Strict on requests drops the cursor of a page in this version of the client.
      CAMUNDA_SDK_VALIDATION: 'req:none,res:strict',
    },
  });

  await step('topology', async () => {
    const topology = await client.getTopology();
    assert.equal(topology.brokers.length, 1);
    assert.equal(topology.brokers[0].partitions[0].role, 'leader');
    assert.match(topology.gatewayVersion, /^8\.9\./);
  });
  await step('status, licence, who am I', async () => {
    await client.getStatus();
    assert.equal((await client.getLicense()).isCommercial, false);
    assert.deepEqual((await client.getAuthentication()).tenants.map((it) => it.tenantId), ['<default>']);
  });

  const definition = await step('deploy', async () => {
    const file = new File([bpmn], 'order.bpmn', { type: 'application/xml' });
    const first = await client.createDeployment({ resources: [file] });
    const again = await client.createDeployment({ resources: [file] });
    assert.equal(first.processes[0].processDefinitionId, 'order');
    assert.equal(first.processes[0].processDefinitionVersion, 1);
    assert.equal(again.processes[0].processDefinitionKey, first.processes[0].processDefinitionKey);
    return first.processes[0];
  });
  const { processDefinitionKey } = definition;
  await step('read the definition back, byte for byte', async () => {
    const read = await client.getProcessDefinition({ processDefinitionKey }, now);
    assert.equal(read.name, 'Order');
    assert.equal(await client.getProcessDefinitionXml({ processDefinitionKey }, now), bpmn.toString('utf8'));
    const found = await client.searchProcessDefinitions({ filter: { processDefinitionId: 'order' } }, now);
    assert.equal(found.page.totalItems, 1);
  });

  const instance = await step('create an instance', async () => {
    const variables = { amount: 12.5, customer: { name: 'Zoë' } };
    const created = await client.createProcessInstance({ processDefinitionId: 'order', variables });
    assert.equal(created.processDefinitionKey, processDefinitionKey);
    return created;
  });
  const { processInstanceKey } = instance;
  await step('an unknown process is refused', () =>
    refused(404, () => client.createProcessInstance({ processDefinitionId: 'none' })));

  async function activate(type) {
    const { jobs } = await client.activateJobs({
      type, worker: 'walk', timeout: 60_000, maxJobsToActivate: 1, requestTimeout: 5_000,
    });
    assert.equal(jobs.length, 1);
    return jobs[0];
  }
  const charge = await step('activate the job', async () => {
    const job = await activate('charge');
    assert.equal(job.processInstanceKey, processInstanceKey);
    assert.equal(job.elementId, 'charge');
    assert.equal(job.retries, 3);
    assert.deepEqual(job.customHeaders, { currency: 'EUR' });
    assert.deepEqual(job.variables, { amount: 12.5, customer: { name: 'Zoë' } });
    return job;
  });
  await step('fail it: no retries are left, so there is an incident', async () => {
    await client.failJob({ jobKey: charge.jobKey, retries: 0, errorMessage: 'the card was refused' });
    const read = await client.getProcessInstance({ processInstanceKey }, now);
    assert.equal(read.hasIncident, true);
  });
  await step('find the incident, give the job a retry, resolve', async () => {
    const found = await client.searchIncidents({ filter: { processInstanceKey, state: 'ACTIVE' } }, now);
    assert.equal(found.items.length, 1);
    const [incident] = found.items;
    assert.equal(incident.errorType, 'JOB_NO_RETRIES');
    assert.equal(incident.errorMessage, 'the card was refused');
    assert.equal(incident.jobKey, charge.jobKey);
    await client.updateJob({ jobKey: charge.jobKey, changeset: { retries: 1 } });
    await client.resolveIncident({ incidentKey: incident.incidentKey });
    const read = await client.getIncident({ incidentKey: incident.incidentKey }, now);
    assert.equal(read.state, 'RESOLVED');
  });
  await step('complete the job', async () => {
    const again = await activate('charge');
    assert.equal(again.jobKey, charge.jobKey);
    await client.completeJob({ jobKey: again.jobKey, variables: { charged: true } });
  });
  await step('a second completion is refused', () =>
    refused(404, () => client.completeJob({ jobKey: charge.jobKey })));
  await step('set a variable while the instance waits', () =>
    client.createElementInstanceVariables({ elementInstanceKey: processInstanceKey, variables: { note: 'gift' } }));
  await step('work the last job with a job worker', async () => {
    await new Promise((resolve, reject) => {
      const worker = client.createJobWorker({
        jobType: 'ship',
        workerName: 'walk',
        jobTimeoutMs: 60_000,
        maxParallelJobs: 2,
        async jobHandler(job) {
          const receipt = await job.complete({ shipped: 3 });
          worker.stop();
          resolve();
          return receipt;
        },
      });
      setTimeout(() => reject(new Error('expected a job of type ship within 20 s')), 20_000).unref();
    });
  });
  await step('the instance is complete', async () => {
    const read = await client.getProcessInstance({ processInstanceKey }, now);
    assert.equal(read.state, 'COMPLETED');
    assert.equal(read.hasIncident, false);
    const search = { filter: { processInstanceKey, type: 'SERVICE_TASK' } };
    const elements = await client.searchElementInstances(search, now);
    assert.deepEqual(elements.items.map((it) => [it.elementId, it.state]), [
      ['charge', 'COMPLETED'],
      ['ship', 'COMPLETED'],
    ]);
  });
  await step('its variables remain', async () => {
    const sort = [{ field: 'name', order: 'ASC' }];
    const found = await client.searchVariables({ filter: { processInstanceKey }, sort }, now);
    const values = Object.fromEntries(found.items.map((it) => [it.name, it.value]));
    assert.deepEqual(values, {
      amount: '12.5', charged: 'true', customer: '{"name":"Zoë"}', note: '"gift"', shipped: '3',
    });
  });
  await step('pages follow one another', async () => {
    for (let count = 0; count < 3; count += 1) {
      await client.createProcessInstance({ processDefinitionKey });
    }
    const seen = [];
    let page = { limit: 2 };
    for (;;) {
      const found = await client.searchProcessInstances({ filter: { state: 'ACTIVE' }, page }, now);
      seen.push(...found.items.map((it) => it.processInstanceKey));
      if (found.items.length === 0 || found.page.endCursor === null) break;
      page = { limit: 2, after: found.page.endCursor };
    }
    assert.equal(new Set(seen).size, 3);
    assert.equal(seen.length, 3);
    for (const key of seen) await client.cancelProcessInstance({ processInstanceKey: key });
    await refused(404, () => client.cancelProcessInstance({ processInstanceKey: seen[0] }));
  });
  const decision = await step('deploy a decision model with the process that calls it', async () => {
    const resources = [
      new File([fees], 'fees.dmn', { type: 'application/xml' }),
      new File([rate], 'rate.bpmn', { type: 'application/xml' }),
    ];
    const first = await client.createDeployment({ resources });
    const again = await client.createDeployment({ resources });
    assert.deepEqual(first.decisions.map((it) => it.decisionDefinitionId), ['base', 'fee']);
    assert.equal(first.decisionRequirements[0].decisionRequirementsName, 'Fees');
    assert.equal(first.processes[0].processDefinitionId, 'rate');
    assert.deepEqual(again.decisions, first.decisions);
    return first.decisions[1];
  });
  const { decisionDefinitionKey, decisionRequirementsKey } = decision;
  await step('read the decision and its model back, byte for byte', async () => {
    const read = await client.getDecisionDefinition({ decisionDefinitionKey }, now);
    assert.equal(read.name, 'Fee');
    assert.equal(read.decisionRequirementsKey, decisionRequirementsKey);
    assert.equal(await client.getDecisionDefinitionXml({ decisionDefinitionKey }, now), fees.toString('utf8'));
    assert.equal(await client.getDecisionRequirementsXml({ decisionRequirementsKey }, now), fees.toString('utf8'));
    const model = await client.getDecisionRequirements({ decisionRequirementsKey }, now);
    assert.equal(model.resourceName, 'fees.dmn');
    const found = await client.searchDecisionDefinitions({ filter: { decisionRequirementsId: 'fees' } }, now);
    assert.equal(found.page.totalItems, 2);
    const models = await client.searchDecisionRequirements({ filter: { decisionRequirementsName: 'Fees' } }, now);
    assert.equal(models.items[0].decisionRequirementsKey, decisionRequirementsKey);
  });
  await step('evaluate the decision, by id and by key', async () => {
    const variables = { amount: 125, member: false };
    const byId = await client.evaluateDecision({ decisionDefinitionId: 'fee', variables });
    const byKey = await client.evaluateDecision({ decisionDefinitionKey, variables: { amount: 1, member: true } });
    assert.deepEqual([byId.output, byKey.output], ['13.5', '0']);
    assert.equal(byId.failureMessage, null);
    assert.deepEqual(byId.evaluatedDecisions.map((it) => it.output), ['12.5', '13.5']);
    assert.deepEqual(byId.evaluatedDecisions[1].matchedRules.map((it) => [it.ruleId, it.ruleIndex]), [['for_others', 2]]);
    await refused(404, () => client.evaluateDecision({ decisionDefinitionId: 'none' }));
  });
  await step('run a process with a business rule task, and find what it decided', async () => {
    const variables = { amount: 40, member: false };
    const created = await client.createProcessInstance({ processDefinitionId: 'rate', variables, awaitCompletion: true });
    assert.equal(created.variables.fee, 5);
    const filter = { processInstanceKey: created.processInstanceKey, decisionDefinitionId: 'fee' };
    const found = await client.searchDecisionInstances({ filter }, now);
    assert.deepEqual(found.items.map((it) => [it.state, it.result, it.decisionDefinitionType]), [
      ['EVALUATED', '5', 'DECISION_TABLE'],
    ]);
    const { decisionEvaluationInstanceKey } = found.items[0];
    const read = await client.getDecisionInstance({ decisionEvaluationInstanceKey }, now);
    assert.deepEqual(read.evaluatedInputs, [{ inputId: 'member_input', inputName: 'Member', inputValue: 'false' }]);
    assert.equal(read.matchedRules[0].evaluatedOutputs[0].outputValue, '5');
  });
  await step('what is not there says so', () =>
    refused(501, () => client.searchAuditLogs({}, now)));
  failed = false;
} catch (error) {
  console.error(`not ok ${passed + 1}`, error);
} finally {
  const code = await server.stop();
  if (code !== 0) {
    console.error(`expected the server to end with 0, found ${code}`);
    failed = true;
  }
}
console.log(failed ? 'failed' : `all ${passed} steps`);
process.exit(failed ? 1 : 0);
