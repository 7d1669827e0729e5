import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { byUtf8 } from '../../../lib/ports/object-key.ts';

interface Item {
  readonly body: Buffer;
  readonly etag: string;
  readonly metadata: Record<string, string>;
}

/** An error as the SDK throws it for an answer of S3. */
export function s3Error(name: string, status: number): Error {
  return Object.assign(new Error(`${name} from S3`), { name, $metadata: { httpStatusCode: status } });
}

/** The behaviour of S3 that S3ObjectStore relies on, behind a mocked client. `uploads` holds the multipart uploads that are neither completed nor aborted. */
export function s3InMemory() {
  const client = new S3Client({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } });
  const mock = mockClient(client);
  const items = new Map<string, Item>();
  const uploads = new Map<string, { metadata: Record<string, string>; parts: Map<number, Buffer> }>();

  const store = (key: string, body: Buffer, metadata: Record<string, string>) => {
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    items.set(key, { body, etag, metadata });
    return { ETag: etag };
  };
  const find = (key: string, missing: string): Item => {
    const item = items.get(key);
    if (item === undefined) throw s3Error(missing, 404);
    return item;
  };
  const upload = (id: string) => {
    const found = uploads.get(id);
    if (found === undefined) throw s3Error('NoSuchUpload', 404);
    return found;
  };

  mock.on(PutObjectCommand).callsFake(async ({ Key, Body, IfNoneMatch, IfMatch, Metadata }) => {
    // Lets concurrent requests arrive before the decision, which is then one step.
    await new Promise(setImmediate);
    const existing = items.get(Key);
    if (IfNoneMatch === '*' && existing !== undefined) throw s3Error('PreconditionFailed', 412);
    if (IfMatch !== undefined && existing === undefined) throw s3Error('NoSuchKey', 404);
    if (IfMatch !== undefined && existing?.etag !== IfMatch) throw s3Error('PreconditionFailed', 412);
    return store(Key, Buffer.from(Body), Metadata);
  });
  mock.on(GetObjectCommand).callsFake(async ({ Key, Range, IfMatch }) => {
    const item = find(Key, 'NoSuchKey');
    if (IfMatch !== undefined && IfMatch !== item.etag) throw s3Error('PreconditionFailed', 412);
    const total = item.body.length;
    const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(Range ?? '') ?? [];
    const start = Number(first);
    if (Range !== undefined && start >= total) throw s3Error('InvalidRange', 416);
    const end = Math.min(last === '' ? total : Number(last) + 1, total);
    const body = item.body.subarray(start, end);
    const answer = { Body: Readable.from(body.length > 0 ? [body] : []), ETag: item.etag, ContentLength: body.length };
    return Range === undefined ? answer : { ...answer, ContentRange: `bytes ${start}-${end - 1}/${total}` };
  });
  mock.on(HeadObjectCommand).callsFake(async ({ Key }) => {
    const { etag, metadata } = find(Key, 'NotFound');
    return { ETag: etag, Metadata: metadata };
  });
  mock.on(DeleteObjectCommand).callsFake(async ({ Key }) => {
    items.delete(Key);
    return {};
  });
  mock.on(ListObjectsV2Command).callsFake(async ({ Prefix, ContinuationToken = '' }) => {
    const keys = [...items.keys()].filter((key) => key.startsWith(Prefix)).sort(byUtf8);
    const after = keys.filter((key) => byUtf8(key, ContinuationToken) > 0);
    const page = after.slice(0, 1000);
    const more = after.length > page.length;
    const Contents = page.map((Key) => ({ Key, Size: items.get(Key)?.body.length }));
    return { Contents, IsTruncated: more, ...(more && { NextContinuationToken: page.at(-1) }) };
  });
  mock.on(CreateMultipartUploadCommand).callsFake(async ({ Metadata }) => {
    const UploadId = `upload-${uploads.size + 1}`;
    uploads.set(UploadId, { metadata: Metadata, parts: new Map() });
    return { UploadId };
  });
  mock.on(UploadPartCommand).callsFake(async ({ UploadId, PartNumber, Body }) => {
    upload(UploadId).parts.set(PartNumber, Buffer.from(Body));
    return { ETag: `"part-${PartNumber}"` };
  });
  mock.on(CompleteMultipartUploadCommand).callsFake(async ({ Key, UploadId }) => {
    const { parts, metadata } = upload(UploadId);
    uploads.delete(UploadId);
    const numbers = [...parts.keys()].sort((left, right) => left - right);
    return store(Key, Buffer.concat(numbers.map((number) => parts.get(number) ?? Buffer.alloc(0))), metadata);
  });
  mock.on(AbortMultipartUploadCommand).callsFake(async ({ UploadId }) => {
    uploads.delete(UploadId);
    return {};
  });
  return { client, mock, items, uploads };
}
