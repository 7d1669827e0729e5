import type { RunReport } from '../../operate/runs/run-report.ts';
import type { FunctionLogs, LogEvent } from '../../ports/ports.ts';
import { invocationsIn } from './invocations.ts';
import type { LogChunk, LogOwner, LogReader, LogWish } from './log-chunk.ts';

/** An invocation begins and ends at most this long before and after any of its lines, in milliseconds. */
const longestInvocationMs = 15 * 60_000;

/** Clocks of the machines that write records and events may differ by this much. */
const clockSkewMs = 60_000;

/** A stream that has lines of the run, with the moments that lie in its invocations. */
interface Found {
  readonly group: string;
  readonly stream: string;
  readonly moments: { readonly owner: LogOwner; readonly at: number }[];
}

/**
 * Reads the lines of a run from CloudWatch Logs: whole invocations, since a text from `console.log` does not name its step. `step.log` names run and step, and a dead letter names the
 * stream of a step that printed nothing.
 */
export function deployedLog(logs: FunctionLogs, report: RunReport, wish: LogWish): LogReader {
  const seen = new Set<string>();
  return {
    async read() {
      const first = seen.size === 0;
      const chunks = new Map<string, { readonly owner: LogOwner; readonly lines: string[] }>();
      for (const { group, stream, moments } of await streamsOf(logs, report, wish)) {
        const times = moments.map(({ at }) => at);
        const span = { from: Math.min(...times) - longestInvocationMs, to: Math.max(...times) + longestInvocationMs };
        const events: LogEvent[] = [];
        for await (const event of logs.stream(group, stream, span)) events.push(event);
        for (const [index, invocation] of invocationsIn(events).entries()) {
          const owner = moments.find(({ at }) => at >= invocation.from && at <= invocation.to)?.owner;
          if (!owner) continue;
          const key = JSON.stringify(owner);
          const chunk = chunks.get(key) ?? { owner, lines: [] };
          chunks.set(key, chunk);
          for (const [line, event] of invocation.events.entries())
            if (isNew(seen, `${group} ${stream} ${invocation.from} ${index} ${line}`))
              chunk.lines.push(...linesOf(event));
        }
      }
      return [...chunks.values()].flatMap(({ owner, lines }): LogChunk[] => {
        const shown = first ? lines.slice(-wish.most) : lines;
        return lines.length === 0 ? [] : [{ ...owner, lines: shown, cut: shown.length < lines.length }];
      });
    },
  };
}

const linesOf = ({ message }: LogEvent): string[] => message.trimEnd().split('\n');

const isNew = (seen: Set<string>, key: string): boolean => !seen.has(key) && seen.add(key).has(key);

async function streamsOf(logs: FunctionLogs, report: RunReport, wish: LogWish): Promise<Found[]> {
  const found = new Map<string, Found>();
  const note = (group: string, stream: string, moment: Found['moments'][number]): void => {
    const { step, attempt } = moment.owner;
    if ((wish.step ?? step) !== step || (wish.attempt ?? attempt) !== attempt) return;
    const key = `${group} ${stream}`;
    const known = found.get(key) ?? { group, stream, moments: [] };
    known.moments.push(moment);
    found.set(key, known);
  };
  const from = Date.parse(report.started_at) - clockSkewMs;
  for (const group of await logs.groups())
    for await (const event of logs.matching(group, patternOf(wish), Number.isNaN(from) ? 0 : from)) {
      const owner = ownerOf(event.message, wish);
      if (owner) note(group, event.stream, { owner, at: event.at });
    }
  // A process that was killed leaves its last line shortly before the letter is written.
  for (const { step, execution, attempts, failed_at, logs: pointer } of report.dead_letters)
    if (pointer)
      note(pointer.group, pointer.stream, {
        owner: { step, execution, attempt: attempts },
        at: Date.parse(failed_at) - 1,
      });
  return [...found.values()];
}

/** In CloudWatch's syntax for JSON. Names of runs and steps have no quotation marks. */
const patternOf = ({ runId, step }: LogWish): string =>
  `{ $.run = "${runId}"${step === null ? '' : ` && $.step = "${step}"`} }`;

function ownerOf(message: string, { runId }: LogWish): LogOwner | null {
  try {
    const { run, step, execution, attempt } = JSON.parse(message) as Record<string, unknown>;
    if (run !== runId || typeof step !== 'string') return null;
    return { step, execution: Number(execution), attempt: Number(attempt) };
  } catch {
    return null;
  }
}
