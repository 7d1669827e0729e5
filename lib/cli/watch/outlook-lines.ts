import type { DeadlineRecord } from '../../contract/events/deadline-record.ts';
import type { OnTime } from '../../operate/deadlines/on-time.ts';
import type { Outlook } from '../../operate/deadlines/read-outlook.ts';
import type { EndRange } from '../../operate/estimate/estimate.ts';
import { duration, moment } from '../render/format.ts';
import { estimateLine } from './estimate-text.ts';

/** The outlook of a run for people: when it ends, and each of its deadlines. */
export function outlookLines({ estimate, deadlines }: Outlook, now: number): string[] {
  return [
    ...(estimate ? [estimateLine(estimate, now)] : []),
    ...deadlines.map((record) =>
      recordLine(record, { now, end: record.step === null ? (estimate?.end ?? null) : null }),
    ),
  ];
}

/** `deadline 07:00 UTC in 3 h 10 m`, and whether it will be met, by the estimate alone. */
export function deadlineLine(
  readyBy: number,
  { now, end }: { readonly now: number; readonly end: EndRange | null },
): string {
  const name = `deadline ${new Date(readyBy).toISOString().slice(11, 16)} UTC`;
  if (now >= readyBy) return `${name} missed ${duration(now - readyBy)} ago`;
  const left = `${name} in ${duration(readyBy - now)}`;
  if (end === null || end.to <= readyBy) return left;
  return end.from > readyBy ? `${left}: it will probably be missed` : `${left}: it may be missed`;
}

function recordLine(
  { step, ready_by, at_risk, missed, met }: DeadlineRecord,
  { now, end }: { readonly now: number; readonly end: EndRange | null },
): string {
  const readyBy = Date.parse(ready_by);
  const name = `${step === null ? '' : `${step}: `}deadline ${moment(ready_by).slice(0, 16)} UTC`;
  if (met) {
    const late = Date.parse(met.at) - readyBy;
    return late > 0 ? `${name} missed by ${duration(late)}` : `${name} met, ${duration(-late)} ahead`;
  }
  if (missed || now >= readyBy) return `${name} missed${holder(missed?.held_up_by ?? null)}`;
  if (at_risk) return `${name} in danger${holder(at_risk.held_up_by)}`;
  return `${step === null ? '' : `${step}: `}${deadlineLine(readyBy, { now, end })}`;
}

const holder = (step: string | null): string => (step === null ? '' : `; ${step} holds it up`);

/** `ready in time: 27 of 28 (96.4 %) over 30 days`, a line for the run and one for each step with a deadline. */
export function onTimeLines(all: readonly OnTime[]): string[] {
  return all.flatMap(({ step, met, of, percent }) =>
    percent === null
      ? []
      : [`${step === null ? '' : `${step} `}ready in time: ${met} of ${of} (${percent} %) over 30 days`],
  );
}
