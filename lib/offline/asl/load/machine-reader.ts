import type { Json } from '../../../contract/json.ts';
import { compileExpression, type Expression } from '../expression.ts';
import type { Problem } from '../invalid-definition.ts';
import type { Scope } from './scope.ts';
import { unsupportedReferences } from './unsupported-references.ts';

export type QueryLanguage = 'JSONata' | 'JSONPath';

/** The state of reading one definition: its problems, its names, and its compiled expressions. */
export class MachineReader {
  readonly problems: Problem[] = [];
  /** Defaults for states that do not set them. */
  readonly language: QueryLanguage;
  /** Scopes inside states, to be checked when everything has been read. */
  readonly innerScopes: Scope[] = [];
  readonly #names = new Map<string, string>();
  readonly #expressions = new Map<string, Expression>();

  constructor(language: QueryLanguage) {
    this.language = language;
  }

  complain(path: string, message: string): void {
    this.problems.push({ path: path === '' ? '/' : path, message });
  }

  /** Names are unique over the whole machine, branches included. */
  claimName(name: string, path: string): void {
    const first = this.#names.get(name);
    if (first !== undefined)
      this.complain(path, `a state of this name is already at ${first}; names are unique in a machine`);
    else this.#names.set(name, path);
    if (name.length > 80) this.complain(path, 'a state has a name of at most 80 characters');
  }

  /** Equal texts are compiled once. A mistake is reported at every place; null then. */
  readonly compile = (text: string, path: string): Expression | null => {
    try {
      const expression = this.#expressions.get(text) ?? compileExpression(text);
      this.#expressions.set(text, expression);
      for (const message of unsupportedReferences(expression.tree, path)) this.complain(path, message);
      return expression;
    } catch (error) {
      this.complain(path, `the JSONata expression '${text}' does not parse: ${(error as Error).message}`);
      return null;
    }
  };
}

/** A value as a message shows it. */
export function shown(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
