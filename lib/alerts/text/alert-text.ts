import type { Late } from '../../contract/records/incident.ts';
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

/** True if the incident has ended, and no one has to act for it. */
const isOver = ({ kind }: Alert): boolean => kind === 'resolved' || kind === 'recovered';

/** The longest list of steps in a fact; the rest is a number. */
const mostNames = 8;

/** The beginning of a title, for people who read nothing else. */
function mark({ kind, severity, sample }: Alert): string {
  const state: Readonly<Record<AlertKind, string>> = {
    opened: severity,
    updated: `${severity}, again`,
    joined: `${severity}, same cause`,
    recovered: 'works again',
    escalated: `${severity}, no one has acknowledged it`,
    acknowledged: 'acknowledged',
    resolved: 'resolved',
    late: 'late',
  };
  return `${sample ? '[TEST] ' : ''}[${state[kind]}]`;
}

/** Returns the words for an alert of any content. */
export function alertText(unbounded: Alert): AlertText {
  const alert = boundAlert(unbounded);
  const forTeam = alert.audience === 'team' && !isOver(alert);
  return {
    alert,
    title: `${mark(alert)} ${alert.pipeline}: ${alert.title}`,
    facts: alert.audience === 'team' ? factsForTeam(alert) : factsForStakeholders(alert),
    detail: forTeam ? alert.cause : '',
    command: forTeam ? alert.resume : null,
    links: alert.audience === 'team' ? alert.links : [],
  };
}

type Facts = { readonly name: string; readonly value: string }[];

const given = (rows: readonly (readonly [name: string, value: string | null])[]): Facts =>
  rows.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));

const sampleFact = ({ sample }: Alert) =>
  ['Sample', sample ? 'This is a test of the route. Nothing has failed.' : null] as const;

/** For people who wait for data and do not repair it: no error message, no command. */
function factsForStakeholders(alert: Alert): Facts {
  const { late, kind, at } = alert;
  const expected = late && late.late_seconds !== null && late.late_seconds > 0 ? time(later(late)) : null;
  return given([
    sampleFact(alert),
    ['Promised', late && time(late.ready_by)],
    ['Expected', kind === 'resolved' ? null : (expected ?? 'no one can say yet')],
    ['Ended', kind === 'resolved' ? time(at) : null],
    ['Waits for', kind === 'resolved' ? null : (late?.held_up_by ?? alert.step)],
    ['You hear again', kind === 'resolved' ? null : 'when it is ready'],
  ]);
}

const later = ({ ready_by, late_seconds }: Late): string =>
  new Date(Date.parse(ready_by) + (late_seconds ?? 0) * 1000).toISOString();

/** `in danger: 2026-12-01 06:00 UTC; expected 25 min later, held up by extract_orders`. */
function deadlineText({ ready_by, missed, late_seconds, held_up_by }: Late): string {
  const by = late_seconds !== null && late_seconds >= 60 ? `; expected ${minutes(late_seconds / 60)} later` : '';
  return `${missed ? 'missed' : 'in danger'}: ${time(ready_by)}${by}${held_up_by === null ? '' : `, held up by ${held_up_by}`}`;
}

function factsForTeam(alert: Alert): Facts {
  const { step, error, run_id, since, at, attempts, failures, blocks, arrives, late, taken_by } = alert;
  return given(
    isOver(alert)
      ? [
          ['Failed', step ?? alert.pipeline],
          ['Lasted', `${time(since)} to ${time(at)} (${lasted(since, at)})`],
          ['Run', run_id],
          ['Still failing', names(alert.same_cause ?? [])],
        ]
      : [
          sampleFact(alert),
          ['Failed', step === null ? error : `${step} (${error})`],
          ['Since', `${time(since)}${at === since ? '' : ` (${lasted(since, at)})`}`],
          ['Tried', attempts === 0 ? null : attempts === 1 ? 'once' : `${attempts} times`],
          ['Failures', failures > 1 ? `${failures} since the incident began` : null],
          ['Blocks', names(blocks)],
          ['Still arrives', names(arrives)],
          ['Same cause in', names(alert.same_cause ?? [])],
          ['Deadline', late && deadlineText(late)],
          ['Taken by', taken_by],
          ['Run', run_id],
        ],
  );
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
  return minutes((Date.parse(to) - Date.parse(from)) / 60_000);
}

function minutes(count: number): string {
  const whole = Math.max(0, Math.round(count));
  return whole < 60 ? `${whole} min` : `${Math.floor(whole / 60)} h ${whole % 60} min`;
}
