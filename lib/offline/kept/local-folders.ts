import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { localExecutionsFolder } from '../../ports/from-environment.ts';
import { reservedSegment } from '../../ports/object-key.ts';

/** Where the offline engine keeps things: the store's objects, and in the store's own folder, which no key reaches, what AWS would keep elsewhere. */
export interface LocalFolders {
  readonly pipeline: string;
  readonly store: string;
  readonly storeUrl: string;
  readonly queue: string;
  /** The status of each execution. */
  readonly executions: string;
  /** Everything that a redrive needs of an execution. */
  readonly kept: string;
  /** The code of handlers, by its digest. */
  readonly code: string;
  readonly logs: string;
  /** Local files of functions, on the store's own file system, so that they can be linked into it. */
  readonly scratch: string;
}

/** The folders of one pipeline in a store folder. */
export function localFolders(storeFolder: string, pipeline: string): LocalFolders {
  const store = resolve(storeFolder);
  const storeUrl = pathToFileURL(store).href;
  return {
    pipeline,
    store,
    storeUrl,
    queue: join(store, reservedSegment, 'queues', pipeline),
    executions: localExecutionsFolder(storeUrl),
    kept: join(localExecutionsFolder(storeUrl), 'kept'),
    code: join(store, reservedSegment, 'code'),
    logs: join(store, reservedSegment, 'logs', pipeline),
    scratch: join(store, reservedSegment, 'scratch'),
  };
}
