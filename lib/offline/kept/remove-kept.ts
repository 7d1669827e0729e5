import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunRef } from '../../contract/object-keys.ts';
import { eventsFile } from '../../ports/folder/folder-events.ts';
import { executionFile } from '../../ports/folder/running-executions.ts';
import { localEventsFolder } from '../../ports/open-events.ts';
import { KeptExecutions } from './kept-executions.ts';
import { localFolders } from './local-folders.ts';

/** Removes the files that the offline engine keeps of a run that has ended: logs, events, and everything that a redrive needs. */
export async function removeKept(storeFolder: string, run: RunRef): Promise<void> {
  const folders = localFolders(storeFolder, run.pipeline);
  // The statuses first: only the kept executions tell their names.
  for (const { arn } of await new KeptExecutions(folders.kept).ofRun(run))
    await rm(join(folders.executions, executionFile(arn)), { force: true });
  await rm(join(folders.logs, run.run_id), { recursive: true, force: true });
  await rm(eventsFile(localEventsFolder(folders.storeUrl), run), { force: true });
  await rm(join(folders.kept, run.pipeline, run.run_id), { recursive: true, force: true });
}
