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
    `the store has nothing that matches ${JSON.stringify(files)} below sources/: it was not delivered, or the name is wrong`,
  );
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
