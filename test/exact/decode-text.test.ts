import { describe, expect, test } from 'vitest';
import { charsetOf } from '../../lib/exact/charset-of.ts';
import { decodeText } from '../../lib/exact/decode-text.ts';

const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('decodeText', () => {
  test.each([
    ['ascii', '61', undefined, 'a'],
    ['UTF-8 without a header', '4d c3 bc 6c 6c 65 72', undefined, 'Müller'],
    ['UTF-8 with its mark', 'ef bb bf 61', undefined, 'a'],
    ['a mark in the middle is a character', '61 ef bb bf', undefined, 'a\ufeff'],
    ['a replacement character that the text really has', 'ef bf bd', undefined, '\ufffd'],
    ['ISO-8859-1', '4d fc 6c 6c 65 72', 'ISO-8859-1', 'Müller'],
    ['the euro sign of Windows-1252', '80', 'windows-1252', '€'],
    ['the euro sign of ISO-8859-15', 'a4', 'iso-8859-15', '€'],
    ['Shift_JIS', '83 65 83 58 83 67', 'Shift_JIS', 'テスト'],
    ['UTF-16 by its mark, big end first, against the header', 'fe ff 00 61', 'utf-16', 'a'],
    ['UTF-16 by its mark', 'ff fe 61 00', undefined, 'a'],
    ['nothing', '', undefined, ''],
  ] as const)('%s', (_title, hex, charset, text) => {
    expect(decodeText(bytes(hex), charset)).toBe(text);
  });

  test.each([
    [
      'a byte of ISO-8859-1',
      '61 0a 62 fc 63',
      undefined,
      'line 2, column 2: the byte 0xfc is not UTF-8; save the text as UTF-8, or name its charset',
    ],
    [
      'the same behind a real replacement character',
      'ef bf bd fc',
      undefined,
      'line 1, column 2: the byte 0xfc is not UTF-8',
    ],
    ['a sequence that the end cuts off', '61 c3', undefined, 'line 1, column 2: the byte 0xc3 is not UTF-8'],
    ['half of a surrogate pair', 'ed a0 80', undefined, 'line 1, column 1: the byte 0xed is not UTF-8'],
    ['an overlong slash', 'c0 af', undefined, 'line 1, column 1: the byte 0xc0 is not UTF-8'],
    ['half of a surrogate pair in UTF-16', '00 d8', 'utf-16le', 'the bytes are not text in utf-16le'],
    ['a byte that Shift_JIS does not have', '83', 'shift_jis', 'the bytes are not text in shift_jis'],
    ['a charset that does not exist', '61', 'utf-32', 'the charset "utf-32" is not known; use UTF-8'],
  ] as const)('refuses %s', (_title, hex, charset, message) => {
    expect(() => decodeText(bytes(hex), charset)).toThrow(message);
  });
});

test.each([
  ['application/json', null],
  ['application/json; charset=utf-8', 'utf-8'],
  ['text/csv;Charset="ISO-8859-1"; header=present', 'ISO-8859-1'],
  ['text/plain; format=flowed; charset = latin1', 'latin1'],
  [null, null],
])('the charset of %s is %s', (header, charset) => {
  expect(charsetOf(header)).toBe(charset);
});
