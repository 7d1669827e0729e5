import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadPipeline } from '../../../lib/compiler/load-pipeline.ts';
import type { LoadedPipeline } from '../../../lib/compiler/loaded-pipeline.ts';

/** A folder with these files, by path. */
export function newProject(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'daybreak-sql-')));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** Compiles `pipelines/p.yaml` of a project whose handlers need not exist. */
export function loadProject(root: string): Promise<LoadedPipeline> {
  return loadPipeline(join(root, 'pipelines/p.yaml'), { root, environment: null, allowMissingHandlers: true });
}

/** All diagnostics of a pipeline except its missing handlers, as `q.sql:2:3 CODE message` with the last segment of the file. */
export async function diagnose(
  template: string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<string[]> {
  const inFolder = Object.entries(files).map(([path, content]) => [`pipelines/${path}`, content]);
  const loaded = await loadProject(newProject({ 'pipelines/p.yaml': template, ...Object.fromEntries(inFolder) }));
  return shown(loaded);
}

export function shown({ diagnostics }: LoadedPipeline): string[] {
  return diagnostics
    .filter(({ code }) => code !== 'HANDLER_NOT_FOUND')
    .map(({ code, message, span }) => `${span.file.split('/').at(-1)}:${span.line}:${span.column} ${code} ${message}`);
}
