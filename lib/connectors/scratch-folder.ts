import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { processScratch } from '../ports/folder/process-scratch.ts';

/** A new folder for local files; whoever asks for it removes it, and what a killed process leaves goes with that process's scratch. */
export async function scratchFolder(): Promise<string> {
  return mkdtemp(join(await processScratch(), 'source-'));
}
