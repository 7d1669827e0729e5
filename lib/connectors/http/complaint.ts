import { masksValues } from '../../exact/quoted-value.ts';
import { writeJson } from '../../exact/write-json.ts';

/** The reason why an answer is a refusal. */
export interface Complaint {
  readonly text: string;
  /** True if another attempt may succeed. */
  readonly mayPass: boolean;
}

export type Fields = Readonly<Record<string, unknown>>;

/** Words in a field's name that report a refusal, unless the value is empty, zero or false. */
const bad = words(
  'error errors err fail failed failure failures fault faults exception exceptions problem problems invalid rejected unprocessed dropped',
);

/** The same words where a name runs them together; without `_`, `-` and capitals. */
const badNames = words(
  'haserrors haserror iserror errcode errmsg errno errorcode errormessage errorcount errorscount numerrors inserterrors usererrors failcount failedcount failurecount failedrecordcount failedputcount rejectedcount unprocesseditems partialfailureerror',
);

/** Words beside them that make the field a setting or a measure. */
const harmless = words('max allowed ignore ignored no on rate limit threshold without level');

/** Fields that report a refusal if they are false. */
const confirmations = words('success successful succeeded ok acknowledged accepted valid');

/** Fields whose text or number says how a request ended. */
const outcomes = words('status result state outcome');
const statuses = words('status statuscode httpstatus httpstatuscode responsecode code');

/** Texts of an outcome that report a refusal. */
const badOutcome =
  /^(?:errors?|fail(?:ed|ure)?|partial(?:ly)?(?:[_ -]?(?:success|failure|failed|succeeded|accepted|completed))?|rejected|invalid|denied|unauthori[sz]ed|forbidden|aborted|exception|not[_ -]?(?:ok|accepted)|nok|ko|bad[_ -]?request)$/i;

/** Beginnings of texts that report a refusal. */
export const badText =
  /^\s*(?:error|fail|invalid|exception|rejected|denied|access denied|unauthori[sz]ed|forbidden|not ok|bad request)/i;

const nothing = /^(?:0+|none|null|false|no|ok|success(?:ful)?|no errors?)$/i;

/** Answers wrap their result in so many objects: `{"data": {"productCreate": {"userErrors": [...]}}}`. */
const deepest = 3;

/** Returns the first complaint in the fields of an answer and of the objects inside them. `isOwn` is false for fields that say nothing about the outcome. */
export function complaintIn(fields: Fields, isOwn: (name: string) => boolean, depth = 0): Complaint | null {
  for (const [name, value] of Object.entries(fields)) {
    if (!isOwn(name)) continue;
    if (isComplaint(name, value)) return { text: `"${name}" is ${shown(value)}`, mayPass: mayPass(value) };
    const inner = isFields(value) && depth < deepest ? complaintIn(value, isOwn, depth + 1) : null;
    if (inner !== null) return inner;
  }
  return null;
}

/** True for a status after which another attempt may help. */
export function mayPass(status: unknown): boolean {
  const number = statusNumber(status);
  return number !== null && (number >= 500 || [408, 425, 429].includes(number));
}

/** The HTTP status in a value; null if it is none. */
export function statusNumber(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return Number.isInteger(number) && (number as number) >= 100 && (number as number) < 600 ? (number as number) : null;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Enough of an answer to see what it is about. */
const mostShown = 200;

export function shown(value: unknown): string {
  if (masksValues()) return 'masked';
  const text = typeof value === 'string' ? JSON.stringify(value) : writeJson(value);
  return text.length > mostShown ? `${text.slice(0, mostShown)}...` : text;
}

function isComplaint(name: string, value: unknown): boolean {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  if (isBadName(name, plain)) return !isNothing(value);
  if (confirmations.has(plain.replace(/^(?:is|was)/, ''))) return /^(?:false|no|0)$/i.test(String(value));
  if (statuses.has(plain) && (statusNumber(value) ?? 0) >= 400) return true;
  return outcomes.has(plain) && typeof value === 'string' && badOutcome.test(value);
}

function isBadName(name: string, plain: string): boolean {
  if (badNames.has(plain)) return true;
  const parts = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return parts.some((part) => bad.has(part)) && !parts.some((part) => harmless.has(part));
}

function isNothing(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return !value || nothing.test(String(value));
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
