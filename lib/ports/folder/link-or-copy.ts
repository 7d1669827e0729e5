import { createReadStream, createWriteStream } from 'node:fs';
import { link, realpath } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { errnoOf } from '../errno.ts';

/** Errors that prevent a link: another file system, another owner's file, no support for links, or too many links to this file. */
const notLinkable: readonly (string | null)[] = [
  'EXDEV',
  'EPERM',
  'EACCES',
  'EMLINK',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
];

/** Bytes per read of a copy. */
export const copyBytes = 1024 * 1024;

/** Gives a file a second name. If that is not possible, it copies the file to the name. The name must be free. */
export async function linkOrCopy(file: string, name: string, signal: AbortSignal | undefined): Promise<void> {
  // link() would link a symbolic link itself.
  const real = await realpath(file);
  try {
    await link(real, name);
  } catch (error) {
    if (!notLinkable.includes(errnoOf(error))) throw error;
    const from = createReadStream(real, { highWaterMark: copyBytes });
    await pipeline(from, createWriteStream(name, { flags: 'wx' }), signal ? { signal } : {});
  }
}
