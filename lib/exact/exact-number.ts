/**
 * A JSON number that neither a double nor an integer of JavaScript holds, by its text: 99999999999999.9901. It is no string, so that a column of texts refuses it; `String(number)` is its text, and
 * JSON.stringify writes it as it is. `Number(number)` rounds.
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

/** ECMAScript's JSON.rawJSON, which TypeScript's library does not know yet. */
const { rawJSON: rawJson } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

/** Whether the shortest decimal form of the double nearest to a JSON number is that number: 0.1 is held, 0.1000000000000000055 is not. */
export function isHeld(text: string, double: number): boolean {
  return digitsOf(text) === digitsOf(String(double));
}

/** Significant digits, without sign, point, exponent and the zeros at either end. Two numbers of one double's size that have the same digits are the same. */
function digitsOf(number: string): string {
  return number
    .replace(/e.*$/i, '')
    .replace(/[-+.]/g, '')
    .replace(/^0+|0+$/g, '');
}
