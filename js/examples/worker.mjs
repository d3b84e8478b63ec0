// Charges cards: a job worker for the demo process, with the official TypeScript client of Camunda 8, unmodified.
//
//   npm install @camunda8/orchestration-cluster-api
//   CAMUNDA_REST_ADDRESS=http://127.0.0.1:8080 CAMUNDA_AUTH_STRATEGY=NONE node worker.mjs
import createCamundaClient from '@camunda8/orchestration-cluster-api';

const client = createCamundaClient(); // reads CAMUNDA_REST_ADDRESS and CAMUNDA_AUTH_STRATEGY
client.createJobWorker({
  jobType: 'charge-card',
  workerName: 'example',
  jobTimeoutMs: 60_000,
  maxParallelJobs: 10,
  jobHandler: (job) => job.complete({ paymentId: `pay-${job.jobKey}` }),
});
