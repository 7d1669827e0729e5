/** Orders texts by their UTF-8 bytes, as the datasets are sorted: the same on every machine and in every locale. */
export function textOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
