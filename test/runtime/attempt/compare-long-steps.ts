import fc from 'fast-check';
import { expect } from 'vitest';
import type { StepFunction } from '../../../lib/runtime/step.ts';
import { memoryWorld } from '../fixtures.ts';
import { drive, type Fault, minute } from './long-run.ts';

const columns = { id: 'BIGINT', text: 'VARCHAR' };

const fault: fc.Arbitrary<Fault | undefined> = fc.option(
  fc.record({ at: fc.integer({ min: 1, max: 14 }), kind: fc.constantFrom('before', 'after', 'hangs') }),
  { nil: undefined, freq: 4 },
);

interface Script {
  readonly rows: number;
  /** Sizes of batches, over and over; each takes so many minutes. */
  readonly batches: readonly { readonly size: number; readonly minutes: number }[];
  readonly faults: readonly (Fault | undefined)[];
}

/** Sizes that make parts end within, at and between the checkpoints. */
const script: fc.Arbitrary<Script> = fc.record({
  rows: fc.integer({ min: 0, max: 3_000 }),
  batches: fc.array(fc.record({ size: fc.integer({ min: 1, max: 400 }), minutes: fc.integer({ min: 1, max: 6 }) }), {
    minLength: 1,
    maxLength: 5,
  }),
  faults: fc.array(fault, { maxLength: 12 }),
});

const run = async ({ rows, batches, faults }: Script) => {
  const world = memoryWorld();
  const began: { attempt: number; cursor: number }[] = [];
  const handler: StepFunction = async (step) => {
    const writer = step.writer('rows', { columns });
    let last: number = step.checkpoint?.cursor ?? 0;
    began.push({ attempt: step.attempt, cursor: last });
    for (let turn = 0; last < rows; turn += 1) {
      const { size, minutes } = batches[(last + turn) % batches.length] ?? { size: 1, minutes: 1 };
      const ids = Array.from({ length: Math.min(size, rows - last) }, (_, index) => last + index + 1);
      world.clock.pass(minutes * minute);
      await writer.append(ids.map((id) => ({ id, text: 'é'.repeat((id * 7919) % 97) })));
      last += ids.length;
      await step.yieldIfDue({ cursor: last });
    }
    return writer.rowCount;
  };
  // Hours on end: how long an attempt may take is another test's business.
  return { ...(await drive(world, { handler, faults, timeoutSeconds: 1e9, asText: true })), began };
};

/** Runs generated long steps with and without faults, and holds both to one result. Gives how often a handler was killed and yielded, so that a test can demand that both happened. */
export async function compareLongSteps(options: { readonly numRuns: number; readonly seed: number }) {
  let killed = 0;
  let yielded = 0;
  await fc.assert(
    fc.asyncProperty(script, async (given) => {
      const clean = await run({ ...given, faults: [] });
      const faulty = await run(given);
      expect(faulty.rows).toEqual(Array.from({ length: given.rows }, (_, index) => index + 1));
      expect(faulty.manifest?.digest).toBe(clean.manifest?.digest);
      expect(faulty.manifest?.datasets.rows?.content_digest).toBe(clean.manifest?.datasets.rows?.content_digest);
      expect(faulty.manifest?.result).toBe(given.rows);
      // An invocation that hung before it called its handler begins late, but belongs before those of later attempts. Of two that hang, the second may continue from the first.
      const cursors = faulty.began.toSorted((a, b) => a.attempt - b.attempt).map(({ cursor }) => cursor);
      if (given.faults.filter((one) => one?.kind === 'hangs').length < 2)
        expect(cursors).toEqual([...cursors].sort((a, b) => a - b));
      killed += faulty.attempts - 1;
      yielded += clean.invocations - 1;
    }),
    options,
  );
  return { killed, yielded };
}
