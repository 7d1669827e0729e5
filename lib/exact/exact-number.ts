/**
 * A JSON number that neither a double nor a JavaScript integer can hold, as its text: 99999999999999.9901. It is not a string, so a text column rejects it.
 * `String(number)` is its text, and JSON.stringify writes it unchanged. `Number(number)` rounds.
 */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): unknown {
    return rawJson(this.text);
  }
}

/** ECMAScript's JSON.rawJSON, which TypeScript's library does not declare yet. */
export const { rawJSON: rawJson } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

/** True if the double nearest to a JSON number has that number as its shortest decimal form: 0.1 is held, 0.1000000000000000055 is not. */
export function isHeld(text: string, double: number): boolean {
  return digitsOf(text) === digitsOf(String(double));
}

/** Digits that tell any two doubles apart. */
const mostDigits = 17;

/**
 * True if a number names its nearest double: exactly, by its shortest decimal form, or rounded to at most 17 digits, as many programs write every double
 * (0.10000000000000001). Any other number would be rounded.
 */
export function namesDouble(text: string, double: number): boolean {
  if (!Number.isFinite(double)) return false;
  if (isHeld(text, double)) return true;
  const digits = digitsOf(text);
  if (digits.length <= mostDigits)
    return digitsOf(double.toPrecision(Math.max(1, digits.length))) === digits || isTie(digits, double);
  return /^[+-]?\d+$/.test(text) && BigInt(text.replace('+', '')) === BigInt(double);
}

/** True if the double lies exactly between these digits and the next greater ones: JavaScript rounds such a tie up, other programs round it to even. */
function isTie(digits: string, double: number): boolean {
  return digitsOf(double.toPrecision(100)) === `${digits}5`;
}

/** Returns the significant digits, without sign, point, exponent and outer zeros. Two numbers of one double's size that have the same digits are equal. */
function digitsOf(number: string): string {
  return number
    .replace(/e.*$/i, '')
    .replace(/[-+.]/g, '')
    .replace(/^0+|0+$/g, '');
}
