import { createHash } from 'node:crypto';

/** Returns the etag of Daybreak's own stores: SHA-256 of the content in hex, so equal content has an equal etag. */
export function contentEtag(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Returns the bytes of a small object's body. */
export function bytesOf(body: Uint8Array | string): Uint8Array {
  return typeof body === 'string' ? new TextEncoder().encode(body) : body;
}
