import { PermanentError } from '../../../contract/errors.ts';
import type { Step } from '../../../runtime/step.ts';

/**
 * Keys of objects below sources/, in ascending order: one named key, all below a folder (`orders/`), or all that match `orders/*.csv.gz` (`*` and `?` within a
 * folder, `**` across folders).
 */
export async function matchingKeys(step: Pick<Step, 'objects'>, files: string): Promise<readonly string[]> {
  const isPattern = /[*?]/.test(files);
  if (!isPattern && !files.endsWith('/')) return [files];
  const fixed = isPattern ? files.slice(0, files.search(/[*?]/)) : files;
  const prefix = fixed.slice(0, fixed.lastIndexOf('/') + 1);
  const matches = isPattern ? patternOf(files) : /(?:)/;
  const keys: string[] = [];
  for await (const { key } of step.objects(prefix)) {
    const name = key.slice('sources/'.length);
    // Uploads by hand leave empty objects that stand for folders.
    if (!key.endsWith('/') && (matches.test(name) || matches.test(key))) keys.push(key);
  }
  if (keys.length > 0) return keys;
  throw new PermanentError(
    `the store has nothing that matches ${JSON.stringify(files)} below sources/: it was not delivered, or the name is wrong; ${await contentOf(step, prefix)}`,
  );
}

/** The error for a missing file. It lists the content of its folder. */
export async function missingFile(step: Pick<Step, 'objects'>, file: string): Promise<PermanentError> {
  const key = file.replace(/^sources\//, '');
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  return new PermanentError(
    `the store has no ${file}: it was not delivered, or the name is wrong; ${await contentOf(step, folder)}`,
  );
}

/** Names of a folder that a message shows. */
const mostShown = 10;

async function contentOf(step: Pick<Step, 'objects'>, folder: string): Promise<string> {
  const names: string[] = [];
  for await (const { key } of step.objects(folder)) {
    names.push(key.slice(`sources/${folder}`.length));
    if (names.length > mostShown) break;
  }
  if (names.length === 0) return `sources/${folder} is empty`;
  const more = names.length > mostShown ? ' and more' : '';
  return `sources/${folder} has ${names.slice(0, mostShown).join(', ')}${more}`;
}

const patternOf = (pattern: string): RegExp => {
  const text = pattern.replaceAll(/\*\*\/?|\*|\?|[^*?]+/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return part.replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&');
  });
  return new RegExp(`^${text}$`);
};
