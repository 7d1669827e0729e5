import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetExecutionHistoryCommand, RedriveExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { startOn } from '../../lib/operate/runs/start-run.ts';
import { type DeployedPipeline, openStack } from '../../lib/operate/stacks/open-stack.ts';
import { awsClientSettings } from '../../lib/ports/aws/aws-client-settings.ts';
import type { ExecutionFacts } from '../../lib/ports/ports.ts';

/** The operations of a check in an account. */
export interface Account {
  /** True for a dry run: it calls nothing, answers are empty, and checks compare nothing. */
  readonly isDry: boolean;
  cdk(...args: readonly string[]): Promise<void>;
  /** Starts an execution with exactly this JSON text, and waits for its end. */
  run(input: string): Promise<EndedRun>;
  /** Continues a run as `daybreak resume` does, and waits for its end. */
  resume(runId: string, input: object): Promise<EndedRun>;
  /** Redrives as the console does. */
  redrive(arn: string): Promise<EndedRun>;
  /** Texts of the store's objects below a prefix, by key. */
  objects(prefix: string): Promise<ReadonlyMap<string, string>>;
  /** Types of the events of an execution, in order. */
  history(arn: string): Promise<readonly string[]>;
}

export interface EndedRun extends Pick<ExecutionFacts, 'status' | 'error' | 'cause' | 'output'> {
  readonly arn: string;
  readonly runId: string;
  readonly seconds: number;
}

const nothing: EndedRun = {
  arn: '<arn>',
  runId: '<run>',
  status: 'SUCCEEDED',
  error: null,
  cause: null,
  output: null,
  seconds: 0,
};

/** Prints every call on stdout and makes none. */
export function dryAccount(say: (line: string) => void): Account {
  const called = <T>(call: string, answer: T): Promise<T> => {
    say(`  ${call}`);
    return Promise.resolve(answer);
  };
  return {
    isDry: true,
    cdk: (...args) => called(`cdk ${args.join(' ')}`, undefined),
    run: (input) => called(`states:StartExecution ${input}, states:DescribeExecution until it ends`, nothing),
    resume: (runId, input) =>
      called(`states:StartExecution as a resume of ${runId} with ${JSON.stringify(input)}`, nothing),
    redrive: (arn) => called(`states:RedriveExecution ${arn}, states:DescribeExecution until it ends`, nothing),
    objects: (prefix) => called(`s3:ListBucket and s3:GetObject below ${prefix}`, new Map()),
    history: (arn) => called(`states:GetExecutionHistory ${arn}`, []),
  };
}

/** The account of the environment's credentials. */
export function realAccount(root: string, stack: string): Account {
  const sfn = new SFNClient(awsClientSettings(process.env, 'SFN'));
  let opened: Promise<DeployedPipeline> | undefined;
  const deployed = (): Promise<DeployedPipeline> => {
    opened ??= openStack(stack);
    return opened;
  };
  const ended = async (arn: string, runId: string, began: number): Promise<EndedRun> => {
    for (;;) {
      await sleep(2_000);
      const facts = await (await deployed()).machine.describe(arn);
      if (facts && facts.status !== 'RUNNING') return { ...facts, arn, runId, seconds: (Date.now() - began) / 1000 };
    }
  };
  return {
    isDry: false,
    cdk: (...args) => runCommand('npx', ['cdk', ...args], root),
    async run(input) {
      const began = Date.now();
      const name = `verify-${began}`;
      const started = await (await deployed()).machine.start(name, input);
      if (!started) throw new Error(`an execution named ${name} was started before`);
      return ended(started.arn, name, began);
    },
    async resume(runId, input) {
      const began = Date.now();
      const started = await startOn((await deployed()).machine, { runId, input });
      return ended(started.execution_arn, runId, began);
    },
    async redrive(arn) {
      await sfn.send(new RedriveExecutionCommand({ executionArn: arn }));
      return ended(arn, '', Date.now());
    },
    async objects(prefix) {
      const { store } = await deployed();
      const found = new Map<string, string>();
      for await (const { key } of store.list(prefix)) {
        const object = await store.get(key);
        if (object) found.set(key, Buffer.from(object.body).toString());
      }
      return found;
    },
    async history(arn) {
      const types: string[] = [];
      let nextToken: string | undefined;
      do {
        const page = await sfn.send(new GetExecutionHistoryCommand({ executionArn: arn, maxResults: 1000, nextToken }));
        types.push(...(page.events ?? []).map(({ type }) => String(type)));
        nextToken = page.nextToken;
      } while (nextToken);
      return types;
    },
  };
}

const runCommand = (command: string, args: readonly string[], cwd: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}`));
    });
  });
