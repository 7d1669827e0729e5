import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DaybreakEvent } from '../../contract/events/event.ts';
import { fromErrno, isMissing } from '../errno.ts';
import type { Events } from '../ports.ts';

/** Holds the events that belong to no run; no run id begins with a point. */
const withoutRun = '.without-run';

/**
 * Events in a folder: one file for each run, a line of JSON for each event. Every process appends whole lines with one write, and the file system puts each write behind the
 * last one. A line break stands before a line too, so that a line which its writer's death cut off spoils no other.
 */
export class FolderEvents implements Events {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async open(): Promise<void> {}

  async send(events: readonly DaybreakEvent[]): Promise<void> {
    const byFile = Map.groupBy(events, (event) => eventsFile(this.#folder, event));
    for (const [file, lines] of byFile) await append(file, lines.map((line) => `\n${JSON.stringify(line)}\n`).join(''));
  }
}

/** The file of a run's events. */
export function eventsFile(folder: string, run: { readonly pipeline: string; readonly run_id: string | null }): string {
  return join(folder, run.pipeline, `${run.run_id ?? withoutRun}.jsonl`);
}

async function append(path: string, text: string): Promise<void> {
  try {
    const file = await openToAppend(path);
    try {
      await file.write(Buffer.from(text));
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fromErrno(error, `cannot append to ${path}`);
  }
}

const openToAppend = async (path: string) =>
  open(path, 'a').catch(async (error: unknown) => {
    if (!isMissing(error)) throw error;
    await mkdir(dirname(path), { recursive: true });
    return open(path, 'a');
  });
