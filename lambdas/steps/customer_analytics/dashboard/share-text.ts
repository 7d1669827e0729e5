import { percentText } from '../../page/display.ts';
import { parseMoney, ratio } from '../../quantities/money.ts';

/** The share of an amount in a total, such as `12.3%`; a dash if the total is not above zero. */
export function shareText(amount: string, total: string): string {
  const all = parseMoney(total);
  return all > 0n ? percentText(Number(ratio(parseMoney(amount), all, 4))) : '–';
}
