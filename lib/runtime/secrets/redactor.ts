import { secretParts, secretsIn } from './secret-parts.ts';
import { spellings } from './spellings.ts';

/** Remembers secrets, so that they can be kept out of everything that is written. */
export class Redactor {
  readonly #known = new Set<string>();
  /** Longest first: a secret that contains another one is replaced whole. */
  #forms: readonly string[] = [];

  /** From now on the secret is replaced, its parts too: encoded, in a URL, inside of JSON. */
  add(secret: string): void {
    const news = [secret, ...secretParts(secret)].filter((one) => one.trim() !== '' && !this.#known.has(one));
    if (news.length === 0) return;
    for (const one of news) this.#known.add(one);
    const forms = new Set([...this.#forms, ...news.flatMap(spellings)]);
    this.#forms = [...forms].sort((a, b) => b.length - a.length);
  }

  /** From now on the secrets that these variables hold are replaced. */
  addEnvironment(environment: Readonly<Record<string, string | undefined>>): void {
    for (const secret of secretsIn(environment)) this.add(secret);
  }

  /** The text without any of the secrets. */
  redact = (text: string): string => this.#forms.reduce((rest, form) => rest.replaceAll(form, '[secret]'), text);

  /** Takes the secrets out of an error, its stack and its causes, where they stand. */
  redactError(error: unknown, depth = 0): void {
    if (!(error instanceof Error) || depth > 10) return;
    for (const key of ['message', 'stack'] as const) {
      const text = error[key];
      if (typeof text === 'string' && this.redact(text) !== text) rewrite(error, key, this.redact(text));
    }
    this.redactError(error.cause, depth + 1);
    if (error instanceof AggregateError) for (const inner of error.errors) this.redactError(inner, depth + 1);
  }
}

function rewrite(error: Error, key: 'message' | 'stack', value: string): void {
  try {
    Object.defineProperty(error, key, { value, writable: true, configurable: true });
  } catch {
    // A frozen error keeps its text.
  }
}
