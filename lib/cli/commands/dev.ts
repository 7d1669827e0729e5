import { relative, resolve } from 'node:path';
import { checkInput } from '../../offline/engine/check-input.ts';
import type { RunReport } from '../../operate/runs/run-report.ts';
import type { Answer, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { awaitChange } from '../dev/await-change.ts';
import { type DevOptions, type DevRound, devRound } from '../dev/dev-round.ts';
import { relevantFiles } from '../dev/relevant-files.ts';
import { type Places, takeSnapshot } from '../dev/snapshot.ts';
import { describeFailure } from '../failure.ts';
import { cleanText } from '../render/clean-text.ts';
import { findPipeline } from '../typed/find-pipeline.ts';
import { readInput } from '../typed/read-json.ts';
import { loadRunnable } from '../watch/run-watched.ts';

/** Runs a pipeline, and again what changed whenever one of its files changes, until an interrupt. Mistakes are shown, and the next change tries again. */
export async function dev({ args, option }: Invocation, context: Context): Promise<Answer> {
  const [wanted = ''] = args;
  const { path } = await findPipeline(wanted, { root: context.root, cwd: context.io.cwd });
  const input = await readInput(option('input'), context);
  const options: DevOptions = { wanted, input, data: option('data'), store: option('store') };
  const folders = ['pipelines', 'lambdas'].map((folder) => resolve(context.root, folder));
  let files: ReadonlySet<string> = new Set([resolve(path)]);
  let matters = (_path: string): boolean => true;
  let last: RunReport | null = null;
  while (context.interrupted === null) {
    // Taken before the files are read, so that a change during the round starts the next one.
    let before = await takeSnapshot({ folders, files: [...files] });
    try {
      context.startAgain();
      let pipeline = await loadRunnable(wanted, context);
      const known = relevantFiles(pipeline, context.root);
      files = known;
      if ([...known].some((file) => !before.has(file))) {
        // Files outside the folders that no snapshot has: the state to compare with must be older than the reading.
        before = await takeSnapshot({ folders, files: [...files] });
        pipeline = await loadRunnable(wanted, context);
      }
      if (input && !last) checkInput(pipeline.plan, input);
      matters = (changed) => known.has(changed);
      const round = await devRound(pipeline, options, last, context);
      last = round.report ?? last;
      tell(round, context);
    } catch (error) {
      matters = () => true;
      const { message } = describeFailure(error);
      context.io.stderr.write(`error: ${cleanText(message)}\n`);
    }
    if (context.interrupted !== null) break;
    const places = { folders, files: [...files] };
    const changed = await nextChange(before, { places, matters }, context);
    if (changed.length > 0) context.io.stderr.write(`\nchanged: ${context.paintAside(names(changed, context))}\n`);
  }
  return { exitCode: context.interrupted ?? 0, json: null, text: '' };
}

async function nextChange(
  before: Parameters<typeof awaitChange>[0],
  watched: { readonly places: Places; readonly matters: (path: string) => boolean },
  context: Context,
): Promise<readonly string[]> {
  const stop = new AbortController();
  const release = context.onInterrupt(() => stop.abort());
  context.io.stderr.write(`${context.paintAside('watching for changes; Ctrl+C ends', 'dim')}\n`);
  try {
    return await awaitChange(before, watched, stop.signal);
  } finally {
    release();
  }
}

/** With `--json` each round is one line. */
function tell({ text, json }: DevRound, context: Context): void {
  context.io.stdout.write(context.json ? `${JSON.stringify(json)}\n` : `${context.pasteable(text)}\n`);
}

const mostNames = 5;

const names = (paths: readonly string[], { root }: Context): string => {
  const shown = paths.slice(0, mostNames).map((path) => relative(root, path));
  return paths.length > mostNames ? `${shown.join(', ')} and ${paths.length - mostNames} more` : shown.join(', ');
};
