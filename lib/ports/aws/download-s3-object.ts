import { open } from 'node:fs/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { namedWhenWhole } from '../named-when-whole.ts';
import { inParts, partBytes } from './in-parts.ts';
import { readS3Object, type S3Content, type S3Location } from './read-s3-object.ts';
import { writeChunks } from './write-chunks.ts';

/** Makes a file from an object by ranges of 8 MB, four at once, all of one version; false if the object does not exist. */
export async function downloadS3Object(
  client: S3Client,
  location: S3Location,
  { file, signal }: { readonly file: string; readonly signal: AbortSignal | undefined },
): Promise<boolean> {
  const stop = new AbortController();
  const stopped = AbortSignal.any(signal ? [signal, stop.signal] : [stop.signal]);
  try {
    // The first answer gives the object's size and etag.
    const first = await readS3Object(client, location, { start: 0, end: partBytes, signal: stopped });
    if (first === null) return false;
    await namedWhenWhole(file, (partial) => fill(client, location, { file: partial, first, stop, signal: stopped }));
    return true;
  } finally {
    // After any failure, no connection may continue with the first range.
    stop.abort();
  }
}

interface Begun {
  readonly file: string;
  readonly first: S3Content;
  /** Ends the first range, which began before the others. */
  readonly stop: AbortController;
  readonly signal: AbortSignal;
}

const fill = async (client: S3Client, location: S3Location, { file, first, stop, signal }: Begun): Promise<void> => {
  const { etag, total } = first;
  const handle = await open(file, 'wx');
  try {
    const fetch = async (part: number, stopped: AbortSignal): Promise<void> => {
      const start = part * partBytes;
      const extent = { start, end: Math.min(start + partBytes, total), etag, signal: stopped };
      if (part === 0) stopped.addEventListener('abort', () => stop.abort(stopped.reason), { once: true });
      const content = part === 0 ? first : await readS3Object(client, location, extent);
      if (content) await writeChunks(handle, content.body, start);
    };
    await inParts(Math.max(1, Math.ceil(total / partBytes)), fetch, signal);
  } finally {
    await handle.close();
  }
};
