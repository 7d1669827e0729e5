import { posix } from 'node:path';

/** The export that is a handler: a file of the project and the name of its export. */
export interface HandlerExport {
  readonly entry: string;
  readonly export: string;
}

/** The reason why a text names no handler, as the predicate of a sentence about it. */
export interface NoHandler {
  readonly problem: string;
}

/** The export of a handler's file if neither `method` nor `#export` names one. */
const usualExport = 'handler';

const identifier = /^[A-Za-z_$][A-Za-z0-9_$]*$/;
const modulePath = /^[A-Za-z0-9_@.\-/]+$/;

/** The file and export that `callable` and `method` name: by its last segment below `lambdas/steps/<pipeline>/`, or by a path relative to that folder. */
export function resolveHandler(callable: string, method: string | null, pipeline: string): HandlerExport | NoHandler {
  const [target = '', fragment, ...more] = callable.split('#');
  if (more.length > 0) return { problem: 'has more than one "#"' };
  // Tasker's default method; it means the same as leaving it out.
  const named = method === 'call' ? null : method;
  if (fragment !== undefined && named !== null && fragment !== named)
    return { problem: `names the export "${fragment}", but "method" names "${named}"; keep one` };
  const exported = fragment ?? named ?? usualExport;
  if (!identifier.test(exported))
    return { problem: `names the export "${exported}", which is not a JavaScript identifier` };
  const folder = `lambdas/steps/${pipeline}`;
  const file = target.includes('/') ? fileOfPath(target, folder) : fileOfName(target, folder);
  return 'problem' in file ? file : { ...file, export: exported };
}

/** A path in the project, normalised, or null when it is absolute or leaves the project. */
export function pathInProject(path: string, folder = '.'): string | null {
  const inside = posix.normalize(posix.join(folder, path));
  return posix.isAbsolute(path) || /^[A-Za-z]:|\\/.test(path) || inside === '..' || inside.startsWith('../')
    ? null
    : inside;
}

function fileOfPath(path: string, folder: string): { readonly entry: string } | NoHandler {
  const inside = pathInProject(path, folder);
  if (inside === null)
    return {
      problem: 'is a path that leaves the project; write it relative to the folder of the pipeline, like ./extract.ts',
    };
  if (!modulePath.test(path)) return { problem: 'has characters that a path of a module cannot have' };
  if (/\.[cm]?[jt]s$/.test(inside)) return { entry: inside };
  if (posix.extname(inside) === '' && !inside.endsWith('/')) return { entry: `${inside}.ts` };
  return { problem: 'is a path that does not name a .ts or .js file' };
}

function fileOfName(name: string, folder: string): { readonly entry: string } | NoHandler {
  const last = name.split(/::|[.:]/).at(-1) ?? '';
  const kebab = kebabCase(last.length > 'Handler'.length ? last.replace(/Handler$/, '') : last);
  if (/^[a-z0-9][a-z0-9-]*$/.test(kebab)) return { entry: `${folder}/${kebab}.ts` };
  return {
    problem:
      'does not end in a name of letters, digits, "_" or "-" that a file could have; write a path like ./extract.ts#handler',
  };
}

/** `UpdateCRMRecord` and `update_crm_record` are both `update-crm-record`. */
const kebabCase = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/[_-]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase();
