import { RetryableError } from '../../../contract/errors.ts';
import { wantedRest } from '../../../runtime/fetch/wanted-rest.ts';
import { badText, type Complaint, complaintIn, isFields, shown } from '../complaint.ts';
import type { SentAnswer } from './http-target.ts';
import { failedParts, type PartFailure, statedParts } from './part-failures.ts';
import { tooFewTaken } from './too-few-taken.ts';

/**
 * The reason why an answer of 200 to 299 means that rows were not taken; null if it does not.
 * It knows complaints in the JSON and in the objects inside it (`errors: true`, `error: {...}`, `failed: 2`, `success: false`, `status: "error"`, `code: 400`).
 * It knows parts that failed (207, `items` of a bulk request, lines of JSON) and counts of fewer rows than were sent (`inserted: 1`).
 * It knows XML with an error or fault, and texts that begin with "error".
 * A 207 that leaves parts without a status is a refusal, since it does not say what was taken. If another attempt may succeed (429, 5xx), it throws a RetryableError.
 */
export function refusalIn(answer: SentAnswer): string | null {
  const parts = failedParts(answer);
  const complaint = parts.length > 0 ? ofParts(answer, parts) : complaintOf(answer);
  if (complaint === null) return null;
  if (!complaint.mayPass) return complaint.text;
  const rest = wantedRest(answer.headers, Date.now());
  throw new RetryableError(complaint.text, rest === null ? {} : { retryAfter: rest });
}

function ofParts({ rows }: SentAnswer, parts: readonly PartFailure[]): Complaint {
  const [first] = parts;
  const text = `${parts.length} of ${rows.length} rows were not taken; the first is part ${first?.number}: ${shown(first?.value)}`;
  return { text, mayPass: parts.every(({ mayPass }) => mayPass) };
}

function complaintOf(answer: SentAnswer): Complaint | null {
  const { status, body, rows } = answer;
  // Some APIs echo the row that they received; its fields say nothing about the outcome.
  const isOwn = (name: string) => !rows.some((row) => Object.hasOwn(row, name));
  const found = isFields(body) ? complaintIn(body, isOwn) : null;
  if (found !== null) return found;
  const text = status === 207 ? openParts(answer) : (plainRefusal(answer) ?? tooFewTaken(answer));
  return text === null ? null : { text, mayPass: false };
}

const xmlRefusal = /<(?:[\w-]+:)?(?:error|errors|fault|exception)\b[^>/]*>/i;

function plainRefusal({ status, body }: SentAnswer): string | null {
  if (status === 206) return 'a 206 is a part of an answer';
  if (body === false) return 'it is false';
  return typeof body === 'string' && (badText.test(body) || xmlRefusal.test(body)) ? shown(body) : null;
}

/** A 207 answers each part for itself. */
function openParts({ body, rows }: SentAnswer): string | null {
  const count = statedParts(body);
  if (count === 0)
    return 'a 207 answers each part for itself, and no part has a status; give `judge`, a function that reads the answer';
  return Array.isArray(body) && count < rows.length
    ? `a 207 answers each part for itself, and only ${count} of ${rows.length} rows have a status; give \`judge\`, a function that reads the answer`
    : null;
}
