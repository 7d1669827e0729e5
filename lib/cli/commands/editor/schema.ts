import { schemaText, templateSchema } from '../../../compiler/schema/template-schema.ts';
import type { Answer } from '../../command.ts';

/** Prints the JSON Schema of a template, for editors. */
export async function schema(): Promise<Answer> {
  return { exitCode: 0, json: { schema: templateSchema() }, text: schemaText() };
}
