/** Orders texts by their UTF-8 bytes, as the datasets are sorted: the same on every machine, whatever its locale. */
export const textOrder = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
