import type { JsonObject } from '../../contract/json.ts';

/** The attempt of a step that wrote some lines. */
export interface LogOwner {
  readonly step: string;
  readonly execution: number;
  readonly attempt: number;
}

/** New lines of one attempt, without their line breaks. */
export interface LogChunk extends LogOwner {
  readonly lines: readonly string[];
  /** There are earlier lines, which were not asked for. */
  readonly cut: boolean;
}

/** Reads the log of a run from where the last read ended. */
export interface LogReader {
  /** The chunks in the order of the steps, then of executions and attempts. */
  read(): Promise<readonly LogChunk[]>;
}

/** The lines to read. */
export interface LogWish {
  readonly pipeline: string;
  readonly runId: string;
  /** Null: all steps. */
  readonly step: string | null;
  /** Null: all attempts. */
  readonly attempt: number | null;
  /** At most so many lines of each attempt on the first read, the last ones. */
  readonly most: number;
}

/** A line of `step.log`, or any other text. */
export type LogLine =
  | { readonly time: string; readonly level: string; readonly message: string; readonly fields: JsonObject }
  | { readonly text: string };

/** Facts that every line of `step.log` repeats; the heading has them. */
const repeated: readonly string[] = ['time', 'level', 'message', 'pipeline', 'run', 'execution', 'step', 'attempt'];

/** Takes a line of `step.log` apart. */
export function parseLogLine(text: string): LogLine {
  const parsed = text.startsWith('{') ? objectIn(text) : null;
  if (!parsed) return { text };
  const { time, level, message } = parsed;
  if (typeof time !== 'string' || typeof level !== 'string' || typeof message !== 'string') return { text };
  const fields = Object.fromEntries(Object.entries(parsed).filter(([name]) => !repeated.includes(name)));
  return { time, level, message, fields };
}

function objectIn(text: string): JsonObject | null {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return null;
  }
}
