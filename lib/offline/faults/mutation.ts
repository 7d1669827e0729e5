import type { Actor } from './world/actor.ts';

/** What a defect would do to an operation on the store: write without its condition, find nothing, or find what is not there. */
export type Defect = 'unconditional' | 'unseen' | 'imagined';

/** Says for an operation whether a defect changes it. */
export type Mutation = (
  operation: { readonly kind: 'get' | 'put'; readonly key: string },
  actor: Actor,
) => Defect | null;
