import { PermanentError } from '../../contract/errors.ts';
import { sourcesPrefix } from '../../contract/object-keys.ts';
import type { RunContext } from '../../contract/payloads.ts';
import type { CheckResult } from '../../contract/records/data-check.ts';
import { fetchOverHttp } from '../fetch/fetch-over-http.ts';
import type { Work } from '../invocation.ts';
import { createLogger } from '../logger.ts';
import { announcing, TargetLoads } from '../manifests/target-loads.ts';
import { Redactor } from '../secrets/redactor.ts';
import type { Columns, Rows, RunFacts, Step, StepQuery } from '../step.ts';
import { StepWatermarks } from '../watermarks/step-watermarks.ts';
import { CodeChecks } from './code-checks.ts';
import type { HandlerSessions } from './handler-sessions.ts';
import { createOnce } from './once.ts';
import { Outputs } from './outputs.ts';
import { Progress } from './progress.ts';
import { LazyQuery } from './step-query.ts';
import { toJson } from './to-json.ts';
import { openUpstream } from './upstream-data.ts';
import type { UpstreamSql } from './upstream-sql.ts';
import { Yielding } from './yielding.ts';

/** A step as its handler sees it, and the runtime's side of it. */
export interface OpenStep {
  readonly step: Step;
  readonly outputs: Outputs;
  readonly yielding: Yielding;
  readonly redact: (text: string) => string;
  readonly progress: Progress;
  readonly queries: UpstreamSql;
  readonly loads: TargetLoads;
  readonly watermarks: StepWatermarks;
  /** Of the handler itself. */
  readonly checks: readonly CheckResult[];
}

/** Reads the data that the handler needs and records its start. */
export async function openStep(work: Work, sessions: HandlerSessions): Promise<OpenStep> {
  const { signal } = sessions;
  const { run, step, attempt } = work.payload;
  const { ports, secrets, redactor = new Redactor(), writeLine = toStandardOutput } = work.invocation;
  const { redact } = redactor;
  const outputs = new Outputs(work, sessions);
  const yielding = new Yielding(work, outputs);
  const { queries, ...upstream } = await openUpstream(work, sessions);
  const checks = new CodeChecks(work);
  const watermarks = new StepWatermarks(work, toJson);
  const loads = new TargetLoads(ports.store, run, { step: step.name, fingerprint: work.fingerprint });
  const progress = new Progress(work, redact);
  await progress.start();
  signal.addEventListener('abort', () => void progress.nearTimeOut(), { once: true });
  const now = () => ports.clock.now();
  const facts = { pipeline: run.pipeline, run: run.run_id, execution: run.execution, step: step.name, attempt };
  return {
    outputs,
    yielding,
    redact,
    progress,
    queries,
    checks: checks.results,
    loads,
    watermarks,
    step: complete(
      {
        ...upstream,
        input: structuredClone(work.input),
        config: structuredClone(step.config.initialization),
        run: {
          pipeline: run.pipeline,
          run_id: run.run_id,
          execution: run.execution,
          started_at: run.started_at,
          scheduled_time: run.scheduled_time,
          ...(run.partition && { partition: { ...run.partition } }),
          ...requestOf(work.payload),
          ...(run.trial && { trial: { of: run.trial.of, sends: run.trial.sends === true } }),
        },
        name: step.name,
        attempt,
        isLastAttempt: work.standing.stepErrors + 1 >= step.budgets.step,
        signal,
        log: createLogger({ facts, now, redact, writeLine }),
        object: async (key) => ports.store.read(sourceKey(key)),
        objects: (prefix) => ports.store.list(sourcePrefix(prefix)),
        writer: (name, options) => outputs.writer(name, options),
        async write(name: string, rows: Rows | StepQuery<unknown>, options: { readonly columns?: Columns } = {}) {
          if (!(rows instanceof LazyQuery)) return outputs.write(name, rows, options);
          const entry = await outputs.writeQuery(name, rows, options);
          queries.add({ step: step.name, dataset: name, entry });
          return entry.rows;
        },
        file: (name, content, options) => outputs.file(name, content, options),
        check: (name, passed, facts) => checks.check(name, passed, facts),
        watermark: (name) => watermarks.open(name),
        once: createOnce(work),
        async secret(name) {
          if (!secrets) throw new PermanentError(`the secret "${name}" is not declared under the step's "secrets"`);
          const value = await secrets.read(name);
          redactor.add(value);
          return value;
        },
        fetch: (url, init = {}) => fetchOverHttp(url, init, { signal, now }),
        progress: (done, total, message) => progress.report(done, total, message),
        ...yielding.handlerSide(),
      },
      { run, announce: () => loads.announce() },
    ),
  };
}

/** Adds what sinks call, and the partition; without one, an error for a handler that asks. It is not enumerable then, so that code that copies the step does not ask. */
function complete(
  members: Omit<Step, 'partition'>,
  { run: { pipeline, partition }, announce }: { readonly run: RunContext; readonly announce: () => Promise<void> },
): Step {
  const step = { ...members, [announcing]: announce };
  if (partition) return { ...step, partition: { ...partition } };
  const get = (): never => {
    throw new PermanentError(`pipeline ${pipeline} has no "partition" in its template, so its runs have none`);
  };
  return Object.defineProperty(step, 'partition', { get }) as unknown as Step;
}

/** The execution in which the step was asked for: a salt is the number of the execution that `--from` started. */
function requestOf({ run: { salts, lease }, step: { name } }: Work['payload']): Pick<RunFacts, 'requested' | 'turn'> {
  return {
    requested: Number(salts?.[name] ?? 1),
    turn: lease
      ? { key: lease.key, number: lease.fence, requested: lease.asked?.[name] ?? lease.first ?? lease.fence }
      : null,
  };
}

/** `products.csv` and `sources/products.csv` are the same object; nothing outside of sources can be named. */
function sourceKey(key: string): string {
  const inside = key.startsWith(sourcesPrefix) ? key.slice(sourcesPrefix.length) : key;
  if (inside === '' || inside.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    throw new PermanentError(`${JSON.stringify(key)} is not a key below ${sourcesPrefix}`);
  }
  return `${sourcesPrefix}${inside}`;
}

/** Like a key, but it may be empty, or end anywhere. */
function sourcePrefix(prefix: string): string {
  return prefix === '' || prefix === sourcesPrefix ? sourcesPrefix : sourceKey(`${prefix}_`).slice(0, -1);
}

const toStandardOutput = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
