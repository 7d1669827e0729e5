/** Only a number with many digits can lose some. */
const manyDigits = /\d[\d.]{15,}/;

/** Parses JSON without losing a digit: a number that JavaScript does not hold exactly becomes its text. */
export function exactJson(text: string): unknown {
  return manyDigits.test(text) ? JSON.parse(text, exactNumber) : JSON.parse(text);
}

const exactNumber = (_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined) return value;
  return digitsOf(source) === digitsOf(String(value)) ? value : source;
};

/** Significant digits, without the point, the exponent and zeros at either end. */
const digitsOf = (number: string): string =>
  number
    .replace(/e.*$/i, '')
    .replace(/[-+.]/g, '')
    .replace(/^0+|0+$/g, '');
