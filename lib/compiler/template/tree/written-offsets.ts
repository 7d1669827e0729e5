/**
 * The position of each UTF-16 unit of a YAML text value in the written text, and the value's end. Exact except for blanks: a blank at the beginning of a line may be
 * placed in the indentation before it.
 */
export function writtenOffsets(written: string, value: string): readonly number[] {
  const escapes = written.startsWith('"') ? doubleQuoted : written.startsWith("'") ? singleQuoted : null;
  const offsets: number[] = [];
  let at = contentStart(written);
  for (const unit of value.split('')) {
    // Indentation and folded line breaks are not in the value.
    if (!isBlank(unit)) while (isBlank(written[at])) at += 1;
    offsets.push(at);
    const escaped = escapes === null ? 0 : (matchAt(escapes, written, at)?.length ?? 0);
    if (escaped > 0) at += escaped;
    else if (!isBlank(unit) || isBlank(written[at])) at += 1;
  }
  return [...offsets, at];
}

const isBlank = (unit: string | undefined): boolean => unit !== undefined && /\s/.test(unit);

const doubleQuoted = /\\(x..|u....|U.{8}|.)/sy;
const singleQuoted = /''/y;

const matchAt = (form: RegExp, text: string, at: number): string | undefined => {
  form.lastIndex = at;
  return form.exec(text)?.[0];
};

/** Behind the quotation mark, or behind the line with `|` or `>`. */
const contentStart = (written: string): number =>
  /^['"]/.test(written) ? 1 : (/^[|>][^\n]*\n/.exec(written)?.[0].length ?? 0);
