import type { StateReader } from '../load/state-reader.ts';
import type { State } from '../machine.ts';

/** A Pass state: by default its output is its input. */
export function readPass(reader: StateReader): State {
  const exit = reader.exit();
  return { ...reader.common('Pass'), run: (visit) => visit.leave(exit, visit.input) };
}
