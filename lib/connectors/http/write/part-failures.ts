import type { SentAnswer } from './http-target.ts';

/** A part of an answer that refuses a row. */
export interface PartFailure {
  /** From 1. */
  readonly number: number;
  readonly value: unknown;
  /** True if another attempt may succeed. */
  readonly mayPass: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** Fields in which APIs answer the parts of a request. */
const lists = ['items', 'results', 'responses', 'records', 'rows', 'requestresponses', 'operations', 'data'];

const statusNames = ['status', 'statusCode', 'status_code', 'httpStatus', 'http_status', 'httpStatusCode', 'code'];

/** Statuses after which another attempt may help. */
const passing = new Set([408, 425, 429]);

/** The parts of an answer with a status of 400 and above, or with an error and no status. */
export function failedParts({ body, rows }: SentAnswer): PartFailure[] {
  return partsOf(body).flatMap((part, index) => {
    const row = rows[index] ?? {};
    // Some APIs echo the row that they received; its fields say nothing about the outcome.
    const isOwn = (name: string) => !Object.hasOwn(row, name);
    const status = statusOf(part, isOwn);
    const failed = status === null ? hasError(part, isOwn) : status >= 400;
    const mayPass = status !== null && (status >= 500 || passing.has(status));
    return failed ? [{ number: index + 1, value: part, mayPass }] : [];
  });
}

/** True if an answer has parts with a status. */
export function hasParts(body: unknown): boolean {
  return partsOf(body).some((part) => statusOf(part, () => true) !== null);
}

function partsOf(body: unknown): readonly unknown[] {
  if (typeof body === 'string') return multistatus(body);
  if (Array.isArray(body)) return body;
  if (!isFields(body)) return [];
  for (const [name, value] of Object.entries(body))
    if (lists.includes(name.toLowerCase()) && Array.isArray(value)) return value;
  return [];
}

/** The statuses in the XML of WebDAV. */
function multistatus(text: string): readonly Fields[] {
  return [...text.matchAll(/HTTP\/\d(?:\.\d)? ([1-5]\d\d)/g)].map(([, status]) => ({ status: Number(status) }));
}

/** The status of a part: its field, or that of the only object in it (`{"index": {"status": 409}}`). */
function statusOf(part: unknown, isOwn: (name: string) => boolean): number | null {
  if (!isFields(part)) return null;
  for (const name of statusNames) {
    if (!Object.hasOwn(part, name) || !isOwn(name)) continue;
    const status = Number(part[name]);
    if (Number.isInteger(status) && status >= 100 && status < 600) return status;
  }
  const [only, ...others] = Object.values(part);
  return others.length === 0 ? statusOf(only, isOwn) : null;
}

function hasError(part: unknown, isOwn: (name: string) => boolean): boolean {
  if (!isFields(part)) return false;
  const { error, errors, success } = part;
  const isError = (value: unknown) =>
    isFields(value) ? Object.keys(value).length > 0 : Array.isArray(value) ? value.length > 0 : Boolean(value);
  return (
    (isOwn('error') && isError(error)) ||
    (isOwn('errors') && isError(errors)) ||
    (isOwn('success') && success === false)
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
