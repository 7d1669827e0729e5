import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isObject } from '../../contract/json.ts';
import type { Finding, Treated } from '../../operate/doctor/finding.ts';
import { isMissing } from '../../ports/errno.ts';
import { recordExecution } from '../../ports/folder/folder-executions.ts';
import { executionFile } from '../../ports/folder/running-executions.ts';
import { localExecutionArn } from '../host/execution-arn.ts';
import { KeptExecutions } from './kept-executions.ts';
import { localFolders } from './local-folders.ts';

export interface ExamineKeptOptions {
  readonly storeFolder: string;
  readonly pipeline: string;
  /** One run alone; null: every run. */
  readonly runId: string | null;
  readonly repair: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Fields that each kind of file must have. */
const forms: readonly (readonly [name: RegExp, kind: string, fields: readonly string[]])[] = [
  [/\/execution\.json$/, 'kept execution', ['arn', 'name', 'started_at', 'input', 'definition', 'steps']],
  [/\/starts\/\d+\.json$/, 'kept start', ['at', 'pid']],
  [/\/ends\/\d+\.json$/, 'kept end', ['at', 'status', 'events']],
];

/**
 * Verifies the files that the offline engine keeps of executions, beside the store's objects. A repair moves a damaged file aside. A status is made again from the end that was
 * kept, and a start as one whose process has died; without the other files an execution can be resumed, but not redriven.
 */
export async function examineKept(options: ExamineKeptOptions): Promise<(Finding | Treated)[]> {
  const folders = localFolders(options.storeFolder, options.pipeline);
  const root = join(folders.kept, options.pipeline);
  const files = await filesBelow(options.runId === null ? root : join(root, options.runId));
  const found: (Finding | Treated)[] = [];
  for (const file of files) {
    const [, kind, fields] = forms.find(([name]) => name.test(file)) ?? [];
    if (kind === undefined || fields === undefined) continue;
    const fault = await faultOf(file, fields);
    if (fault === null) continue;
    const finding = { key: relative(folders.store, file), kind, fault };
    const instead =
      kind === 'kept start' ? { at: new Date(options.now).toISOString(), pid: 0, identity: 'unknown' } : null;
    if (options.repair) await moveAside(file, folders.store, { instead, now: options.now });
    found.push(options.repair ? { ...finding, action: instead ? 'rebuilt' : 'set aside' } : finding);
  }
  return [...found, ...(await examineStatuses(files, options))];
}

/** Every execution has a status; its file's name is its ARN. */
async function examineStatuses(files: readonly string[], options: ExamineKeptOptions): Promise<(Finding | Treated)[]> {
  const { executions, kept, store } = localFolders(options.storeFolder, options.pipeline);
  const found: (Finding | Treated)[] = [];
  for (const folder of new Set(files.filter((file) => file.endsWith('/execution.json')).map(dirname))) {
    const arn = localExecutionArn(options.pipeline, folder.slice(folder.lastIndexOf('/') + 1));
    const file = join(executions, executionFile(arn));
    const fault = await faultOf(file, ['arn', 'status', 'pid']);
    if (fault === null) continue;
    const finding = { key: relative(store, file), kind: 'status', fault };
    if (!options.repair) found.push(finding);
    else {
      const keeper = new KeptExecutions(kept);
      const execution = await keeper.withArn(options.pipeline, arn);
      await moveAside(file, store, { instead: null, now: options.now });
      const status = execution ? (await keeper.stateOf(execution)).status : 'ABORTED';
      if (status !== 'RUNNING') await recordExecution(executions, arn, { status, pid: process.pid });
      found.push({ ...finding, action: status === 'RUNNING' ? 'set aside' : 'rebuilt' });
    }
  }
  return found;
}

/** The fault of a file; null if it is whole, or missing. */
async function faultOf(file: string, fields: readonly string[]): Promise<string | null> {
  try {
    const text = await readFile(file, 'utf8');
    const document = parse(text);
    if (!isObject(document)) return `its ${Buffer.byteLength(text)} bytes are not a whole JSON object`;
    const missing = fields.find((field) => document[field] === undefined);
    return missing === undefined ? null : `${JSON.stringify(missing)} is missing`;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Into `.store/set-aside/<moment>/`, under the same path. */
async function moveAside(
  file: string,
  store: string,
  { instead, now }: { readonly instead: object | null; readonly now: number },
): Promise<void> {
  const own = join(store, '.store');
  const moment = new Date(now).toISOString().replaceAll(/[-:]/g, '').replace(/\.\d+/, '');
  const copy = join(own, 'set-aside', moment, relative(own, file));
  await mkdir(dirname(copy), { recursive: true });
  await rename(file, copy);
  if (instead) await writeFile(file, JSON.stringify(instead));
}
