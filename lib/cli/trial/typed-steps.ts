import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { UsageError } from '../typed/usage-error.ts';

/** Names of steps as a person gives them to an option: `a b`, `a,b`; each once. Throws a UsageError for a name that is no step of the pipeline. */
export function typedSteps(
  option: string,
  words: readonly string[],
  { pipeline, steps }: { readonly pipeline: string; readonly steps: readonly string[] },
): string[] {
  const names = [...new Set(words.flatMap((word) => word.split(',')).filter((word) => word !== ''))];
  const unknown = names.find((name) => !steps.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`${option}: pipeline "${pipeline}" has no step "${unknown}"${didYouMean(unknown, steps)}`);
  return names;
}
