import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { localExecutionsFolder } from '../../ports/from-environment.ts';
import { reservedSegment } from '../../ports/object-key.ts';

/** The folders of the offline engine: the store's objects, and, in the store's own folder that no key reaches, the things that AWS keeps elsewhere. */
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
