import { readExactJson } from '../../../exact/read-json.ts';
import { badText, complaintIn, type Fields, isFields, mayPass, statusNumber } from '../complaint.ts';
import type { SentAnswer } from './http-target.ts';

/** A part of an answer that refuses a row. */
export interface PartFailure {
  /** From 1. */
  readonly number: number;
  readonly value: unknown;
  /** True if another attempt may succeed. */
  readonly mayPass: boolean;
}

/** Fields in which APIs answer the parts of a request, and those that wrap the whole answer. */
const lists = ['items', 'results', 'responses', 'records', 'rows', 'requestresponses', 'operations', 'data'];
const wrappers = ['data', 'response', 'result', 'body', 'payload'];

const statusNames = ['status', 'statusCode', 'status_code', 'httpStatus', 'http_status', 'httpStatusCode', 'code'];

/** The parts of an answer with a status of 400 and above, or with a complaint and no status. */
export function failedParts({ body, rows }: SentAnswer): PartFailure[] {
  return partsOf(body).flatMap((value, index): PartFailure[] => {
    const row = rows[index] ?? {};
    const number = index + 1;
    if (typeof value === 'string') return badText.test(value) ? [{ number, value, mayPass: false }] : [];
    if (!isFields(value)) return [];
    // Some APIs echo the row that they received; its fields say nothing about the outcome.
    const isOwn = (name: string) => !Object.hasOwn(row, name);
    const status = statusOf(value, isOwn);
    if (status !== null) return status >= 400 ? [{ number, value, mayPass: mayPass(status) }] : [];
    const complaint = complaintIn(value, isOwn);
    return complaint === null ? [] : [{ number, value, mayPass: complaint.mayPass }];
  });
}

/** The number of an answer's parts that have a status. */
export function statedParts(body: unknown): number {
  return partsOf(body).filter((part) => statusOf(part, () => true) !== null).length;
}

function partsOf(body: unknown): readonly unknown[] {
  if (typeof body === 'string') return jsonLines(body) ?? multistatus(body);
  if (Array.isArray(body)) return body;
  if (!isFields(body)) return [];
  for (const [name, value] of Object.entries(body))
    if (lists.includes(name.toLowerCase()) && Array.isArray(value)) return value;
  const inner = Object.entries(body).find(([name, value]) => wrappers.includes(name.toLowerCase()) && isFields(value));
  return inner === undefined ? [] : partsOf(inner[1]);
}

/** The objects of a text with one per line; null if a line is none. */
function jsonLines(text: string): readonly Fields[] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  try {
    const values: unknown[] = lines.map(readExactJson);
    return values.every(isFields) ? values : null;
  } catch {
    return null;
  }
}

/** The statuses in the XML of WebDAV. */
function multistatus(text: string): readonly Fields[] {
  return [...text.matchAll(/HTTP\/\d(?:\.\d)? ([1-5]\d\d)/g)].map(([, status]) => ({ status: Number(status) }));
}

/** The status of a part: its field, or that of the only object in it (`{"index": {"status": 409}}`). */
function statusOf(part: unknown, isOwn: (name: string) => boolean): number | null {
  if (!isFields(part)) return null;
  for (const name of statusNames) {
    const status = Object.hasOwn(part, name) && isOwn(name) ? statusNumber(part[name]) : null;
    if (status !== null) return status;
  }
  const [only, ...others] = Object.values(part);
  return others.length === 0 ? statusOf(only, isOwn) : null;
}
