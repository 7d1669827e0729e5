import { createHash } from 'node:crypto';

/** The etag that stores of ours give: SHA-256 of the content in hex, so equal content has an equal etag. */
export const contentEtag = (body: Uint8Array): string => createHash('sha256').update(body).digest('hex');

/** The bytes of a small object's body. */
export const bytesOf = (body: Uint8Array | string): Uint8Array =>
  typeof body === 'string' ? new TextEncoder().encode(body) : body;
