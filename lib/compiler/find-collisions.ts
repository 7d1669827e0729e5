import { relative } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { checkTogether, type NamedTemplate } from './checks/check-together.ts';
import { readTemplate } from './read-template.ts';
import { parseTemplate } from './template/parse-template.ts';

/** What is wrong with the names of these templates beside each other, by file as diagnostics show it. Templates without a name that can be used are left out. */
export async function findCollisions(paths: readonly string[]): Promise<Map<string, Diagnostic[]>> {
  const named = await Promise.all(paths.map(nameOf));
  return Map.groupBy(checkTogether(named.flat()), ({ span }) => span.file);
}

const silent = (): void => undefined;

async function nameOf(path: string): Promise<NamedTemplate[]> {
  const file = relative(process.cwd(), path) || path;
  const { text } = await readTemplate({ path, file }, silent);
  const template = parseTemplate({ file, text }, {}, silent);
  if (!template || template.name === '') return [];
  return [{ file, name: template.name, span: template.at(['name']), environments: [...template.environments.keys()] }];
}
