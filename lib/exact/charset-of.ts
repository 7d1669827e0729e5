/** Returns the charset of a content type (`text/csv; charset=ISO-8859-1`); null if it names none. */
export function charsetOf(contentType: string | null | undefined): string | null {
  const [, quoted, plain] = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i.exec(contentType ?? '') ?? [];
  return quoted ?? plain ?? null;
}
