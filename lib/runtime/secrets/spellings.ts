import { inspect } from 'node:util';

/** An encoded form shorter than this may stand in a text by chance. */
const shortestEncoded = 8;

const percent = (byte: number): string => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;

const inUrl = (text: string): string[] => {
  const usual = encodeURIComponent(text);
  // URLSearchParams, curl and RFC 3986 encode these beyond encodeURIComponent.
  const strict = usual.replace(/[!'()*]/g, (character) => percent(character.charCodeAt(0)));
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const whole = [...Buffer.from(text)].map(percent).join('');
  return [usual, strict, form, whole, encodeURI(text)].flatMap((one) => [one, one.replace(/%../g, lower)]);
};

const lower = (text: string): string => text.toLowerCase();

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

const inAsciiJson = (text: string): string =>
  inJson(text).replace(/[\u0080-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const inMarkup = (text: string): string[] => {
  const escaped = text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
  return [escaped, escaped.replaceAll("'", '&#39;'), escaped.replaceAll("'", '&apos;')];
};

/**
 * Base64 has three forms of a text inside of a longer one (`user:password`), by where it begins. Of each, the characters that the text alone decides. The whole text's own form comes
 * with its padding.
 */
const inBase64 = (bytes: Buffer): string[] => {
  const inner = [0, 1, 2].map((offset) => {
    const coded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const begin = Math.ceil((offset * 8) / 6);
    return coded.slice(begin, Math.floor(((offset + bytes.length) * 8) / 6));
  });
  return [bytes.toString('base64'), ...inner].flatMap((one) => [
    one,
    one.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
  ]);
};

/** Node shows the first 50 bytes of a buffer, with blanks between them. */
const shownBytes = 50;

const inHex = (bytes: Buffer): string[] => {
  const pairs = bytes.toString('hex').match(/../g) ?? [];
  const forms = [pairs.join(''), pairs.join(':'), pairs.slice(0, shownBytes).join(' ')];
  return forms.flatMap((one) => [one, one.toUpperCase()]);
};

/** The forms of a text in a program's output: itself, and its form in JSON, URLs, markup, Base64 and hexadecimal digits. The longest first. */
export function spellings(text: string): string[] {
  const whole = text.toWellFormed();
  const bytes = Buffer.from(whole);
  const plain = [text, text.trim(), inJson(text), inJson(inJson(text)), inspect(text).slice(1, -1)];
  const encoded = [inAsciiJson(whole), ...inUrl(whole), ...inMarkup(whole), ...inBase64(bytes), ...inHex(bytes)];
  const forms = new Set([...plain, ...encoded.filter((form) => form.length >= shortestEncoded)]);
  return [...forms].filter((form) => form !== '').sort((a, b) => b.length - a.length);
}
