import { createHash } from 'node:crypto';

/** The namespace of Daybreak's ids: a UUID made for it, which must never change. */
const namespace = Buffer.from('6f0d7c5e2b9c4d0f8a4e1d3b7c9a5e21', 'hex');

/** A UUID of version 5 (RFC 9562): the same parts give the same id, on every machine and in every report. */
export function runUuid(...parts: readonly (string | number)[]): string {
  const digest = createHash('sha1').update(namespace).update(JSON.stringify(parts)).digest().subarray(0, 16);
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
