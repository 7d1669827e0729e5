import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { PermanentError, PlatformError } from '../../contract/errors.ts';
import { bytesOf } from '../content-etag.ts';
import { fromErrno } from '../errno.ts';
import { checkKey, checkPrefix } from '../object-key.ts';
import type {
  Clock,
  ConditionalWrite,
  ObjectStore,
  PutOptions,
  StoredObject,
  TransferOptions,
  UploadOptions,
} from '../ports.ts';
import { SystemClock } from '../system-clock.ts';
import { WatchedBody } from '../watched-body.ts';
import { awsFault, faultName, faultStatus } from './aws-faults.ts';
import { downloadS3Object } from './download-s3-object.ts';
import { partBytes } from './in-parts.ts';
import { readS3Object } from './read-s3-object.ts';
import { s3Fault } from './s3-fault.ts';
import { uploadS3Object } from './upload-s3-object.ts';

/** User metadata that identifies the writer of an object: one id per call, kept over its retries. */
const writerKey = 'daybreak-writer';

/** S3 answers 409 while it processes another conditional write to the same key; that takes milliseconds. */
const conflictTries = 10;

export interface S3ObjectStoreOptions {
  /** Sleeps between the tries of a conflicting write. */
  readonly clock?: Clock;
}

/**
 * An ObjectStore in an S3 bucket. The client retries transient faults (throttling, 5xx, timeouts, broken connections). This class handles the cases that the
 * SDK cannot know: conflicts of conditional writes, a retry that meets its own first try, and a body that breaks off half-way.
 */
export class S3ObjectStore implements ObjectStore {
  readonly url: string;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #clock: Clock;

  constructor(client: S3Client, bucket: string, options: S3ObjectStoreOptions = {}) {
    this.#client = client;
    this.#bucket = bucket;
    this.#clock = options.clock ?? new SystemClock();
    this.url = `s3://${bucket}`;
  }

  async get(key: string): Promise<StoredObject | null> {
    checkKey(key);
    const found = await readS3Object(this.#client, { Bucket: this.#bucket, Key: key });
    if (found === null) return null;
    const chunks: Uint8Array[] = [];
    for await (const chunk of found.body) chunks.push(chunk);
    return { body: new Uint8Array(Buffer.concat(chunks)), etag: found.etag };
  }

  async read(key: string): Promise<AsyncIterable<Uint8Array> | null> {
    checkKey(key);
    return (await readS3Object(this.#client, { Bucket: this.#bucket, Key: key }))?.body ?? null;
  }

  async put(key: string, body: Uint8Array | string, options: PutOptions = {}): Promise<ConditionalWrite> {
    checkKey(key);
    const writer = randomUUID();
    const command = new PutObjectCommand({
      ...this.#target(key, writer, options.contentType),
      Body: bytesOf(body),
      ...(options.ifNoneMatch !== undefined && { IfNoneMatch: options.ifNoneMatch }),
      ...(options.ifMatch !== undefined && { IfMatch: options.ifMatch }),
    });
    for (let tries = 1; ; tries += 1) {
      try {
        const { ETag: etag = '' } = await this.#client.send(command);
        return { written: true, etag };
      } catch (error) {
        if (faultName(error) === 'ConditionalRequestConflict' && tries < conflictTries) {
          await this.#clock.sleep(Math.random() * Math.min(1000, 25 * 2 ** tries));
        } else if (faultStatus(error) === 412) {
          // The SDK may have sent the request twice. If S3 wrote the first one and its answer was lost, the second one meets its own object.
          const etag = await this.#etagOfOwn(key, writer);
          return etag === null ? { written: false } : { written: true, etag };
        } else if (faultName(error) === 'NoSuchKey' && options.ifMatch !== undefined) {
          return { written: false };
        } else {
          throw s3Fault(error, 'cannot write', `${this.url}/${key}`);
        }
      }
    }
  }

  async write(
    key: string,
    body: AsyncIterable<Uint8Array>,
    options: { readonly contentType?: string } = {},
  ): Promise<void> {
    checkKey(key);
    const writer = randomUUID();
    const watched = new WatchedBody(body);
    const stream = Readable.from(watched, { highWaterMark: 1 });
    const params = { ...this.#target(key, writer, options.contentType), Body: stream };
    try {
      // Upload aborts the multipart upload itself when a part or the stream fails. Two parts are in transit while the next one fills, so memory holds up to
      // three.
      await new Upload({ client: this.#client, params, partSize: partBytes, queueSize: 2 }).done();
    } catch (error) {
      watched.rethrow();
      // If the first try of CompleteMultipartUpload worked, a retry no longer finds the upload.
      if (faultName(error) === 'NoSuchUpload' && (await this.#etagOfOwn(key, writer)) !== null) return;
      throw s3Fault(error, 'cannot write', `${this.url}/${key}`);
    } finally {
      stream.destroy();
    }
  }

  async upload(key: string, file: string, { contentType, signal }: UploadOptions = {}): Promise<void> {
    checkKey(key);
    signal?.throwIfAborted();
    const writer = randomUUID();
    try {
      await uploadS3Object(this.#client, this.#target(key, writer, contentType), { file, signal });
    } catch (error) {
      signal?.throwIfAborted();
      // As in write().
      if (faultName(error) === 'NoSuchUpload' && (await this.#etagOfOwn(key, writer)) !== null) return;
      throw this.#transferFault(error, 'cannot write', key);
    }
  }

  async download(key: string, file: string, { signal }: TransferOptions = {}): Promise<boolean> {
    checkKey(key);
    signal?.throwIfAborted();
    const place = { Bucket: this.#bucket, Key: key };
    try {
      return await downloadS3Object(this.#client, place, { file, signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#transferFault(error, 'cannot read', key);
    }
  }

  async *list(prefix: string): AsyncIterable<{ readonly key: string; readonly bytes: number }> {
    checkPrefix(prefix);
    try {
      for await (const page of paginateListObjectsV2(
        { client: this.#client },
        { Bucket: this.#bucket, Prefix: prefix },
      )) {
        for (const { Key: key = '', Size: bytes = 0 } of page.Contents ?? []) {
          // The S3 console marks a folder with an object of that name.
          if (!key.endsWith('/')) yield { key, bytes };
        }
      }
    } catch (error) {
      throw awsFault(error, `cannot list ${this.url}/${prefix}`);
    }
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    try {
      await this.#client.send(new DeleteObjectCommand({ Bucket: this.#bucket, Key: key }));
    } catch (error) {
      throw s3Fault(error, 'cannot delete', `${this.url}/${key}`);
    }
  }

  /** Converts a fault of the store, or of the local file, into the error for callers. */
  #transferFault(error: unknown, doing: 'cannot read' | 'cannot write', key: string): unknown {
    if (error instanceof PlatformError || error instanceof PermanentError) return error;
    const local = fromErrno(error, `${doing} ${this.url}/${key}`);
    return local === error ? s3Fault(error, doing, `${this.url}/${key}`) : local;
  }

  #target(key: string, writer: string, contentType: string | undefined) {
    const type = contentType !== undefined && { ContentType: contentType };
    return { Bucket: this.#bucket, Key: key, Metadata: { [writerKey]: writer }, ...type };
  }

  /** Returns the object's etag if this writer wrote it, otherwise null. */
  async #etagOfOwn(key: string, writer: string): Promise<string | null> {
    try {
      const head = await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: key }));
      return head.Metadata?.[writerKey] === writer ? (head.ETag ?? '') : null;
    } catch (error) {
      if (faultStatus(error) === 404) return null;
      throw s3Fault(error, 'cannot read', `${this.url}/${key}`);
    }
  }
}
