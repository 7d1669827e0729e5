import { PermanentError } from '../contract/errors.ts';

/** The top folder that a folder store reserves for itself; no key begins with it. */
export const reservedSegment = '.store';

/** S3 allows 1,024 bytes per key; file systems allow 255 bytes per segment. Every store enforces both limits, so that a key that works offline works on AWS. */
const maxKeyBytes = 1024;
const maxSegmentBytes = 255;

const faultOf = (key: string): string | null => {
  if (key === '') return 'it is empty';
  if (!key.isWellFormed()) return 'it holds half a surrogate pair, which has no UTF-8 form';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f\\]/.test(key)) return 'it holds a backslash or a control character';
  const bytes = Buffer.byteLength(key);
  if (bytes > maxKeyBytes) return `it is ${bytes} bytes long; ${maxKeyBytes} are allowed`;
  const segments = key.split('/');
  if (segments[0] === reservedSegment) return `"${reservedSegment}" is the store's own folder`;
  for (const segment of segments) {
    if (segment === '') return 'it has an empty segment (a leading, trailing or double "/")';
    if (segment === '.' || segment === '..') return `it has the segment "${segment}"`;
    const length = Buffer.byteLength(segment);
    if (length > maxSegmentBytes) return `a segment is ${length} bytes long; ${maxSegmentBytes} are allowed`;
  }
  return null;
};

const shown = (key: string): string => JSON.stringify(key.length > 100 ? `${key.slice(0, 100)}...` : key);

/** Throws a PermanentError that names the fault of a key, unless every store can hold it. */
export function checkKey(key: string): void {
  const fault = faultOf(key);
  if (fault !== null) throw new PermanentError(`the store cannot hold the key ${shown(key)}: ${fault}`);
}

/** Throws a PermanentError unless a valid key can begin with this prefix. The prefix may be empty or end anywhere in a segment. */
export function checkPrefix(prefix: string): void {
  // The rest of the key is unknown, so the check adds a letter to an unfinished last segment.
  const fault = faultOf(`${prefix}x`);
  if (fault !== null) throw new PermanentError(`no key can begin with ${shown(prefix)}: ${fault}`);
}

/** Compares keys in the order of a listing: by UTF-8 bytes, as S3 sorts them. */
export function byUtf8(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
