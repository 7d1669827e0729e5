import { basename } from 'node:path';
import type { JsonObject } from '../contract/json.ts';
import { isRunId, type RunRef } from '../contract/object-keys.ts';
import { type Remembered, rememberedStart } from '../local/remembered-start.ts';
import type { Assessment } from '../operate/assess.ts';
import { readExecutions } from '../runtime/execution-number.ts';
import type { Answer, Command } from './command.ts';
import { commandLine } from './command-line.ts';
import type { Context } from './context.ts';
import { dataToResume } from './data-option.ts';
import { decisionsJson, decisionsLine, decisionsTable } from './decisions-table.ts';
import { findPipeline } from './find-pipeline.ts';
import type { ValidPipeline } from './load.ts';
import { planResume } from './plan-resume.ts';
import { readInput } from './read-json.ts';
import { runAnswer } from './run-answer.ts';
import { loadRunnable, localFolder, runWatched } from './run-watched.ts';
import { openStoreOption } from './store-option.ts';
import { unknownRun } from './unknown-run.ts';

/** Goes on with a run under the pipeline as it is now: what succeeded and is still the same is reused. */
export const resume: Command = {
  name: 'resume',
  arguments: '<pipeline> <run>',
  summary: 'go on with a run: run again what failed or changed, reuse the rest',
  options: [
    ['--from <step...>', 'steps to run again although nothing has changed'],
    ['--dry-run', 'show what would be done, and why; start nothing'],
    ['--input <json>', 'new input as JSON, or @file (default: that of the run)'],
    ['--data <csv>', 'source data (default: that of the run)'],
    ['--store <dir>', 'folder of the store (default: .daybreak/store below the root)'],
  ],
  async run({ args, option, list, flag }, context) {
    const [wanted = '', runId = ''] = args;
    const storeFolder = localFolder(option('store'), context);
    const { name } = await findPipeline(wanted, { root: context.root, cwd: context.io.cwd });
    const run = { pipeline: name, run_id: runId };
    const ports = await openStoreOption(option('store'), context);
    const history = isRunId(runId) ? await readExecutions(ports.store, run) : [];
    const remembered = isRunId(runId) ? await rememberedStart(storeFolder, run, history) : null;
    if (history.length === 0 && !remembered) throw await unknownRun(run, ports);

    const environment = context.environment ?? remembered?.environment ?? null;
    const pipeline = await loadRunnable(wanted, context, environment);
    const given = await readInput(option('input'), context);
    const request = {
      run,
      definition: pipeline.machine.definition,
      history,
      input: given ?? (history.length === 0 ? ownInput(remembered) : null),
      from: list('from'),
      fileOf: fileOf(pipeline),
    };
    const assessment = await planResume(request, ports);
    const setup = pipeline.plan.localSetup;
    const data = await dataToResume(option('data'), remembered?.data ?? null, { setup, context });
    if (flag('dryRun'))
      return planned(assessment, { run, from: request.from, input: option('input'), store: option('store') }, context);
    if (!context.json) context.io.stdout.write(`${describe(run, assessment, context)}\n\n`);
    const daybreak = {
      run_id: runId,
      after: history.length,
      ...(request.from.length > 0 && { from: [...request.from] }),
    };
    const report = await runWatched(context, pipeline, {
      pipeline,
      root: context.root,
      storeFolder,
      input: { ...request.input, daybreak },
      data,
      environment,
    });
    const answer = runAnswer(report, option('store'), context);
    return { ...answer, json: { ...answer.json, decisions: decisionsJson(assessment.steps) } };
  },
};

/** Of a run that was killed before its input came into the store. */
function ownInput(remembered: Remembered | null): JsonObject {
  const { daybreak: _, ...input } = remembered?.input ?? {};
  return input;
}

/** Names of the handlers' files: `extract-users.ts`. */
function fileOf({ plan }: ValidPipeline): (step: string) => string | null {
  const files = new Map(plan.steps.map((step) => [step.name, basename(step.handler.entry)]));
  return (step) => files.get(step) ?? null;
}

interface Typed {
  readonly run: RunRef;
  readonly from: readonly string[];
  readonly input: string | null;
  readonly store: string | null;
}

function planned(assessment: Assessment, { run, from, input, store }: Typed, context: Context): Answer {
  const options = [...(from.length > 0 ? ['--from', ...from] : []), ...(input === null ? [] : ['--input', input])];
  const words = ['resume', run.pipeline, run.run_id, ...options];
  return {
    exitCode: 0,
    json: { ...run, dry_run: true, input: assessment.input, decisions: decisionsJson(assessment.steps) },
    text: [
      describe(run, assessment, context),
      '',
      `Nothing was started. To resume: ${context.paint(commandLine(words, store, context), 'cyan')}`,
    ].join('\n'),
  };
}

const describe = ({ pipeline, run_id }: RunRef, { steps }: Assessment, context: Context): string =>
  [
    `${context.paint(pipeline, 'bold')} run ${context.paint(run_id)}: ${decisionsLine(steps)}`,
    '',
    decisionsTable(steps, context),
  ].join('\n');
