import type { StateReader } from '../load/state-reader.ts';
import type { State } from '../machine.ts';

/** A Succeed state: ends its graph. */
export function readSucceed(reader: StateReader): State {
  const exit = { next: null, assign: null, output: reader.payload('Output') };
  return { ...reader.common('Succeed'), run: (visit) => visit.leave(exit, visit.input) };
}
