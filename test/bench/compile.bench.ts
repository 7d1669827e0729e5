/** Compile time of a template with 500 steps, in this process: `npm run bench:compile`. */

import { compilePipeline } from '../../lib/compiler/compile-pipeline.ts';
import { emitMachine } from '../../lib/compiler/states/emit-machine.ts';
import { graphOf, layeredDependencies, randomFrom, yamlOf } from '../support/graphs.ts';

const steps = 500;
const dependencies = layeredDependencies(steps, 12, 700, randomFrom(9));
const source = { file: 'random_pipeline.yaml', text: yamlOf(dependencies) };
const options = { environment: null, allowMissingHandlers: false, handlerExists: () => true };
const edges = graphOf(dependencies).reduced.reduce((sum, own) => sum + own.length, 0);

const times: number[] = [];
for (let round = 0; round < 7; round++) {
  const start = process.cpuUsage();
  const plan = compilePipeline(source, options, (diagnostic) => {
    throw new Error(diagnostic.message);
  });
  if (!plan) throw new Error('the template did not compile');
  JSON.stringify(emitMachine(plan, () => 'c0de').definition);
  const { user, system } = process.cpuUsage(start);
  times.push((user + system) / 1000);
}
const sorted = [...times].sort((a, b) => a - b);
console.log(
  `${steps} steps, ${edges} edges: first ${times[0]?.toFixed(0)} ms of processor time, then median ${sorted[3]?.toFixed(0)} ms (${sorted[0]?.toFixed(0)} to ${sorted.at(-1)?.toFixed(0)})`,
);
