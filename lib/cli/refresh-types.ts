import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { isProjectFile } from '../compiler/project-files.ts';
import { readRegions, writeRegions } from '../compiler/types/declarations-file.ts';
import { declarePipeline, type PipelineVariant } from '../compiler/types/declare-pipeline.ts';
import type { Context } from './context.ts';
import { writeFileAtomically } from './write-file.ts';

/** The generated declarations, relative to the project. They are beside the handlers, where every tsconfig that sees the handlers sees them too. */
export const typesFile = 'lambdas/daybreak.d.ts';

/** A pipeline as far as its types need it; without variants if it is wrong. */
export interface TypedPipeline {
  readonly variants: readonly PipelineVariant[];
}

export interface TypesChange {
  readonly before: string | null;
  readonly after: string;
}

/** The text of the file of types as it is and as it has to be. With `all`, the given pipelines are all that exist, and the types of others go; if one of the given is wrong, they stay. */
export async function compareTypes(
  pipelines: readonly TypedPipeline[],
  { root, all }: { readonly root: string; readonly all: boolean },
): Promise<TypesChange> {
  const before = await readFile(join(root, typesFile), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  const sound = pipelines.filter(({ variants }) => variants.length > 0);
  const regions = all && sound.length === pipelines.length ? new Map<string, string>() : readRegions(before ?? '');
  const options = {
    exists: (entry: string) => isProjectFile(root, entry),
    pathTo: (entry: string) => relativeTo(posix.relative(posix.dirname(typesFile), entry)),
  };
  for (const { variants } of sound) regions.set(variants[0]?.template.name ?? '', declarePipeline(variants, options));
  return { before, after: writeRegions(regions) };
}

const relativeTo = (path: string): string => (path.startsWith('.') ? path : `./${path}`);

/** True if a change of the file is needed. A checkout may have other line ends. */
export function isOutOfDate({ before, after }: TypesChange): boolean {
  return before?.replaceAll('\r\n', '\n') !== after;
}

/**
 * Brings the file of types up to date, in projects that have one. A failure to write it fails no command: the file helps editors, and no run needs it. With `--env` only a part of the types is
 * known, so the file stays.
 */
export async function refreshTypes(
  pipelines: readonly TypedPipeline[],
  context: Context,
  { all }: { readonly all: boolean },
): Promise<void> {
  if (context.environment !== null) return;
  try {
    const change = await compareTypes(pipelines, { root: context.root, all });
    if (change.before === null || !isOutOfDate(change)) return;
    await writeFileAtomically(join(context.root, typesFile), change.after);
    context.io.stderr.write(`${context.paintAside(`${typesFile} is brought up to date`, 'dim')}\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.io.stderr.write(
      `${context.paintAside(`${typesFile} is out of date and cannot be written: ${reason}`, 'dim')}\n`,
    );
  }
}
