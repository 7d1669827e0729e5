import { isObject } from '../../../contract/json.ts';
import type { StateGraph } from '../machine.ts';
import { shown } from './machine-reader.ts';
import type { StateReader } from './state-reader.ts';

/** Reads a Map's ItemProcessor; only the inline mode is implemented. */
export function readProcessor(reader: StateReader): StateGraph {
  const value = reader.raw('ItemProcessor') ?? null;
  const config = isObject(value) ? (value.ProcessorConfig ?? {}) : {};
  const { Mode: mode = 'INLINE', ...others } = isObject(config) ? config : { Mode: config };
  if (mode !== 'INLINE' || Object.keys(others).length > 0) {
    reader.complain(
      `must be {"Mode": "INLINE"}, not ${shown(config)}; the Distributed Map is not implemented`,
      'ItemProcessor/ProcessorConfig',
    );
  }
  return reader.graph(value, 'ItemProcessor', ['ProcessorConfig']);
}
