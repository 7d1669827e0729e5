/** Compares texts by their UTF-8 bytes, in the sort order of the datasets: the same on every machine and in every locale. */
export function textOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
