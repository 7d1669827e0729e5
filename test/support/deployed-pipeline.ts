import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { onTestFinished } from 'vitest';
import { bindingsOf } from '../../lib/compiler/bindings.ts';
import { loadPipeline } from '../../lib/compiler/load-pipeline.ts';
import { substitute } from '../../lib/compiler/states/placeholders.ts';
import type { Json } from '../../lib/contract/json.ts';
import { loadMachine } from '../../lib/offline/asl/load-machine.ts';
import { startExecution } from '../../lib/offline/asl/start-execution.ts';
import { FunctionPool, type LocalFunction } from '../../lib/offline/functions/function-pool.ts';
import { localTasks } from '../../lib/offline/host/local-tasks.ts';
import { S3ObjectStore } from '../../lib/ports/aws/s3-object-store.ts';
import { SqsDeadLetterQueue } from '../../lib/ports/aws/sqs-dead-letter-queue.ts';
import { SystemClock } from '../../lib/ports/system-clock.ts';
import { reconcile } from '../../lib/runtime/execution/reconcile.ts';
import { startServer } from '../ports/aws/fauxqs.ts';
import { startS3Proxy } from '../ports/aws/s3-proxy.ts';
import { type ServedStack, startCloudFormation } from './cloudformation-server.ts';
import { StepFunctionsServer } from './step-functions-server.ts';

const behindProxy = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  forcePathStyle: true,
});

/**
 * A pipeline "on AWS": its compiled machine behind a Step Functions endpoint; its functions in processes that know only their bindings; S3, SQS and
 * CloudFormation behind endpoints; and the work of EventBridge.
 * Commands reach it only through `env`.
 */
export async function deployPipeline(root: string, name: string, stack: string) {
  const server = await startServer();
  const s3 = await startS3Proxy(server.address);
  const stepFunctions = new StepFunctionsServer();
  const bucket = server.bucket();
  const queueUrl = server.queue();
  const arn = `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
  const stacks: Record<string, ServedStack> = {
    [stack]: {
      outputs: { StateMachineArn: arn, StoreBucketName: bucket, DeadLetterQueueUrl: queueUrl },
      tags: { 'daybreak:pipeline': name },
    },
  };
  const cloudFormation = await startCloudFormation(stacks);
  const env = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: server.address,
    AWS_ENDPOINT_URL_S3: s3.address,
    AWS_ENDPOINT_URL_SFN: await stepFunctions.start(),
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.address,
  };
  const pools: FunctionPool[] = [];
  const store = new S3ObjectStore(new S3Client(behindProxy(s3.address)), bucket);
  const queue = new SqsDeadLetterQueue(server.sqs, queueUrl);
  onTestFinished(async () => {
    for (const pool of pools) await pool.close();
    for (const each of [stepFunctions, cloudFormation, s3, server]) await each.stop();
  });

  /** Compiles and deploys the current template. */
  const deploy = async (): Promise<void> => {
    const loaded = await loadPipeline(join(root, `pipelines/${name}.yaml`), {
      root,
      environment: null,
      allowMissingHandlers: false,
    });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));
    const values: Record<string, string> = { Bucket: bucket, DeadLetterQueueUrl: queueUrl };
    const functions = new Map<string, LocalFunction>();
    for (const [placeholder, binding] of Object.entries(bindingsOf(loaded.machine, root))) {
      if (binding.kind !== 'function') continue;
      values[placeholder] = placeholder;
      const environment = JSON.parse(substitute(JSON.stringify(binding.environment), values)) as Record<string, string>;
      functions.set(placeholder, {
        entry: binding.entry,
        export: binding.export,
        timeoutSeconds: binding.timeout_seconds,
        memoryMb: binding.memory_mb,
        environment: { ...environment, ...env },
      });
    }
    const pool = new FunctionPool({
      functions,
      logOf: (name) => ({ file: join(root, 'logs', `${name}.log`) }),
      redact: (text) => text,
      answerToken: () => false,
    });
    pools.push(pool);
    const definition = substitute(JSON.stringify(loaded.machine.definition), values);
    stepFunctions.machine = {
      arn,
      definition,
      start: ({ arn: executionArn, name: executionName, input, signal }) => {
        const startDate = Date.now();
        const running = startExecution(loadMachine(JSON.parse(definition) as Json), {
          arn: executionArn,
          name: executionName,
          input,
          signal,
          clock: new SystemClock(),
          random: Math.random,
          runTask: localTasks((fn, event, { signal }) => pool.invoke(fn, event, signal)),
        });
        void running.result.then(async ({ status, error = null, ...ended }) => {
          if (status === 'SUCCEEDED') return;
          const cause = ended.cause ?? (typeof signal.reason === 'string' ? signal.reason : null);
          const times = { startDate, stopDate: Date.now() };
          const detail = { executionArn, name: executionName, status, input: JSON.stringify(input), error, cause };
          await reconcile(
            { pipeline: name, detail: { ...detail, ...times } },
            { store, queue, clock: new SystemClock() },
          );
        });
        return running;
      },
    };
  };
  await deploy();
  return { env, deploy, stacks, stepFunctions, store, queue, bucket, queueUrl, arn };
}
