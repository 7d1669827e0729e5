/** The objects that a function reads, writes and deletes, as key patterns of IAM (`*` is any text, slashes too). No function lists more than it reads. */
import {
  leasesPrefix,
  pointerKey,
  profileHistoriesPrefix,
  runsPrefix,
  sourcesPrefix,
  subscribersPrefix,
  versionsPrefix,
} from './object-keys.ts';

export interface StoreAccess {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Only the function that removes old runs has any. */
  readonly deletes?: readonly string[];
}

/** Access of a step: it reads what others made and what people delivered, and writes under its own name alone. A step with `needs` reads what is published too. */
export function stepAccess(pipeline: string, step: string, readsPublished = false): StoreAccess {
  const runs = runsPrefix(pipeline);
  return {
    reads: [
      `${runs}*`,
      `${sourcesPrefix}*`,
      `${leasesPrefix(pipeline)}*.json`,
      `${profileHistoriesPrefix(pipeline)}*.json`,
      pointerKey(pipeline),
      ...(readsPublished ? [`${versionsPrefix(pipeline)}*.json`] : []),
    ],
    writes: [
      `${runs}*/data/${step}/*`,
      `${runs}*/steps/${step}/*`,
      `${runs}*/executions/*/outcomes/${step}.json`,
      `${runs}*/executions/*/attempts/${step}.json`,
    ],
  };
}

/** Access of a subscriber: its own marks alone. */
export function subscriberAccess(subscriber: string): StoreAccess {
  const marks = [`${subscribersPrefix}${subscriber}/*`];
  return { reads: marks, writes: marks };
}
