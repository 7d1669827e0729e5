import { expect, test } from 'vitest';
import { parseAndCheck } from './parse.ts';

/** 500 steps in 10 layers, each with everything that a careful author writes. */
const large = (): string => {
  const steps = Array.from({ length: 500 }, (_, i) => {
    const above = i < 50 ? [] : [0, 7, 19].map((n) => `step_${i - 50 - (i % 50) + ((i + n) % 50)}`);
    return `  - name: step_${i}
    description: Step number ${i} of the large pipeline
    handler: { callable: Large::StepHandlers::Step${i}Handler, initialization: { table: t${i}, batch: 500 } }
    dependencies: [${above.join(', ')}]
    retry: { max_attempts: 3, backoff: exponential, initial_delay: 2, max_delay: 30 }
    timeout: 10m
    memory_mb: 512
    result_schema: { type: object, required: [rows], properties: { rows: { type: integer } } }
`;
  });
  return `name: large\nsteps:\n${steps.join('')}`;
};

test('500 steps are read and checked within 1.5 seconds of processor time', () => {
  const text = large();
  parseAndCheck(text);
  // Processor time, the least of three: what other tests take of the machine is not the compiler's.
  const times = [1, 2, 3].map(() => {
    const before = process.cpuUsage();
    expect(parseAndCheck(text).graph?.names).toHaveLength(500);
    return process.cpuUsage(before).user / 1000;
  });
  expect(Math.min(...times)).toBeLessThan(1500);
});
