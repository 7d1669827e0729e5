import { mkdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { JsonObject } from '../../contract/json.ts';
import type { Answer, Invocation } from '../command.ts';
import { Context } from '../context.ts';
import type { NewProject } from '../init/new-project.ts';
import { extendedPackageJson, hasDaybreak } from '../init/package-json.ts';
import { packageManager } from '../init/package-manager.ts';
import { copyTarball, packageSource, present } from '../init/package-source.ts';
import { pipelineFiles } from '../init/pipeline-files.ts';
import { json, projectFiles } from '../init/project-files.ts';
import { ignore, refuseExisting, writeProject } from '../init/write-project.ts';
import { typesFile } from '../refresh-types.ts';
import { renderPairs } from '../render/render-table.ts';
import { quoted } from '../typed/command-line.ts';
import { InvalidPipelineError, UsageError } from '../typed/usage-error.ts';
import { writeFileAtomically } from '../write-file.ts';
import { types } from './editor/types.ts';

/** Makes a project in a new folder, or adds the first pipeline to the project in the folder. It overwrites nothing. */
export async function init({ args, option, flag }: Invocation, context: Context): Promise<Answer> {
  const folder = args[0] ?? '.';
  const root = resolve(context.root, folder);
  const existing = await readPackageJson(root);
  // A project that has Daybreak already keeps it.
  const source = existing && hasDaybreak(existing) ? present : await packageSource(option('package'), context.io.cwd);
  const project: NewProject = {
    name: packageName(basename(root)),
    commonJs: existing ? existing.type !== 'module' : flag('commonjs'),
    daybreak: source.spec,
    bringsNode: /[\\/]node_modules[\\/]/.test(process.execPath),
  };
  const files = existing ? pipelineFiles() : projectFiles(project);
  await refuseExisting(root, [...Object.keys(files), ...(source.tarball ? [source.tarball.path] : [])], folder);

  await mkdir(root, { recursive: true });
  await writeProject(root, files);
  await copyTarball(source, root);
  const typed: string[] = [];
  const changed: string[] = [];
  if (existing) {
    await writeFileAtomically(join(root, 'package.json'), json(extendedPackageJson(existing, project)));
    changed.push('package.json');
    if (await ignore(root, ['.daybreak/'])) changed.push('.gitignore');
  }
  if (await writeTypes(root, context)) typed.push(typesFile);
  const made = [...Object.keys(files), ...(source.tarball ? [source.tarball.path] : []), ...typed];
  return {
    exitCode: 0,
    json: { root, name: project.name, files: made, changed },
    text: describe({ folder, made, changed }, context),
  };
}

/** Writes the types of all templates. In an existing project, other templates may have errors; then `check` shows them, and the types come later. */
async function writeTypes(root: string, { io }: Context): Promise<boolean> {
  try {
    await types({ args: [], option: () => null, list: () => [], flag: () => false }, new Context({ root }, io));
    return true;
  } catch (error) {
    if (error instanceof InvalidPipelineError) return false;
    throw error;
  }
}

/** An existing package.json; null if the folder has none. */
async function readPackageJson(root: string): Promise<JsonObject | null> {
  const path = join(root, 'package.json');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    if (error.code === 'ENOTDIR') throw new UsageError(`${root} is not a folder`);
    throw error;
  });
  if (text === null) return null;
  try {
    return JSON.parse(text) as JsonObject;
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`);
  }
}

/** Makes a name that npm takes from the name of a folder. */
const packageName = (folder: string): string =>
  folder
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '') || 'pipelines';

interface Made {
  readonly folder: string;
  readonly made: readonly string[];
  readonly changed: readonly string[];
}

function describe({ folder, made, changed }: Made, { paint, io }: Context): string {
  const { install, exec, test, start } = packageManager(io.env.npm_config_user_agent);
  const next: [string, string][] = [
    ...(folder === '.' ? [] : ([[`cd ${quoted(folder)}`, '']] as [string, string][])),
    [install, ''],
    [changed.length > 0 ? `${exec} daybreak run sales` : start, 'run the pipeline on this machine'],
    [test, 'run its tests'],
  ];
  return [
    `${paint('Made', 'bold')}${folder === '.' ? '' : ` in ${folder}`}`,
    ...made.map((path) => `  ${path}`),
    ...(changed.length > 0 ? ['', `${paint('Added to', 'bold')} ${changed.join(' and ')}`] : []),
    '',
    paint('Next', 'bold'),
    renderPairs(next, paint),
  ].join('\n');
}
