/**
 * Processor time of compiling template texts, from the text to the definition, in this process: `npm run benchmark:compile`, or with numbers of steps behind `--`.
 * Each size of each family is a new template; the first row also pays for warming up.
 */

import { compilePipeline } from '../../lib/compiler/compile-pipeline.ts';
import { emitMachine } from '../../lib/compiler/states/emit-machine.ts';
import { type Dependencies, layeredDependencies, randomFrom, yamlOf } from '../support/graphs.ts';

/** Twelve layers or as many as a layer has steps, and how many edges each step has. */
const families: Readonly<Record<string, (steps: number) => Dependencies>> = {
  layered: (steps) => layeredDependencies(steps, 12, 1.4 * steps, randomFrom(9)),
  square: (steps) => layeredDependencies(steps, Math.round(Math.sqrt(steps)), 3 * steps, randomFrom(9)),
  dense: (steps) => layeredDependencies(steps, 12, 5 * steps, randomFrom(9)),
};

const options = { environment: null, allowMissingHandlers: false, handlerExists: () => true };
const given = process.argv.slice(2).map(Number);

for (const steps of given.length > 0 ? given : [500, 3_000, 10_000])
  for (const [family, dependenciesOf] of Object.entries(families)) {
    const source = { file: 'random_pipeline.yaml', text: yamlOf(dependenciesOf(steps)) };
    const start = process.cpuUsage();
    const plan = compilePipeline(source, options, (diagnostic) => {
      throw new Error(diagnostic.message);
    });
    if (!plan) throw new Error('the template did not compile');
    JSON.stringify(emitMachine(plan, () => 'c0de').definition);
    const { user, system } = process.cpuUsage(start);
    const waits = plan.steps.filter(({ awaits }) => awaits.length > 0).length / steps;
    console.log(
      `${steps} steps, ${family}: ${((user + system) / 1_000_000).toFixed(2)} s of processor time, ${waits.toFixed(3)} waits per step`,
    );
  }
