import { createHash } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names the host and process-id namespace in names of files: containers may share a folder, and their processes tend to have the same ids. */
export const fileOwner = createHash('sha256').update(`${hostname()} ${namespace()}`).digest('hex').slice(0, 12);

function namespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    // Not Linux: a host has one namespace.
    return '-';
  }
}
