import type { LogEvent } from '../../ports/ports.ts';

/** One invocation of a function in its log stream. */
export interface LoggedInvocation {
  /** From its START to the START of the next one, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Without Lambda's START and END; its REPORT stays, since it tells of a time-out. */
  readonly events: readonly LogEvent[];
}

/** Cuts the events of a log stream into invocations, by the lines that Lambda writes. Events before the first START belong to the first invocation: the module was loaded for it. */
export function invocationsIn(events: readonly LogEvent[]): LoggedInvocation[] {
  const starts = events.flatMap(({ message }, index) => (message.startsWith('START RequestId: ') ? [index] : []));
  const bounds = starts.length === 0 ? [0] : [0, ...starts.slice(1)];
  return bounds.map((begin, index) => {
    const end = bounds[index + 1] ?? events.length;
    const own = events.slice(begin, end);
    return {
      from: own[0]?.at ?? 0,
      to: events[end] ? (events[end].at ?? 0) - 1 : Number.POSITIVE_INFINITY,
      events: own.filter(({ message }) => !/^(START|END|INIT_START)\b/.test(message)),
    };
  });
}
