/** Which objects each function reads and writes, as the key patterns of IAM (`*` is any text, slashes too). No function deletes or lists more than it reads. */
import { leasesPrefix, runsPrefix, sourcesPrefix } from './object-keys.ts';

export interface StoreAccess {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/** Access of the functions of the platform, by file name in `lambdas/platform`. */
export function platformAccess(pipeline: string) {
  const runs = runsPrefix(pipeline);
  const execution = `${runs}*/executions/*`;
  const leases = `${leasesPrefix(pipeline)}*.json`;
  return {
    prepare: { reads: [`${runs}*`, leases], writes: [`${runs}*/run.json`, `${execution}.json`, leases] },
    wait: { reads: [execution], writes: [`${execution}/waits/*.json`] },
    'record-failure': {
      reads: [`${runs}*`],
      writes: [`${execution}/outcomes/*.json`, `${execution}/dead-letters/*.json`],
    },
    finalize: {
      reads: [`${runs}*`, leases],
      writes: [`${execution}/outcomes/*.json`, `${execution}/dead-letters/*.json`, `${execution}/end.json`, leases],
    },
    reconcile: {
      reads: [`${runs}*`],
      writes: [`${execution}.json`],
    },
  } satisfies Record<string, StoreAccess>;
}

/** Access of a step: it reads what others made and what people delivered, and writes under its own name alone. */
export function stepAccess(pipeline: string, step: string): StoreAccess {
  const runs = runsPrefix(pipeline);
  return {
    reads: [`${runs}*`, `${sourcesPrefix}*`],
    writes: [
      `${runs}*/data/${step}/*`,
      `${runs}*/steps/${step}/*`,
      `${runs}*/executions/*/outcomes/${step}.json`,
      `${runs}*/executions/*/attempts/${step}.json`,
    ],
  };
}
