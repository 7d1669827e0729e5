import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Names in a project and its store, read without the compiler. A file that cannot be read has no names. */
export class ProjectNames {
  readonly #root: string;
  readonly #store: string;

  constructor(cwd: string, values: ReadonlyMap<string, string>) {
    this.#root = resolve(cwd, values.get('--root') ?? '.');
    const store = values.get('--store');
    this.#store = store === undefined ? join(this.#root, '.daybreak/store') : resolve(cwd, store);
  }

  /** Names of the templates' files. */
  async pipelines(): Promise<string[]> {
    const names = await entries(join(this.#root, 'pipelines'));
    return names.flatMap((name) => /^([^.].*)\.ya?ml$/.exec(name)?.[1] ?? []).sort();
  }

  /** Ids of a pipeline's runs, the latest first. */
  async runs(pipeline: string): Promise<string[]> {
    const folder = join(this.#store, await this.#nameOf(pipeline), 'runs');
    const ids = (await entries(folder)).slice(-most * 10);
    const aged = await Promise.all(
      ids.map(async (id) => ({ id, at: (await stat(join(folder, id)).catch(() => null))?.mtimeMs ?? 0 })),
    );
    return aged
      .sort((one, other) => other.at - one.at)
      .slice(0, most)
      .map(({ id }) => id);
  }

  async steps(pipeline: string): Promise<string[]> {
    return (await this.#steps(pipeline)).flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  }

  /** `step.dataset` of the datasets that the template tells. */
  async datasets(pipeline: string): Promise<string[]> {
    return (await this.#steps(pipeline)).flatMap(({ name, sql, outputs }) =>
      [
        ...new Set([
          ...keys(outputs),
          ...keys(keyed(sql).datasets),
          ...(keys(outputs).length === 0 && keys(sql).length > 0 && !keyed(sql).datasets ? [String(name)] : []),
        ]),
      ].map((dataset) => `${name}.${dataset}`),
    );
  }

  async environments(pipeline: string): Promise<string[]> {
    return keys((await this.#template(pipeline)).environments);
  }

  async #steps(pipeline: string): Promise<Record<string, unknown>[]> {
    const { steps, step_templates: older } = await this.#template(pipeline);
    const list = steps ?? older;
    return Array.isArray(list) ? list.map(keyed) : [];
  }

  async #nameOf(pipeline: string): Promise<string> {
    const { name } = await this.#template(pipeline);
    return typeof name === 'string' ? name : pipeline;
  }

  async #template(pipeline: string): Promise<Record<string, unknown>> {
    // A name with a slash could lead out of the folder.
    if (!/^[\w-]+$/.test(pipeline)) return {};
    const folder = join(this.#root, 'pipelines');
    const text =
      (await readFile(join(folder, `${pipeline}.yaml`), 'utf8').catch(() => null)) ??
      (await readFile(join(folder, `${pipeline}.yml`), 'utf8').catch(() => ''));
    const { parseDocument } = await import('yaml');
    try {
      return keyed(parseDocument(text, { merge: true, logLevel: 'silent' }).toJS());
    } catch {
      return {};
    }
  }
}

/** No one chooses from more. */
const most = 50;

const entries = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

const keyed = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

const keys = (value: unknown): string[] => Object.keys(keyed(value));
