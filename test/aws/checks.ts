import type { Account, EndedRun } from './account.ts';

/** One fact that only a real account can show. */
export interface Check {
  readonly title: string;
  /** True if the check takes longer than a quarter of an hour; it runs only with `--long`. */
  readonly isLong?: boolean;
  /** Throws if the account does not behave as it should. */
  run(account: Account): Promise<void>;
}

function expect(account: Account, what: string, found: unknown, wanted: unknown): void {
  if (account.isDry || JSON.stringify(found) === JSON.stringify(wanted)) return;
  throw new Error(`${what}: ${JSON.stringify(found)}, where ${JSON.stringify(wanted)} was expected`);
}

const causeOf = ({ cause }: EndedRun): string => cause ?? '';

/** The outcome of each step in an execution, from the store. */
async function outcomes(account: Account, runId: string, execution: number): Promise<Record<string, string>> {
  const prefix = `verify/runs/${runId}/executions/${execution}/outcomes/`;
  const found = await account.objects(prefix);
  return Object.fromEntries(
    [...found].map(([key, text]) => [
      key.slice(prefix.length).replace('.json', ''),
      (JSON.parse(text) as { outcome: string }).outcome,
    ]),
  );
}

const letters = (account: Account, runId: string) => account.objects(`verify/runs/${runId}/executions/1/dead-letters/`);

export const checks: readonly Check[] = [
  {
    title: 'a run succeeds: roles suffice, the layer loads, missing leases answer 404, the wait ends by its signal',
    async run(account) {
      const run = await account.run('{}');
      expect(account, 'status', run.status, 'SUCCEEDED');
      expect(account, 'the wait ended before its backstop', run.seconds < 600, true);
      const ended = await outcomes(account, run.runId, 1);
      expect(account, 'steps that succeeded', Object.values(ended).filter((one) => one === 'succeeded').length, 6);
    },
  },
  {
    title: 'a signal is never lost: ten runs with a wait, none of which reaches its backstop',
    async run(account) {
      for (let i = 0; i < 10; i++) expect(account, 'seconds under 600', (await account.run('{}')).seconds < 600, true);
    },
  },
  {
    title: 'the console’s example input and other wrong inputs fail with the field, and leave no dead letter of a step',
    async run(account) {
      for (const input of ['{"Comment":"Insert your JSON here"}', '{"fail":"yes"}', '[]', '"text"']) {
        const run = await account.run(input);
        expect(account, `status of ${input}`, run.status, 'FAILED');
        expect(account, `error of ${input}`, run.error, 'InvalidInput');
        expect(account, `letters of ${input}`, (await letters(account, run.runId)).size, 0);
      }
    },
  },
  {
    title: 'a failure blocks only its descendants, leaves one dead letter, and a resume with the fix reuses the rest',
    async run(account) {
      const failed = await account.run('{"fail":true}');
      expect(account, 'error', failed.error, 'PipelineFailed');
      expect(account, 'the cause names the step', account.isDry || causeOf(failed).includes('fragile'), true);
      expect(account, 'letters', (await letters(account, failed.runId)).size, 1);
      const resumed = await account.resume(failed.runId, { fail: false });
      expect(account, 'status', resumed.status, 'SUCCEEDED');
    },
  },
  {
    title: 'the console’s Redrive enters a failed Finalize again, and steps that succeeded are not done twice',
    async run(account) {
      const failed = await account.run('{"fail":true}');
      const redriven = await account.redrive(failed.arn);
      expect(account, 'error', redriven.error, 'PipelineFailed');
      const second = await outcomes(account, failed.runId, 2);
      expect(account, 'what happened to "left"', second.left, 'reused');
    },
  },
  {
    title: 'two starts at once: the second is refused, and its execution succeeds without a run',
    async run(account) {
      const [one, two] = await Promise.all([account.run('{}'), account.run('{}')]);
      const refused = [one, two].filter(({ output }) => (output ?? '').includes('"refused"'));
      expect(account, 'refused starts', refused.length, 1);
    },
  },
  {
    title: 'the history is as long as `compile` says',
    async run(account) {
      const run = await account.run('{}');
      const events = await account.history(run.arn);
      expect(account, 'the first event', events[0], 'ExecutionStarted');
      expect(account, 'fewer than 100 events', events.length < 100, true);
    },
  },
  {
    title: 'a step of 17 minutes yields and continues in a fresh invocation',
    isLong: true,
    async run(account) {
      const run = await account.run('{"long":true}');
      expect(account, 'status', run.status, 'SUCCEEDED');
      expect(account, 'longer than one invocation', run.seconds > 16 * 60, true);
    },
  },
];
