/** The charset that a content type names (`text/csv; charset=ISO-8859-1`); null without one. */
export function charsetOf(contentType: string | null | undefined): string | null {
  const [, quoted, plain] = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i.exec(contentType ?? '') ?? [];
  return quoted ?? plain ?? null;
}
