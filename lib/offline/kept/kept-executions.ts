import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JsonObject } from '../../contract/json.ts';
import type { RunRef } from '../../contract/object-keys.ts';
import { planFile, type StepSpecs } from '../../contract/step-spec.ts';
import { FolderObjectStore } from '../../ports/folder/folder-object-store.ts';
import { nameProcess, type ProcessName } from '../../ports/folder/process-identity.ts';
import { runsExecution } from '../../ports/folder/running-executions.ts';
import { readIntact } from '../../runtime/records/json-objects.ts';
import type { ExecutionResult } from '../asl/api.ts';
import type { Redrivable } from '../asl/redrive-rules.ts';
import { readJournal } from './journal-file.ts';

/** The kept facts of an offline execution, so that it can be redriven. Step Functions keeps the same. */
export interface KeptExecution extends RunRef {
  readonly arn: string;
  readonly name: string;
  /** ISO 8601 with milliseconds: the context object's StartTime. */
  readonly started_at: string;
  /** As it was given to the machine. */
  readonly input: JsonObject;
  /** Absolute path of the file with source data for `local.setup`, or null. */
  readonly data: string | null;
  /** Name of the template's environment, or null. */
  readonly environment?: string | null;
  /** The compiled machine, with its placeholders. */
  readonly definition: JsonObject;
  /** The facts that its functions know about the steps. */
  readonly steps: StepSpecs;
}

/** The state of an execution, and its number of redrives. */
export type KeptState = Redrivable & { readonly redrives: number };

interface Start extends ProcessName {
  readonly at: string;
}

interface End {
  readonly at: string;
  readonly status: ExecutionResult['status'];
  readonly events: number;
}

/**
 * The executions of the offline engine. The start of an execution and each of its redrives is a record that only one process can create, so two processes never run the same
 * one; an execution whose last start has no end, and whose process is gone, is ABORTED.
 */
export class KeptExecutions {
  readonly #folder: string;
  readonly #store: FolderObjectStore;

  constructor(folder: string) {
    this.#folder = folder;
    this.#store = new FolderObjectStore(folder);
  }

  /** Keeps a new execution, before it starts. */
  async keep(execution: KeptExecution): Promise<void> {
    await this.#store.put(keyOf(execution, 'execution.json'), JSON.stringify(execution), { ifNoneMatch: '*' });
  }

  /** The executions of a run in the order of their starts. */
  async ofRun({ pipeline, run_id }: RunRef): Promise<KeptExecution[]> {
    const kept: KeptExecution[] = [];
    for await (const { key } of this.#store.list(`${pipeline}/${run_id}/`)) {
      const execution = key.endsWith('/execution.json') ? await readIntact<KeptExecution>(this.#store, key) : null;
      if (execution) kept.push(execution);
    }
    return kept.sort((a, b) => Date.parse(a.started_at) - Date.parse(b.started_at));
  }

  /** The execution that has this ARN, or null when none was kept. */
  async withArn(pipeline: string, arn: string): Promise<KeptExecution | null> {
    const name = arn.split(':').at(-1);
    for await (const { key } of this.#store.list(`${pipeline}/`)) {
      const execution = key.endsWith(`/${name}/execution.json`)
        ? await readIntact<KeptExecution>(this.#store, key)
        : null;
      if (execution?.arn === arn) return execution;
    }
    return null;
  }

  async stateOf(execution: KeptExecution): Promise<KeptState> {
    const redrives = await this.#lastStart(execution);
    const start = await readIntact<Start>(this.#store, startKey(execution, redrives));
    const end = await readIntact<End>(this.#store, endKey(execution, redrives));
    const startedAt = Date.parse(execution.started_at);
    if (end) return { redrives, status: end.status, startedAt, endedAt: Date.parse(end.at), events: end.events };
    const { last } = readJournal(this.journalOf(execution));
    const runs = start && (await runsExecution(dirname(this.#folder), execution.arn, start, Date.parse(start.at)));
    const status = runs ? 'RUNNING' : 'ABORTED';
    // No one saw the end of a killed process: its last entry is nearest to it.
    const lastSeen = Math.max(Date.parse(start?.at ?? execution.started_at), last?.at ?? 0);
    return { redrives, status, startedAt, endedAt: lastSeen, events: last?.events ?? 0 };
  }

  /** Claims the execution (redrive 0) or its redrive for this process; false if another process was first. */
  async begin(execution: KeptExecution, redrive: number): Promise<boolean> {
    await mkdir(dirname(this.journalOf(execution)), { recursive: true });
    const start: Start = { at: new Date().toISOString(), ...(await nameProcess(process.pid)) };
    const { written } = await this.#store.put(startKey(execution, redrive), JSON.stringify(start), {
      ifNoneMatch: '*',
    });
    return written;
  }

  async end(execution: KeptExecution, redrive: number, { status, events }: Pick<End, 'status' | 'events'>) {
    const end: End = { at: new Date().toISOString(), status, events };
    await this.#store.put(endKey(execution, redrive), JSON.stringify(end));
  }

  /** Path of the execution's journal. */
  journalOf(execution: KeptExecution): string {
    return join(this.#folder, keyOf(execution, 'journal.ndjson'));
  }

  /** Writes what the functions of the execution know of its steps, and gives the file's path. */
  async writePlan(execution: KeptExecution): Promise<string> {
    const path = join(this.#folder, keyOf(execution, planFile));
    await writeFile(path, JSON.stringify(execution.steps));
    return path;
  }

  async #lastStart(execution: KeptExecution): Promise<number> {
    let last = 0;
    const prefix = keyOf(execution, 'starts/');
    for await (const { key } of this.#store.list(prefix))
      last = Math.max(last, Number.parseInt(key.slice(prefix.length), 10));
    return last;
  }
}

const keyOf = ({ pipeline, run_id, name }: KeptExecution, file: string): string =>
  `${pipeline}/${run_id}/${name}/${file}`;
const startKey = (execution: KeptExecution, redrive: number): string => keyOf(execution, `starts/${redrive}.json`);
const endKey = (execution: KeptExecution, redrive: number): string => keyOf(execution, `ends/${redrive}.json`);
