import type { RunRef } from '../../contract/object-keys.ts';
import { FolderObjectStore } from '../../ports/folder/folder-object-store.ts';
import { readExecutions } from '../../runtime/records/execution-number.ts';
import { KeptExecutions } from './kept-executions.ts';
import { localFolders } from './local-folders.ts';

/** True if a run was ever started, even if it was killed before it could write a record into the store. */
export async function hasExecution(storeFolder: string, run: RunRef): Promise<boolean> {
  const folders = localFolders(storeFolder, run.pipeline);
  if ((await new KeptExecutions(folders.kept).ofRun(run)).length > 0) return true;
  return (await readExecutions(new FolderObjectStore(folders.store), run)).length > 0;
}
