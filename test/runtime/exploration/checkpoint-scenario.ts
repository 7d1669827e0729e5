/** A long step that yields after each of its rows but the last, with everything that can go wrong with its invocations; driven as the compiled machine does. */
import type { StepAnswer } from '../../../lib/contract/payloads.ts';
import type { Checkpoint } from '../../../lib/contract/records/checkpoint.ts';
import type { Manifest } from '../../../lib/contract/records/manifest.ts';
import type { Outcome } from '../../../lib/contract/records/outcome.ts';
import type { StepSpec } from '../../../lib/contract/step-spec.ts';
import { runStep } from '../../../lib/runtime/attempt/run-step.ts';
import type { StepFunction } from '../../../lib/runtime/step.ts';
import type { Happening, Scenario, World } from './explore.ts';
import { exploredRun as run } from './explored-run.ts';
import type { Program } from './process.ts';
import { textEngine } from './text-engine.ts';

const time = Date.parse('2026-01-01T00:00:00.000Z');
const clock = { now: () => time, sleep: () => new Promise<void>(() => undefined) };

const step: StepSpec = {
  name: 'a',
  dependencies: [],
  trigger_rule: 'all_success',
  severity: 'high',
  definition: 'definition of a',
  code: 'code',
  config: { initialization: {} },
  budgets: { step: 99, time_out: 99, platform: 99 },
  delays: { backoff: 'none', initial_seconds: 1, longest_seconds: 1, jitter: false },
};

const rows = 3;

/** One row per invocation: no time is left, so every yield is due. */
const handler: StepFunction = async (step) => {
  const writer = step.writer('rows', { columns: { id: 'BIGINT' } });
  const cursor: number = (step.checkpoint?.cursor ?? 0) + 1;
  await writer.append([{ id: cursor }]);
  if (cursor < rows) await step.yieldIfDue({ cursor });
  return writer.rowCount;
};

type Yielded = NonNullable<StepAnswer['yielded']>;

/** An invocation as its state of the machine sends it. Its name is its program. */
interface Sent {
  readonly yielded: Yielded | null;
  readonly retries: number;
  readonly twin: boolean;
}

const programOf =
  ({ yielded, retries }: Sent, name: string): Program =>
  (ports) =>
    runStep(
      {
        run,
        step,
        attempt: (yielded?.attempt ?? 1) + retries,
        again: null,
        fresh: yielded === null && retries === 0,
        long: { timeout_seconds: 3_600, redrives: 0, yielded },
      },
      {
        ports: { ...ports, clock },
        invocationId: name,
        handler,
        deadline: time,
        writeLine: () => undefined,
        openEngine: textEngine,
      },
    );

export interface CheckpointFacts {
  readonly sent: Sent | null;
  readonly crashesLeft: number;
  readonly timeOutsLeft: number;
  readonly lossesLeft: number;
}

const nameOf = (sent: Sent): string => JSON.stringify(sent);

interface Options {
  /** The number of crashes, time-outs and lost answers that may happen; one of each by default. */
  readonly crashes?: number;
  readonly timeOuts?: number;
  readonly losses?: number;
  /** Takes out a part of the protocol. */
  readonly mutate?: NonNullable<Scenario<CheckpointFacts>['mutate']>;
}

export function checkpointScenario(options: Options = {}): Scenario<CheckpointFacts> {
  const { crashes = 1, timeOuts = 1, losses = 1 } = options;
  return {
    programs: new Proxy({}, { get: (_, name) => programOf(JSON.parse(String(name)) as Sent, String(name)) }),
    start: enter(
      { yielded: null, retries: 0, twin: false },
      { sent: null, crashesLeft: crashes, timeOutsLeft: timeOuts, lossesLeft: losses },
    ),
    happenings({ facts, processes }) {
      const live = facts.sent && nameOf(facts.sent);
      const working = (live && processes.get(live)?.point.pending) || [];
      if (!live || working.length === 0) return [];
      const loss = {
        label: 'an answer is lost',
        facts: { ...facts, lossesLeft: facts.lossesLeft - 1 },
        loseAnswerOf: live,
      };
      return [
        ...(facts.crashesLeft > 0
          ? [{ ...retry({ ...facts, crashesLeft: facts.crashesLeft - 1 }), label: 'it crashes', crash: live }]
          : []),
        ...(facts.timeOutsLeft > 0
          ? [{ ...retry({ ...facts, timeOutsLeft: facts.timeOutsLeft - 1 }), label: 'it times out and goes on' }]
          : []),
        ...(facts.lossesLeft > 0 && working[0]?.operation.kind === 'put' ? [loss] : []),
      ];
    },
    react({ facts, processes }) {
      const end = facts.sent && processes.get(nameOf(facts.sent))?.point.end;
      if (!end) return null;
      if ('error' in end) return retry(facts);
      const { yielded } = end.value as StepAnswer;
      if (yielded) return enter({ yielded, retries: 0, twin: false }, facts);
      return { label: 'the step ends', facts: { ...facts, sent: null } };
    },
    check({ objects, facts }) {
      const text = objects.get('p/runs/r/steps/a/checkpoint.json');
      const heard = facts.sent?.yielded?.yields ?? 0;
      const { state } = text ? (JSON.parse(text) as Checkpoint) : { state: { cursor: 0 } };
      const { cursor } = state as { cursor: number };
      return cursor < heard ? `the checkpoint has moved back to row ${cursor}, after ${heard} yields` : null;
    },
    checkEnd,
    writtenOnce: (key) => /\/(outcomes|manifests)\//.test(key),
    ownedByOne: (key) => key.includes('/data/'),
    unobserved: (key) => key.includes('/attempts/'),
    endsDoNotMatter: true,
    ...(options.mutate && { mutate: options.mutate }),
  };
}

function retry(facts: CheckpointFacts): Happening<CheckpointFacts> {
  const { yielded = null, retries = 0 } = facts.sent ?? {};
  return enter({ yielded, retries: retries + 1, twin: false }, facts);
}

/** The first state is invoked twice. */
function enter(sent: Sent, facts: CheckpointFacts): Happening<CheckpointFacts> {
  const twins = sent.retries === 0 && sent.yielded === null ? [{ ...sent, twin: true }] : [];
  return {
    label: `the machine enters the step after ${sent.yielded?.yields ?? 0} yields, retry ${sent.retries}`,
    facts: { ...facts, sent },
    start: [sent, ...twins].map((one) => ({ name: nameOf(one), program: nameOf(one) })),
  };
}

/** Once every process has ended, late ones too: the step has succeeded, with each row once. */
function checkEnd({ objects, facts }: World<CheckpointFacts>): string | null {
  const read = <T>(key: string): T | null => JSON.parse(objects.get(key) ?? 'null') as T | null;
  if (facts.sent) return `the machine hangs after ${nameOf(facts.sent)}`;
  const outcome = read<Outcome>('p/runs/r/executions/1/outcomes/a.json');
  if (outcome?.outcome !== 'succeeded') return `the step ${outcome?.outcome}`;
  const dataset = read<Manifest>(outcome.manifest ?? '')?.datasets.rows;
  const lines = (dataset?.parts ?? [])
    .map(({ key }) => Buffer.from(objects.get(key) ?? '', 'base64').toString() || `${key} is missing\n`)
    .join('');
  const wanted = Array.from({ length: rows }, (_, index) => `{"id":${index + 1}}\n`).join('');
  if (lines !== wanted || dataset?.rows !== rows) return `the rows are ${JSON.stringify(lines)}`;
  digest ??= dataset.content_digest;
  return dataset.content_digest === digest ? null : 'the content digest depends on what went wrong';
}

let digest: string | undefined;
