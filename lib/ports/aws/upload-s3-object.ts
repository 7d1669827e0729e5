import { type FileHandle, open } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { PermanentError } from '../../contract/errors.ts';
import { abortable } from '../abortable.ts';
import { inParts, partBytes } from './in-parts.ts';
import type { S3Location } from './read-s3-object.ts';

/** S3's limit of parts; beyond 80 GB parts become larger. */
const mostParts = 10_000;

/** The target of an upload, with metadata and type. */
export type Target = S3Location & Pick<CreateMultipartUploadCommandInput, 'Metadata' | 'ContentType'>;

export interface FileToUpload {
  readonly file: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes an object from a file: up to 8 MB with one request, otherwise in parts of 8 MB, four at once. It reads each part from the file just before it sends it.
 * After a failure it aborts the multipart upload. It throws S3's faults as the SDK throws them.
 */
export async function uploadS3Object(client: S3Client, target: Target, { file, signal }: FileToUpload): Promise<void> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const source = { handle, file, size };
    if (size > partBytes) return await uploadParts(client, target, { ...source, signal });
    const Body = await fill(Buffer.allocUnsafeSlow(size), source, 0);
    await abortable(client.send(new PutObjectCommand({ ...target, Body }), signal && { abortSignal: signal }), signal);
  } finally {
    await handle.close();
  }
}

interface Source {
  readonly handle: FileHandle;
  readonly file: string;
  readonly size: number;
}

const uploadParts = async (
  client: S3Client,
  target: Target,
  { signal, ...source }: Source & Pick<FileToUpload, 'signal'>,
): Promise<void> => {
  const { size } = source;
  const bytes = Math.max(partBytes, Math.ceil(size / mostParts));
  const Parts: CompletedPart[] = Array.from({ length: Math.ceil(size / bytes) });
  const upload = await begin(client, target, signal);
  try {
    // Buffers of sent parts, for reuse. There are only as many buffers as parallel parts, and none waits for the garbage collector.
    const free: Buffer[] = [];
    const uploadPart = async (part: number, stopped: AbortSignal): Promise<void> => {
      const buffer = free.pop() ?? Buffer.allocUnsafeSlow(bytes);
      const Body = await fill(buffer.subarray(0, size - part * bytes), source, part * bytes);
      stopped.throwIfAborted();
      const PartNumber = part + 1;
      const command = new UploadPartCommand({ ...upload, PartNumber, Body, ChecksumAlgorithm: 'CRC32' });
      const { ETag, ChecksumCRC32 } = await abortable(client.send(command, { abortSignal: stopped }), stopped);
      free.push(buffer);
      Parts[part] = { PartNumber, ETag, ...(ChecksumCRC32 !== undefined && { ChecksumCRC32 }) };
    };
    await inParts(Parts.length, uploadPart, signal);
    // From here the signal no longer aborts: no one could tell whether the request took effect.
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  } catch (error) {
    await abort(client, upload);
    throw error;
  }
};

type Upload = S3Location & { readonly UploadId: string | undefined };

/** The request ignores the signal: an upload that S3 has begun must be aborted, even if the answer arrives after all callers have stopped waiting. */
const begin = async (client: S3Client, target: Target, signal: AbortSignal | undefined): Promise<Upload> => {
  const { Bucket, Key } = target;
  const beginning = client
    .send(new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'CRC32' }))
    .then(({ UploadId }) => ({ Bucket, Key, UploadId }));
  try {
    return await abortable(beginning, signal);
  } catch (error) {
    void beginning.then(
      (late) => abort(client, late),
      () => {},
    );
    throw error;
  }
};

/** Aborts the upload. If that fails, the bucket's lifecycle rule removes it. */
const abort = async (client: S3Client, upload: Upload): Promise<void> => {
  await client.send(new AbortMultipartUploadCommand(upload)).catch(() => {});
};

/** Reads the file's bytes from `start` until the buffer is full. */
const fill = async (bytes: Buffer, { handle, file, size }: Source, start: number): Promise<Uint8Array> => {
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at);
    if (bytesRead === 0) {
      throw new PermanentError(`${file} had ${size} bytes and has become shorter while it was being uploaded`);
    }
    at += bytesRead;
  }
  return bytes;
};
