import { relative } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { checkTogether, type NamedTemplate, namedTemplate } from './checks/check-together.ts';
import type { LoadedPipeline } from './loaded-pipeline.ts';
import { readTemplate } from './read-template.ts';
import { parseTemplate } from './template/parse-template.ts';

/**
 * Finds collisions between the names of these templates, by file as diagnostics show it. Reads only the templates that are not among `loaded`.
 * Leaves out templates without a usable name.
 */
export async function findCollisions(
  paths: readonly string[],
  loaded: readonly LoadedPipeline[],
): Promise<Map<string, Diagnostic[]>> {
  const known = new Map(loaded.map(({ file, named }) => [file, named]));
  const named = await Promise.all(
    paths.map((path) => {
      const file = relative(process.cwd(), path) || path;
      return known.has(file) ? known.get(file) : readName(path, file);
    }),
  );
  return Map.groupBy(checkTogether(named.flatMap((one) => one ?? [])), ({ span }) => span.file);
}

const silent = (): void => undefined;

async function readName(path: string, file: string): Promise<NamedTemplate | null> {
  const { text } = await readTemplate({ path, file }, silent);
  return namedTemplate(file, parseTemplate({ file, text }, {}, silent));
}
