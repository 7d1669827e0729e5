import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { didYouMean } from '../../../diagnostics/did-you-mean.ts';
import { captureTest } from '../../../testing/units/capture-test.ts';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import type { ValidPipeline } from '../../load.ts';
import { chosenRun } from '../../typed/chosen/chosen-run.ts';
import { openPlace, pipelineIn } from '../../typed/place.ts';
import { localFolder } from '../../typed/store-option.ts';
import { UsageError } from '../../typed/usage-error.ts';
import { wholeNumber } from '../../typed/whole-number.ts';
import { testsFolder } from '../../units/find-unit-tests.ts';
import { handlersOf } from '../../units/handlers-of.ts';
import { sampleRun } from '../../units/sample-run.ts';

const usualRows = 20;

/** Rows of a test that a person can read. */
const mostRows = 1_000;

/** Writes a unit test of a step from a run: its dependencies' first rows, and what the step makes of them. */
export async function captureUnit(
  pipeline: ValidPipeline,
  { args, option, list, flag }: Invocation,
  context: Context,
): Promise<Answer> {
  const { plan } = pipeline;
  const [runId, name, ...more] = list('capture');
  if (runId === undefined || name === undefined || more.length > 0)
    throw new UsageError('--capture takes a run and a step: `--capture <run> <step>`');
  const step = plan.steps.find((one) => one.name === name);
  const names = plan.steps.map((one) => one.name);
  if (!step) throw new UsageError(`--capture: pipeline "${plan.name}" has no step "${name}"${didYouMean(name, names)}`);
  const rows = wholeNumber(option('rows'), '--rows') ?? usualRows;
  if (rows > mostRows) throw new UsageError(`--rows: a test holds at most ${mostRows} rows of a dataset, not ${rows}`);
  const place = await openPlace({ args, option, flag }, context);
  const report = await chosenRun(await pipelineIn(place, args[0] ?? '', context), runId, place);
  const upstream = await sampleRun(report, step.dependencies, { store: place.store, rows });
  const handlers = await handlersOf(pipeline, new Set([name]), localFolder(null, context));
  const text = await captureTest({
    pipeline: plan.name,
    step: name,
    run_id: report.run_id,
    root: context.root,
    env: context.environment,
    handler: handlers.get(name) ?? null,
    input: report.input,
    upstream,
    shown: list('show').flatMap((words) => words.split(',')),
  });
  const file = await writeNew(join(context.root, testsFolder(plan.name)), name, text);
  const path = join(testsFolder(plan.name), file);
  return {
    exitCode: 0,
    json: { pipeline: plan.name, run_id: report.run_id, step: name, file: path },
    text: `${context.paint(path)} has the test; read what it expects, then run it:\n  ${context.paint(`npx daybreak test ${plan.name} --units`, 'cyan')}`,
  };
}

/** Writes a file that does not exist yet: a test that a person has changed stays. */
async function writeNew(folder: string, step: string, text: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let number = 1; ; number += 1) {
    const file = number === 1 ? `${step}.yaml` : `${step}-${number}.yaml`;
    try {
      await writeFile(join(folder, file), text, { flag: 'wx' });
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
