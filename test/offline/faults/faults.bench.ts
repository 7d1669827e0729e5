/** Faulted runs of generated pipelines: `npm run faults -- [--runs 1000] [--seed 1] [--kills 0]`. Ends with 1 when a promise was broken. */
import { parseArgs } from 'node:util';
import { renderBench } from '../../../lib/offline/faults/render-bench.ts';
import { runBench } from '../../../lib/offline/faults/run-bench.ts';
import { generatedSubjects } from '../../../lib/offline/faults/subjects/generated-subjects.ts';
import { killRuns } from './kill-runs.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    kills: { type: 'string', default: '0' },
  },
});

let done = 0;
const report = await runBench({
  runs: Number(values.runs),
  seed: Number(values.seed),
  subjectOf: generatedSubjects(),
  onRun: () => {
    done += 1;
    if (done % 100 === 0) console.error(`${done} runs`);
  },
});
console.log(renderBench(report, (seed) => `npm run faults -- --runs 1 --seed ${seed}`));
if (report.broken.length > 0) process.exitCode = 1;

if (Number(values.kills) > 0) {
  const killed = await killRuns({ kills: Number(values.kills), seed: Number(values.seed) });
  const verdict = killed.violations.length === 0 ? 'every promise kept' : killed.violations.join('\n');
  console.log(`${killed.kills} processes killed in ${killed.runs} runs, ${killed.seconds.toFixed(1)} s: ${verdict}`);
  if (killed.violations.length > 0) process.exitCode = 1;
}
