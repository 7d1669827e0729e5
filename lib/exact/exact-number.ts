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
const { rawJSON: rawJson } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

/** True if the double nearest to a JSON number has that number as its shortest decimal form: 0.1 is held, 0.1000000000000000055 is not. */
export function isHeld(text: string, double: number): boolean {
  return digitsOf(text) === digitsOf(String(double));
}

/** Returns the significant digits, without sign, point, exponent and outer zeros. Two numbers of one double's size that have the same digits are equal. */
function digitsOf(number: string): string {
  return number
    .replace(/e.*$/i, '')
    .replace(/[-+.]/g, '')
    .replace(/^0+|0+$/g, '');
}
