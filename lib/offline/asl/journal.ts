/**
 * The record that an execution leaves for its redrive. A visit is one stay in one state, and its name says where: `4` is the fifth visit of the machine's own
 * thread, `4.0.2/1` the second visit of the third branch (or iteration) of the first attempt of that one.
 */
import type { Json } from '../../contract/json.ts';
import type { Step } from './step.ts';

/** A state was left, normally or through a catcher: a redrive does not enter it again. */
export interface VisitExit extends Step {
  readonly type: 'exit';
  readonly visit: string;
  readonly state: string;
}

/** An attempt of a Parallel or Map began. The visits of its threads have the attempt in their names. */
interface VisitOpening {
  readonly type: 'opening';
  readonly visit: string;
  /** From 0; counts on over redrives. */
  readonly attempt: number;
  /** The data of its threads: the input of the branches, or the items. Absent: nothing was evaluated for it yet. */
  readonly given?: Json;
}

export type JournalEntry = VisitExit | VisitOpening;

/** Remembers the executions of one machine on one input, from the first start to the last redrive. */
export interface Journal {
  /** The exit of the visit before this redrive; null if it has none. */
  exit(visit: string): VisitExit | null;
  /** The last attempt of a visit before this redrive; null when there was none. */
  opening(visit: string): VisitOpening | null;
  /** Keeps an entry. When it returns, the entry outlives the process; what it throws ends the execution without a result. */
  record(entry: JournalEntry): void;
}

/** For executions that will not be redriven. */
export const noJournal: Journal = { exit: () => null, opening: () => null, record: () => undefined };

/** A journal that begins with entries of the past, in their order, and hands new ones to `keep`. */
export function journalOf(past: Iterable<JournalEntry>, keep: (entry: JournalEntry) => void): Journal {
  const exits = new Map<string, VisitExit>();
  const openings = new Map<string, VisitOpening>();
  for (const entry of past) {
    if (entry.type === 'exit') exits.set(entry.visit, entry);
    else openings.set(entry.visit, entry);
  }
  return {
    exit: (visit) => exits.get(visit) ?? null,
    opening: (visit) => openings.get(visit) ?? null,
    record: keep,
  };
}
