import type { Readable } from 'node:stream';
import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { PlatformError } from '../../contract/errors.ts';
import { abortable } from '../abortable.ts';
import { faultName, faultStatus } from './aws-faults.ts';
import { s3Fault } from './s3-fault.ts';

/** The number of times in a row that a body may break off before its first byte. The SDK retries only until the first byte. */
const fruitlessTries = 5;

/** Names an object of S3. */
export interface S3Location {
  readonly Bucket: string;
  readonly Key: string;
}

/** A byte range of an object. With an etag, the object must still have that version. */
export interface Extent {
  readonly start: number;
  /** Exclusive. The default is the object's end. */
  readonly end?: number;
  readonly etag?: string;
  readonly signal?: AbortSignal;
}

export interface S3Content {
  readonly etag: string;
  /** Bytes of the whole object. */
  readonly total: number;
  /** The bytes of the extent. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Streams an object's bytes, or returns null if it does not exist. After a broken connection it resumes at the same byte of the same object. */
export async function readS3Object(
  client: S3Client,
  location: S3Location,
  extent: Extent = { start: 0 },
): Promise<S3Content | null> {
  try {
    const answer = await request(client, location, extent);
    const etag = answer.ETag ?? '';
    const total = Number(/\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1] ?? answer.ContentLength ?? 0);
    return { etag, total, body: bodyOf(client, location, { extent: { ...extent, etag }, total, first: answer }) };
  } catch (error) {
    // Only NoSuchKey counts, not every 404: a missing bucket is a mistake, not an absent object. With an etag, the object was deleted during the read.
    if (faultName(error) === 'NoSuchKey' && extent.etag === undefined) return null;
    // An empty object has no first byte, so S3 rejects the range.
    if (faultStatus(error) === 416 && extent.start === 0) return { etag: '', total: 0, body: nothing() };
    throw readFault(error, location, extent.signal);
  }
}

/** Sends one request for an extent. */
const request = (client: S3Client, location: S3Location, { start, end, etag, signal }: Extent) => {
  const ranged = start > 0 || end !== undefined;
  const command = new GetObjectCommand({
    ...location,
    ...(ranged && { Range: `bytes=${start}-${end === undefined ? '' : end - 1}` }),
    ...(etag !== undefined && { IfMatch: etag }),
  });
  return abortable(client.send(command, signal && { abortSignal: signal }), signal);
};

interface Answered {
  readonly extent: Extent;
  readonly total: number;
  readonly first: GetObjectCommandOutput;
}

async function* bodyOf(
  client: S3Client,
  location: S3Location,
  { extent, total, first }: Answered,
): AsyncIterable<Uint8Array> {
  const end = Math.min(extent.end ?? total, total);
  let start = extent.start;
  let fruitless = 0;
  for (let answer = first; ; answer = await again(client, location, { ...extent, start })) {
    let fault: unknown = new Error(`the connection ended ${end - start} bytes too early`);
    try {
      for await (const chunk of until(extent.signal, answer.Body as Readable)) {
        start += chunk.length;
        if (chunk.length > 0) fruitless = 0;
        yield chunk;
      }
      if (start === end) return;
      if (start > end) fault = new Error(`${start - end} bytes more came than were asked for`);
    } catch (error) {
      fault = error;
    }
    fruitless += 1;
    if (fruitless >= fruitlessTries || start > end || extent.signal?.aborted) {
      throw readFault(fault, location, extent.signal);
    }
  }
}

async function* nothing(): AsyncIterable<Uint8Array> {}

/** Yields the stream until the signal fires. */
async function* until(signal: AbortSignal | undefined, stream: Readable): AsyncIterable<Uint8Array> {
  const stop = (): void => void stream.destroy(signal?.reason);
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

const again = (client: S3Client, location: S3Location, extent: Extent): Promise<GetObjectCommandOutput> =>
  request(client, location, extent).catch((error: unknown) => {
    throw readFault(error, location, extent.signal);
  });

const readFault = (error: unknown, location: S3Location, signal: AbortSignal | undefined): unknown => {
  if (signal?.aborted) return signal.reason;
  const url = `s3://${location.Bucket}/${location.Key}`;
  return faultName(error) === 'PreconditionFailed'
    ? new PlatformError(`cannot read ${url}: it was replaced while it was being read`, { cause: error })
    : s3Fault(error, 'cannot read', url);
};
