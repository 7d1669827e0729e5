/** Log lines as JSON: one per event, for any values. */

export interface Logger {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}

export interface LoggerOptions {
  /** Fields of every line; a handler's fields cannot change them. */
  readonly facts: Readonly<Record<string, string | number>>;
  readonly now: () => number;
  readonly redact: (text: string) => string;
  readonly writeLine: (line: string) => void;
}

/** CloudWatch takes 256 KiB per event; a much longer line helps no one. */
const longestText = 8 * 1024;
const mostEntries = 100;
const deepest = 6;

/** A logger that never throws and whose every line is one JSON document without secrets, line breaks or control characters. */
export function createLogger({ facts, now, redact, writeLine }: LoggerOptions): Logger {
  const clean = cleaner(redact);
  const log = (level: string) => (message: string, fields?: object) => {
    const own = fields === undefined ? {} : (clean(fields, []) as object);
    const line = { time: new Date(now()).toISOString(), level, message: clean(message, []), ...facts };
    writeLine(visible(JSON.stringify({ ...line, ...own, ...line })));
  };
  return { debug: log('DEBUG'), info: log('INFO'), warn: log('WARN'), error: log('ERROR') };
}

/** Copies a value into a form that JSON can hold: small and without secrets. Never throws. */
function cleaner(redact: (text: string) => string) {
  const cut = (text: string) => (text.length > longestText ? `${text.slice(0, longestText)}… (cut)` : text);
  const clean = (value: unknown, above: readonly object[]): unknown => {
    if (typeof value === 'string') return cut(redact(value)).toWellFormed();
    if (value === null || value === undefined || typeof value === 'boolean' || Number.isFinite(value)) return value;
    if (typeof value !== 'object') return cut(redact(String(value)));
    if (above.includes(value)) return '(contains itself)';
    if (above.length >= deepest) return '(too deep)';
    const inside = [...above, value];
    try {
      if (value instanceof Error) return { error: clean(value.name, inside), cause: clean(value.message, inside) };
      if (value instanceof Date) return value.toJSON();
      if (Array.isArray(value)) return value.slice(0, mostEntries).map((item) => clean(item, inside));
      const entries = Object.keys(value).slice(0, mostEntries);
      return Object.fromEntries(
        entries.map((key) => [redact(key), clean((value as Record<string, unknown>)[key], inside)]),
      );
    } catch {
      return '(cannot be shown)';
    }
  };
  return clean;
}

/** JSON escapes what is below a space; terminals and log viewers also act on these: C1 controls, line separators, direction marks. */
const acting = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const visible = (json: string): string =>
  json.replace(acting, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
