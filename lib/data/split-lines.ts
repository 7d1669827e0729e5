const newline = 0x0a;

/** Lines of a byte stream, each without its newline; cut as bytes, so that no character is ever torn. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncIterable<string[]> {
  let rest: Uint8Array[] = [];
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(newline);
    if (end < 0) {
      rest.push(chunk);
      continue;
    }
    const text = Buffer.concat([...rest, chunk.subarray(0, end)]).toString('utf8');
    rest = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
    yield text.split('\n');
  }
  if (rest.length > 0) yield [Buffer.concat(rest).toString('utf8')];
}
