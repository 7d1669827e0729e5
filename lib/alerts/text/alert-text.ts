import type { Alert, AlertKind, AlertLink } from '../alert.ts';
import { boundAlert } from './bound-alert.ts';

/** An alert in words. Every text is plain: builders may cut it, but need not clean it. */
export interface AlertText {
  /** The alert itself, with bounded texts. */
  readonly alert: Alert;
  /** One line that says the severity, the pipeline and the event. */
  readonly title: string;
  /** In order of use for a person who was just woken. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** The error's message; empty if the title says all. */
  readonly detail: string;
  readonly command: string | null;
  readonly links: readonly AlertLink[];
}

/** The longest list of steps in a fact; the rest is a number. */
const mostNames = 8;

/** The beginning of a title, for people who read nothing else. */
function mark({ kind, severity, sample }: Alert): string {
  const state: Readonly<Record<AlertKind, string>> = {
    opened: severity,
    updated: `${severity}, again`,
    escalated: `${severity}, no one has acknowledged it`,
    acknowledged: 'acknowledged',
    resolved: 'resolved',
  };
  return `${sample ? '[TEST] ' : ''}[${state[kind]}]`;
}

/** Returns the words for an alert of any content. */
export function alertText(unbounded: Alert): AlertText {
  const alert = boundAlert(unbounded);
  const failing = alert.kind !== 'resolved';
  return {
    alert,
    title: `${mark(alert)} ${alert.pipeline}: ${alert.title}`,
    facts: factsOf(alert),
    detail: failing ? alert.cause : '',
    command: failing ? alert.resume : null,
    links: alert.links,
  };
}

function factsOf(alert: Alert): { readonly name: string; readonly value: string }[] {
  const { step, error, run_id, since, at, attempts, failures, blocks, arrives, deadline } = alert;
  const rows: readonly (readonly [name: string, value: string | null])[] =
    alert.kind === 'resolved'
      ? [
          ['Failed', step ?? alert.pipeline],
          ['Lasted', `${time(since)} to ${time(at)} (${lasted(since, at)})`],
          ['Run', run_id],
        ]
      : [
          ['Sample', alert.sample ? 'This is a test of the route. Nothing has failed.' : null],
          ['Failed', step === null ? error : `${step} (${error})`],
          ['Since', `${time(since)}${at === since ? '' : ` (${lasted(since, at)})`}`],
          ['Tried', attempts === 0 ? null : attempts === 1 ? 'once' : `${attempts} times`],
          ['Failures', failures > 1 ? `${failures} since the incident began` : null],
          ['Blocks', names(blocks)],
          ['Still arrives', names(arrives)],
          ['Deadline', deadline],
          ['Run', run_id],
        ];
  return rows.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
}

function names(list: readonly string[]): string | null {
  if (list.length === 0) return null;
  const shown = list.slice(0, mostNames).join(', ');
  return list.length <= mostNames ? shown : `${shown} and ${list.length - mostNames} more`;
}

/** `2026-11-30 01:20 UTC`. */
function time(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

/** The time between two moments in words: `2 h 5 min`. */
function lasted(from: string, to: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
