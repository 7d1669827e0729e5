import { fileURLToPath } from 'node:url';
import type { Answer, Invocation } from '../../command.ts';
import type { Context } from '../../context.ts';
import { decisionsJson, decisionsLine, decisionsTable } from '../../render/decisions-table.ts';
import { moment } from '../../render/format.ts';
import { runAnswer } from '../../render/run/run-answer.ts';
import { type PreparedFork, prepareFork } from '../../trial/prepare-fork.ts';
import { commandLine, shortPath, type TypedPlace } from '../../typed/command-line.ts';
import { openPlace } from '../../typed/place.ts';
import { readInput } from '../../typed/read-json.ts';

/** Runs a copy of a run on this machine with the code of this folder. Results of steps that have not changed are reused from the original, which is only read. */
export async function fork({ args, option, list, flag }: Invocation, context: Context): Promise<Answer> {
  const [wanted = '', runId = ''] = args;
  const place = await openPlace({ args, option, flag }, context);
  const [steps, into, input] = [list('steps'), option('into'), option('input')];
  const prepared = await prepareFork(
    {
      wanted,
      runId,
      place,
      into,
      input: await readInput(input, context),
      steps,
      data: option('data'),
      sends: flag('send'),
      inspect: flag('inspect'),
    },
    context,
  );
  const notes = notesOn(prepared, flag('send'));
  const plan = [describe(prepared, context), ...notes.map((note) => `  ${context.paint(note, 'dim')}`)].join('\n');
  if (flag('dryRun')) {
    const words = [
      ...(steps.length > 0 ? ['--steps', ...steps] : []),
      ...(input === null ? [] : ['--input', input]),
      ...(into === null ? [] : ['--into', into]),
      ...(flag('send') ? ['--send'] : []),
    ];
    return planned(prepared, {
      notes,
      plan,
      again: commandLine(['fork', wanted, runId, ...words], place.typed, context),
    });
  }
  if (!context.json) context.io.stdout.write(`${context.pasteable(plan)}\n\n`);
  const typed = here(into, place.typed);
  context.answerPlace = { store: typed, stack: null, region: null };
  const answer = runAnswer(await prepared.start(), typed, context);
  return {
    ...answer,
    json: { ...answer.json, decisions: decisionsJson(prepared.assessment.steps), notes: [...notes] },
  };
}

/** The store of the fork, as later commands name it. */
const here = (into: string | null, original: TypedPlace): string | null =>
  into ?? (typeof original === 'string' && !original.includes('://') ? original : null);

function planned(
  { original, assessment }: PreparedFork,
  { notes, plan, again }: { readonly notes: readonly string[]; readonly plan: string; readonly again: string },
): Answer {
  return {
    exitCode: 0,
    json: {
      pipeline: original.pipeline,
      run_id: original.run_id,
      dry_run: true,
      input: assessment.input,
      decisions: decisionsJson(assessment.steps),
      notes: [...notes],
    },
    text: `${plan}\n\nNothing was started. To fork: ${again}`,
  };
}

function describe({ original, assessment: { steps } }: PreparedFork, context: Context): string {
  const { paint } = context;
  const { pipeline, run_id, status, started_at, store } = original;
  const where = store.startsWith('file:') ? shortPath(fileURLToPath(store), context) : store;
  return [
    `${paint(pipeline, 'bold')} fork of run ${paint(run_id)}: ${decisionsLine(steps)}`,
    `  ${paint(`${status}, started ${moment(started_at)} UTC, in ${where}, where nothing is changed`, 'dim')}`,
    '',
    decisionsTable(steps, context),
    '',
  ].join('\n');
}

/** Facts that a person should know before the fork runs. */
function notesOn({ original, gone, missingSecrets }: PreparedFork, sends: boolean): string[] {
  return [
    ...(original.status === 'RUNNING' ? ['The run is still going on: the fork has what it had done until now.'] : []),
    ...(gone.length > 0
      ? [`The template no longer has ${gone.join(', ')}: the fork leaves ${gone.length === 1 ? 'it' : 'them'} out.`]
      : []),
    ...missingSecrets.map(({ step, variable }) => `${step} declares a secret, and ${variable} is not set here.`),
    sends
      ? 'step.once and the sinks send from this machine, with the data of the original run.'
      : 'A fork sends nothing: step.once and the sinks refuse, unless --send is given.',
  ];
}
