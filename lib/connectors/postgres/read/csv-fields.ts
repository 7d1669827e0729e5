/** The fields of one row of PostgreSQL's CSV: an empty field without quotes is null. */
export function csvFields(row: string): readonly (string | null)[] {
  const line = row.replace(/\r?\n$/, '');
  const fields: (string | null)[] = [];
  let at = 0;
  for (;;) {
    if (line[at] === '"') {
      let value = '';
      for (;;) {
        const quote = line.indexOf('"', at + 1);
        if (quote < 0) throw new Error('a quote in a row of CSV does not end');
        value += line.slice(at + 1, quote);
        at = quote + 1;
        if (line[at] !== '"') break;
        value += '"';
      }
      fields.push(value);
    } else {
      const comma = line.indexOf(',', at);
      const end = comma < 0 ? line.length : comma;
      fields.push(end === at ? null : line.slice(at, end));
      at = end;
    }
    if (at >= line.length) return fields;
    at += 1;
  }
}
