import { PermanentError } from 'daybreak';

/** What a step offers for reading files that other systems put into the store. */
export interface FileStep {
  readonly config: Readonly<Record<string, unknown>>;
  object(key: string): Promise<AsyncIterable<Uint8Array> | null>;
}

/** The catalogue file that the step's `initialization.products` names; a PermanentError when it is not there. */
export const openProducts = async (
  step: FileStep,
): Promise<{ readonly file: string; readonly bytes: AsyncIterable<Uint8Array> }> => {
  const file = step.config.products;
  if (typeof file !== 'string')
    throw new PermanentError('initialization.products must name the catalogue file in the store');
  const bytes = await step.object(file);
  if (bytes === null) throw new PermanentError(`the store has no ${file}: the product catalogue was not delivered`);
  return { file, bytes };
};
