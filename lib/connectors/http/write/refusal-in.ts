import { RetryableError } from '../../../contract/errors.ts';
import { writeJson } from '../../../exact/write-json.ts';
import { wantedRest } from '../../../runtime/fetch/wanted-rest.ts';
import type { SentAnswer } from './http-target.ts';
import { failedParts, hasParts, type PartFailure } from './part-failures.ts';

/** Fields that report a refusal, unless they are empty, zero or false; `_`, `-` and capitals do not matter. */
const complaints = new Set([
  'error',
  'errors',
  'haserrors',
  'errorcount',
  'errorscount',
  'inserterrors',
  'partialfailureerror',
  'fault',
  'faults',
  'failed',
  'failures',
  'failedcount',
  'failurecount',
  'failedrecordcount',
  'failedputcount',
  'rejected',
  'rejectedcount',
  'unprocessed',
  'unprocesseditems',
  'unprocessedrecords',
]);

/** Fields that report a refusal if they are false. */
const confirmations = new Set(['success', 'successful', 'succeeded', 'ok', 'acknowledged']);

/** Words of a `status` that report a refusal. */
const badStatus = /^(?:error|errors|fail|failed|failure|partial[_ -]?(?:success|failure)|rejected)$/i;

/**
 * The reason why an answer of 200 to 299 means that rows were not taken; null if it does not. It knows complaints at the top of the JSON (`errors: true`,
 * `error: {...}`, `failed: 2`, `success: false`, `status: "error"`), parts with a status of 400 and above (207, `items` of a bulk request), and texts that
 * begin with "error". A 207 whose parts have no status is a refusal, since it does not say what was taken. If all failed parts may be taken later (429, 5xx),
 * it throws a RetryableError.
 */
export function refusalIn(answer: SentAnswer): string | null {
  const { status, body } = answer;
  const complaint = complaintOf(answer);
  const parts = failedParts(answer);
  if (parts.length > 0) return ofParts(answer, parts);
  if (complaint !== null) return complaint;
  if (status === 207 && !hasParts(body))
    return 'a 207 answers each part for itself, and no part has a status; give `judge`, a function that reads the answer';
  return null;
}

function complaintOf({ body, rows }: SentAnswer): string | null {
  if (typeof body === 'string') return /^\s*(?:error|fail)/i.test(body) ? shown(body) : null;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  for (const [name, value] of Object.entries(body)) {
    // Some APIs echo the row that they received; its fields say nothing about the outcome.
    if (rows.some((row) => Object.hasOwn(row, name))) continue;
    if (isComplaint(name, value)) return `"${name}" is ${shown(value)}`;
  }
  return null;
}

function isComplaint(name: string, value: unknown): boolean {
  const plain = name.toLowerCase().replaceAll(/[_-]/g, '');
  if (complaints.has(plain)) return !isNothing(value);
  if (confirmations.has(plain)) return value === false;
  return plain === 'status' && typeof value === 'string' && badStatus.test(value);
}

function isNothing(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return !value || /^(?:0|none|null|false|no|ok)$/i.test(String(value));
}

function ofParts({ headers, rows }: SentAnswer, parts: readonly PartFailure[]): string {
  const [first] = parts;
  const of = `${parts.length} of ${rows.length} rows were not taken; the first is part ${first?.number}: ${shown(first?.value)}`;
  if (!parts.every(({ mayPass }) => mayPass)) return of;
  const rest = wantedRest(headers, Date.now());
  throw new RetryableError(of, rest === null ? {} : { retryAfter: rest });
}

/** Enough of an answer to see what it is about. */
const mostShown = 200;

function shown(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : writeJson(value);
  return text.length > mostShown ? `${text.slice(0, mostShown)}...` : text;
}
