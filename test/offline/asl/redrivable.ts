import type { Json } from '../../../lib/contract/json.ts';
import type { ExecutionResult, HistoryEvent, RunningExecution, TaskRunner } from '../../../lib/offline/asl/api.ts';
import { type JournalEntry, journalOf } from '../../../lib/offline/asl/journal.ts';
import { VirtualClock } from '../../../lib/offline/asl/virtual-clock.ts';
import { type Given, start } from './run.ts';

/** An execution that is started and redriven over one journal, kept as text as a file would hold it. */
export class Redrivable {
  definition: Json;
  runTask: TaskRunner | undefined;
  random = (): number => 0.5;
  readonly clock: VirtualClock;
  readonly events: HistoryEvent[] = [];
  /** Lines of JSON. */
  journal = '';
  /** Length at which the journal takes no more, in the middle of a line or not: as if the process were killed there. */
  mostCharacters: number | null = null;
  onFull = (): void => undefined;
  redrives = 0;
  running: RunningExecution | null = null;
  readonly #given: Given;

  constructor(definition: Json, given: Given = {}) {
    this.definition = definition;
    this.#given = given;
    this.runTask = given.runTask;
    this.random = given.random ?? this.random;
    this.clock = given.clock ?? new VirtualClock();
  }

  start(given: Given = {}): Promise<ExecutionResult> {
    // A write was cut off after the last complete line.
    this.journal = this.journal.slice(0, this.journal.lastIndexOf('\n') + 1);
    const past = this.journal.split('\n').filter((line) => line !== '');
    const execution = start(this.definition, {
      ...this.#given,
      ...(this.runTask && { runTask: this.runTask }),
      startTime: '2026-01-01T00:00:00.000Z',
      random: () => this.random(),
      clock: this.clock,
      redriveCount: this.redrives,
      earlierEvents: this.events.length,
      onEvent: (event) => this.events.push(event),
      journal: journalOf(
        past.map((line) => JSON.parse(line) as JournalEntry),
        (entry) => this.#keep(`${JSON.stringify(entry)}\n`),
      ),
      ...given,
    });
    this.running = execution;
    return execution.finish();
  }

  redrive(given: Given = {}): Promise<ExecutionResult> {
    this.redrives += 1;
    return this.start(given);
  }

  #keep(line: string): void {
    const longer = this.journal + line;
    if (this.mostCharacters === null || longer.length <= this.mostCharacters) {
      this.journal = longer;
      return;
    }
    this.journal = longer.slice(0, Math.max(this.journal.length, this.mostCharacters));
    this.onFull();
  }
}
