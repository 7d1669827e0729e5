import type { StateReader } from '../load/state-reader.ts';
import type { State } from '../machine.ts';

/** A Pass state: its output is its input, unless Output says otherwise. */
export function readPass(reader: StateReader): State {
  const exit = reader.exit();
  return { ...reader.common('Pass'), run: (visit) => visit.leave(exit, visit.input) };
}
