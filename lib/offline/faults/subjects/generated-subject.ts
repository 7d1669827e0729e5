import { createHash } from 'node:crypto';
import { compilePipeline } from '../../../compiler/compile-pipeline.ts';
import type { StepPlan } from '../../../compiler/plan/plan.ts';
import type { Step, StepFunction } from '../../../runtime/step.ts';
import { Chance } from '../chance.ts';
import { machineVersions } from './machine-versions.ts';
import type { TimedStep } from './step-body.ts';
import type { Subject } from './subject.ts';

/** A small pipeline over a random graph, the same for the same seed. A handler's result depends on every row that it reads, so a row lost or doubled anywhere shows at the end. */
export function generatedSubject(seed: number): Subject {
  const chance = new Chance(seed);
  const diagnostics: string[] = [];
  const plan = compilePipeline(
    { file: `generated-${seed}.yaml`, text: templateText(chance) },
    { environment: null, allowMissingHandlers: false, handlerExists: () => true },
    ({ severity, message }) => severity === 'error' && diagnostics.push(message),
  );
  if (!plan) throw new Error(`the generated pipeline does not compile: ${diagnostics.join('; ')}`);
  return {
    plan,
    machine: machineVersions(plan),
    handlers: new Map(plan.steps.map((step) => [step.name, handlerOf(step, chance)])),
    input: { day: '2026-02-02', part: chance.between('part', 1, 9) },
  };
}

function templateText(chance: Chance): string {
  const count = chance.between('steps', 2, 8);
  const density = chance.pick('density', [0.2, 0.4, 0.7]);
  const steps = Array.from({ length: count }, (_, index) => {
    const before = Array.from({ length: index }, (_unused, other) => other).filter(
      (other) => chance.roll(`edge ${other} ${index}`) < density,
    );
    return [
      `  - name: s${index}`,
      `    handler: { callable: s${index} }`,
      `    dependencies: [${before.map((other) => `s${other}`).join(', ')}]`,
      `    retry: { max_attempts: ${chance.between(`attempts ${index}`, 1, 4)}, initial_delay: ${chance.between(`delay ${index}`, 1, 20)}, backoff: ${chance.pick(`backoff ${index}`, ['exponential', 'linear', 'fibonacci', 'none'])} }`,
      `    timeout: ${chance.pick(`timeout ${index}`, ['20s', '60s', '5m', '14m', '55m'])}`,
      ...(chance.roll(`rule ${index}`) < 0.2
        ? [`    trigger_rule: ${chance.pick(`which ${index}`, ['all_done', 'none_failed'])}`]
        : []),
      ...(chance.roll(`optional ${index}`) < 0.15 ? ['    optional: true'] : []),
    ].join('\n');
  });
  return `name: generated\nversion: 1.0.0\nsteps:\n${steps.join('\n')}\n`;
}

const columns = { id: 'BIGINT', maker: 'VARCHAR', amount: 'DECIMAL(18,2)', made_of: 'VARCHAR' };

const rowOf = (maker: string, id: number, madeOf: string) => ({
  id,
  maker,
  amount: `${id * 7}.${10 + (id % 90)}`,
  made_of: madeOf,
});

/** Steps that may take longer than this (seconds) yield, and work for minutes. */
const longest = 15 * 60;

function handlerOf(own: StepPlan, chance: Chance): StepFunction {
  const rows = chance.between(`rows ${own.name}`, 0, 40);
  const noted = chance.roll(`file ${own.name}`) < 0.4;
  const effects = chance.roll(`effects ${own.name}`) < 0.35 ? chance.between(`how many ${own.name}`, 1, 3) : 0;
  const loads = chance.roll(`loads ${own.name}`) < 0.4;
  const pieces = own.timeoutSeconds > longest ? chance.between(`pieces ${own.name}`, 2, 6) : 1;
  // Alike, as pieces must be: from the last ones a step tells whether there is time for one more.
  const pieceMs = chance.between(`piece of ${own.name}`, 100, 400) * 1000;
  return async (step) => {
    const digests = await digestsOf(step, own.dependencies, Math.max(1, rows));
    const sum = digests[0] ?? '';
    const out = step.writer('out', { columns });
    for (let piece = Number(step.checkpoint?.piece ?? 0); piece < pieces; piece++) {
      if (pieces > 1)
        await (step as TimedStep).pass(pieceMs * (0.95 + chance.roll(`piece ${piece} of ${own.name}`) / 10));
      for (let id = Math.ceil((rows * piece) / pieces); id < Math.ceil((rows * (piece + 1)) / pieces); id++) {
        await out.append([rowOf(own.name, id, digests[id] ?? '')]);
        if (id % 10 === 9) await step.progress(id, rows);
      }
      await step.yieldIfDue({ piece: piece + 1 });
    }
    // Before data is sent in the background, which takes real time while the virtual clock follows the load.
    if (loads) await (step as TimedStep).load(sum);
    if (noted) {
      await step.write('second', [rowOf(own.name, rows, sum)], { columns });
      await step.file('note.txt', `${own.name} has seen ${sum}`);
    }
    for (let number = 0; number < effects; number++) await step.once(`effect ${number}`, () => undefined);
    return { rows, sum };
  };
}

/** One digest per row to be made, over every upstream row whose id falls to it. */
async function digestsOf(step: Step, dependencies: readonly string[], count: number): Promise<string[]> {
  const digests = Array.from({ length: count }, () => createHash('sha256'));
  for (const dependency of dependencies) {
    const result = step.result<{ readonly rows: number } | undefined>(dependency);
    digests[0]?.update(JSON.stringify([dependency, result ?? null]));
    if (result === undefined) continue;
    let seen = 0;
    for await (const batch of step.rows<{ readonly id: number }>(`${dependency}.out`, { batchSize: 7 })) {
      for (const row of batch) digests[row.id % count]?.update(JSON.stringify(row));
      seen += batch.length;
    }
    if (seen !== result.rows) throw new Error(`${dependency} has ${seen} rows and says ${result.rows}`);
  }
  return digests.map((digest) => digest.digest('hex'));
}
