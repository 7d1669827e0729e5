/** The longest part of a value that an error quotes. */
const mostQuoted = 80;

/** True if errors describe the values of rows instead of quoting them: the variable MASK_VALUES is `true`. So no value gets into logs and dead letters. */
export function masksValues(): boolean {
  return /^(?:1|true)$/i.test(process.env.MASK_VALUES ?? '');
}

/** Returns a text from a row for an error: in quotation marks, or its length if values are masked. */
export function quotedValue(text: string): string {
  if (masksValues()) return `a text of ${text.length} characters`;
  return JSON.stringify(text.length > mostQuoted ? `${text.slice(0, mostQuoted)}...` : text);
}

const quotes = /"(?:[^"\\]|\\.|"")*"|'(?:[^'\\]|\\.|'')*'|\{.*\}|\d[\d.eE+-]{2,}/gs;

/** Returns the message of a server or an engine, without the values in it if values are masked. Names in quotation marks go with them. */
export function withoutValues(message: string): string {
  return masksValues() ? message.replaceAll(quotes, '(masked)') : message;
}
