import { startRun } from 'daybreak/operate';

/** The type that the pipeline's input_schema describes. */
interface OrdersInput {
  readonly day: string;
}

const run = await startRun<OrdersInput>({ stack: 'daybreak-orders', input: { day: '2026-01-31' } });
console.log(`run ${run.run_id} started at ${run.started_at}: ${run.execution_arn}`);
