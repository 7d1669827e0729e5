import { mkdir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { RunReport } from '../../operate/runs/run-report.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import type { Answer, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { openOnDesktop } from '../open-on-desktop.ts';
import { type RunFile, runFiles } from '../render/run/run-files.ts';
import { chosenRun } from '../typed/chosen/chosen-run.ts';
import { shortPath } from '../typed/command-line.ts';
import { openPlace, pipelineIn } from '../typed/place.ts';
import { UsageError } from '../typed/usage-error.ts';

/** Opens a result of a run that is a file, its page if it has one. Without a desktop it prints the path. */
export async function open({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const place = await openPlace({ args, option, flag }, context);
  const pipeline = await pipelineIn(place, args[0] ?? '', context);
  const { report, name } = await chosenFile(args.slice(1), (run) => chosenRun(pipeline, run, place));
  const file = fileNamed(name, report);
  const path = await localPath(file, { report, store: place.store, root: context.root });
  const opened = !context.json && (await openOnDesktop(path, context.io));
  const { paint } = context;
  const shown = shortPath(path, context);
  return {
    exitCode: 0,
    json: { pipeline: report.pipeline, run_id: report.run_id, step: file.step, file: file.name, path },
    text: opened ? `opened ${paint(shown, 'cyan')}` : paint(shown),
  };
}

/** A single word is a run, or else a file of the newest run. */
async function chosenFile(
  words: readonly string[],
  runOf: (run: string | null) => Promise<RunReport>,
): Promise<{ readonly report: RunReport; readonly name: string | null }> {
  const [first = null, second = null] = words;
  if (first !== null && second === null) {
    const newest = await runOf(null);
    if (runFiles(newest).some(({ name }) => name === first)) return { report: newest, name: first };
  }
  return { report: await runOf(first), name: second };
}

function fileNamed(name: string | null, report: RunReport): RunFile {
  const files = runFiles(report);
  const found = name === null ? files[0] : files.find((file) => file.name === name);
  if (found) return found;
  const names = files.map((file) => file.name);
  throw new UsageError(
    files.length === 0
      ? `run ${report.run_id} of ${report.pipeline} (${report.status}) has no files; \`npx daybreak head\` shows its datasets`
      : `run ${report.run_id} has no file "${name}"${didYouMean(name ?? '', names)} (its files are: ${names.join(', ')})`,
  );
}

/** A file of a bucket is downloaded first, below the root. */
async function localPath(
  { path, name, step }: RunFile,
  { report, store, root }: { readonly report: RunReport; readonly store: ObjectStore; readonly root: string },
): Promise<string> {
  if (store.url.startsWith('file:')) {
    const own = path.startsWith('file:') ? fileURLToPath(path) : path;
    // A fork fetches a file of its original when it is read.
    await store.read(relative(fileURLToPath(store.url), own).split(sep).join('/'));
    return own;
  }
  const target = join(resolve(root), '.daybreak', 'downloads', report.pipeline, report.run_id, step, name);
  await mkdir(dirname(target), { recursive: true });
  await store.download(path.slice(`${store.url}/`.length), target);
  return target;
}
