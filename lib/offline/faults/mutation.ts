import type { Actor } from './world/actor.ts';

/** A defect's effect on an operation of the store: it writes without its condition, finds nothing, or finds an object that does not exist. */
export type Defect = 'unconditional' | 'unseen' | 'imagined';

/** The defect that changes an operation, or null. */
export type Mutation = (
  operation: { readonly kind: 'get' | 'put'; readonly key: string },
  actor: Actor,
) => Defect | null;
