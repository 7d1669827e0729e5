import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { PlatformError } from '../contract/errors.ts';
import { faultName } from './aws-faults.ts';
import { s3Fault } from './s3-fault.ts';

/** How often a body may break off without having given a single byte. The SDK retries only until the first byte. */
const fruitlessTries = 5;

interface Place {
  readonly Bucket: string;
  readonly Key: string;
}

/** An object's etag with its bytes as they come, or null when there is none. A connection that breaks is taken up again at the same byte of the same object. */
export const readS3Object = async (
  client: S3Client,
  place: Place,
): Promise<{ readonly etag: string; readonly body: AsyncIterable<Uint8Array> } | null> => {
  try {
    const answer = await client.send(new GetObjectCommand(place));
    return { etag: answer.ETag ?? '', body: wholeBody(client, place, answer) };
  } catch (error) {
    // Not any 404: a missing bucket is a mistake, not an absent object.
    if (faultName(error) === 'NoSuchKey') return null;
    throw s3Fault(error, 'cannot read', `s3://${place.Bucket}/${place.Key}`);
  }
};

async function* wholeBody(client: S3Client, place: Place, first: GetObjectCommandOutput): AsyncIterable<Uint8Array> {
  const total = first.ContentLength ?? 0;
  let offset = 0;
  let fruitless = 0;
  for (let answer = first; ; answer = await resume(client, place, { offset, etag: first.ETag ?? '' })) {
    let fault: unknown = new Error(`the connection ended after ${offset} of ${total} bytes`);
    try {
      for await (const chunk of answer.Body as AsyncIterable<Uint8Array>) {
        offset += chunk.length;
        if (chunk.length > 0) fruitless = 0;
        yield chunk;
      }
      if (offset >= total) return;
    } catch (error) {
      fault = error;
    }
    fruitless += 1;
    if (fruitless >= fruitlessTries) throw s3Fault(fault, 'cannot read', `s3://${place.Bucket}/${place.Key}`);
  }
}

const resume = async (
  client: S3Client,
  place: Place,
  from: { readonly offset: number; readonly etag: string },
): Promise<GetObjectCommandOutput> => {
  try {
    return await client.send(new GetObjectCommand({ ...place, Range: `bytes=${from.offset}-`, IfMatch: from.etag }));
  } catch (error) {
    const url = `s3://${place.Bucket}/${place.Key}`;
    if (faultName(error) === 'PreconditionFailed') {
      throw new PlatformError(`cannot read ${url}: it was replaced while it was being read`, { cause: error });
    }
    throw s3Fault(error, 'cannot read', url);
  }
};
