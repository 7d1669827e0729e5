const special = /[",\r\n]/;

/** A row as a line of the CSV that a dataset's writer takes: null is an empty field, an empty text is `""`. */
export function csvLine(fields: readonly (string | null)[]): string {
  let line = '';
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index] ?? null;
    if (index > 0) line += ',';
    if (field === null) continue;
    line += field === '' || special.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
  }
  return `${line}\n`;
}
