import type { RunFacts } from '../step.ts';

/** A load in a sink's ledger: the run and its execution, and the numbers that tell runs apart. */
export type LoadFacts = Pick<RunFacts, 'run_id' | 'execution' | 'turn'>;

/**
 * True if a load that a ledger has counts as later than another one of the same step into the same target, which must then do nothing: it is of a later execution of the run, of a later
 * turn, or of a run that was asked for later. `laterLine` in the PostgreSQL sink asks this in SQL; the fault bench's warehouse calls it.
 */
export function countsAsLater(known: LoadFacts, load: LoadFacts): boolean {
  if (known.run_id === load.run_id && known.execution > load.execution) return true;
  if (!known.turn || !load.turn || known.turn.key !== load.turn.key) return false;
  return (
    known.turn.number > load.turn.number || (known.run_id !== load.run_id && known.turn.requested > load.turn.requested)
  );
}
