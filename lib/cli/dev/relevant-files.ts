import { resolve } from 'node:path';
import type { ValidPipeline } from '../load.ts';

/** Absolute paths of all files that a pipeline is made of: its template, its queries, its handlers with everything that they import, the module of `local.setup`. */
export function relevantFiles({ file, texts, code, plan }: ValidPipeline, root: string): Set<string> {
  const sources = [...code.values()].flatMap((handler) => handler.sources.filter((path) => !isInstalled(path)));
  return new Set([
    ...[file, ...texts.keys()].map((path) => resolve(path)),
    ...[...sources, ...(plan.localSetup === null ? [] : [plan.localSetup])].map((path) => resolve(root, path)),
  ]);
}

/** Packages change with an installation, after which a person starts the command again. */
const isInstalled = (path: string): boolean => /(^|\/)node_modules\//.test(path);
