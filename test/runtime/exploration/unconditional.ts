import type { Operation } from './process.ts';

/** A mutation that takes the condition out of every write to keys that contain `part`. */
export function unconditional(part: string) {
  return (operation: Operation) =>
    operation.kind === 'put' && operation.key.includes(part)
      ? { operation: { kind: 'put', key: operation.key, body: operation.body } as const }
      : {};
}
