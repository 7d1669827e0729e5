import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { processScratch } from '../ports/folder/process-scratch.ts';

/** Makes a new folder for local files. The caller removes it; if the process is killed, the folder goes with that process's scratch. */
export async function scratchFolder(): Promise<string> {
  return mkdtemp(join(await processScratch(), 'source-'));
}
