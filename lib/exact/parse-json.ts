import { ExactNumber, isHeld } from './exact-number.ts';
import type { ExactJson } from './json.ts';
import { masksValues, quotedValue } from './quoted-value.ts';
import { problemAt, type ReadProblem } from './read-problem.ts';

/** `exact` keeps the text of a number that a double cannot hold; `double` rejects it. */
export type Numbers = 'exact' | 'double';

/** Deeper nesting than any document needs, and shallow enough for the stack of every reader. */
export const deepestJson = 500;

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const hex = /^[0-9a-fA-F]{4}$/;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};
const [tab, newline, carriageReturn, space] = [9, 10, 13, 32];
const [quote, comma, colon, backslash] = [34, 44, 58, 92];
const [leftBracket, rightBracket, leftBrace, rightBrace] = [91, 93, 123, 125];

/**
 * Parses one JSON value by RFC 8259, and rejects any text that would lose or change data. JSON.parse is several times as fast. Throws a ReadProblem with line
 * and column.
 */
export function parseJson(text: string, numbers: Numbers): ExactJson {
  return new Parser(text, numbers).document();
}

class Parser {
  readonly #text: string;
  readonly #numbers: Numbers;
  #at = 0;
  #depth = 0;

  constructor(text: string, numbers: Numbers) {
    this.#text = text;
    this.#numbers = numbers;
  }

  document(): ExactJson {
    const value = this.#value();
    if (this.#at < this.#text.length) throw this.#unexpected('the end of the text');
    return value;
  }

  /** Reads a value and the blanks around it. */
  #value(): ExactJson {
    const first = this.#skipBlanks();
    const value =
      first === quote
        ? this.#string()
        : first === leftBrace
          ? this.#nested(rightBrace, this.#members)
          : first === leftBracket
            ? this.#nested(rightBracket, this.#items)
            : this.#wordOrNumber();
    this.#skipBlanks();
    return value;
  }

  #nested(close: number, read: (close: number) => ExactJson): ExactJson {
    this.#depth += 1;
    if (this.#depth > deepestJson) throw this.#problem(`the JSON is nested more than ${deepestJson} levels deep`);
    this.#at += 1;
    const value = read.call(this, close);
    this.#at += 1;
    this.#depth -= 1;
    return value;
  }

  #members(close: number): ExactJson {
    const object: { [key: string]: ExactJson } = {};
    if (this.#skipBlanks() === close) return object;
    for (;;) {
      const start = this.#at;
      if (this.#code() !== quote) throw this.#unexpected('a key in quotation marks');
      const key = this.#string();
      if (key === '__proto__') throw this.#problem('the key "__proto__" is not allowed', start);
      if (Object.hasOwn(object, key)) throw this.#problem(`the key ${shown(key)} occurs twice in one object`, start);
      if (this.#skipBlanks() !== colon) throw this.#unexpected('":"');
      this.#at += 1;
      object[key] = this.#value();
      if (this.#code() === close) return object;
      if (this.#code() !== comma) throw this.#unexpected('"," or "}"');
      this.#at += 1;
      this.#skipBlanks();
    }
  }

  #items(close: number): ExactJson {
    const items: ExactJson[] = [];
    if (this.#skipBlanks() === close) return items;
    for (;;) {
      items.push(this.#value());
      if (this.#code() === close) return items;
      if (this.#code() !== comma) throw this.#unexpected('"," or "]"');
      this.#at += 1;
    }
  }

  #string(): string {
    const text = this.#text;
    const start = this.#at;
    let value = '';
    let from = start + 1;
    for (let at = from; ; at += 1) {
      const code = text.charCodeAt(at);
      if (code === quote) {
        this.#at = at + 1;
        value += text.slice(from, at);
        break;
      }
      if (code === backslash) {
        this.#at = at + 1;
        value += text.slice(from, at) + this.#escape();
        from = this.#at;
        at = from - 1;
      } else if (code < space) {
        throw this.#problem('a control character in a text is written as an escape, such as \\n', at);
      } else if (at >= text.length) throw this.#problem('a text is not closed by a quotation mark', start);
    }
    if (!value.isWellFormed()) throw this.#problem('a text holds half of a character (a lone surrogate)', start);
    return value;
  }

  /** Reads the character of an escape after its backslash. */
  #escape(): string {
    const letter = this.#text[this.#at] ?? '';
    this.#at += 1;
    const plain = escapes[letter];
    if (plain !== undefined) return plain;
    const digits = this.#text.slice(this.#at, this.#at + 4);
    if (letter !== 'u' || !hex.test(digits))
      throw this.#problem(`${shown(`\\${letter}`)} begins no escape of JSON`, this.#at - 2);
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #wordOrNumber(): ExactJson {
    number.lastIndex = this.#at;
    const digits = number.exec(this.#text)?.[0];
    if (digits !== undefined) return this.#number(digits);
    for (const word of ['true', 'false', 'null']) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return word === 'null' ? null : word === 'true';
    }
    throw this.#unexpected('a value');
  }

  #number(digits: string): ExactJson {
    const start = this.#at;
    this.#at += digits.length;
    const double = Number(digits);
    if (this.#numbers === 'double' && Object.is(double, -0))
      throw this.#problem(
        `the number ${quotedValue(digits)} would become 0, since JavaScript writes it without its sign; write 0`,
        start,
      );
    // Every double holds 15 digits.
    if (digits.length <= 15 && !/e/i.test(digits)) return double;
    if (!Number.isFinite(double)) throw this.#problem(`the number ${quotedValue(digits)} is too large`, start);
    if (double === 0 && /^[^e]*[1-9]/i.test(digits))
      throw this.#problem(`the number ${quotedValue(digits)} is too small`, start);
    if (this.#numbers === 'exact' && !Number.isSafeInteger(double) && /^-?\d+$/.test(digits)) return BigInt(digits);
    if (isHeld(digits, double)) return double;
    if (this.#numbers === 'exact') return new ExactNumber(digits);
    const lost = `the number ${quotedValue(digits)} would become ${masksValues() ? 'another one' : double}, since a number holds about 16 digits`;
    throw this.#problem(`${lost}; write it in quotation marks`, start);
  }

  /** Skips blanks and returns the code of the next character; NaN at the end. */
  #skipBlanks(): number {
    for (;;) {
      const code = this.#code();
      if (code !== space && code !== newline && code !== carriageReturn && code !== tab) return code;
      this.#at += 1;
    }
  }

  #code(): number {
    return this.#text.charCodeAt(this.#at);
  }

  #unexpected(wanted: string): ReadProblem {
    const point = this.#text.codePointAt(this.#at);
    const found = point === undefined ? 'the text ends' : `there is ${shown(String.fromCodePoint(point))}`;
    return this.#problem(`${found} where ${wanted} is expected`);
  }

  #problem(reason: string, at = this.#at): ReadProblem {
    return problemAt(this.#text, at, reason);
  }
}

/** Quotes a part of the text for an error. */
const shown = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
