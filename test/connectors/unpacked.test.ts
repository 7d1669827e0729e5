import { execFileSync } from 'node:child_process';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unpacked } from '../../lib/connectors/files/read/packed/unpacked.ts';

/** A frame without content, as pzstd writes it: magic number, length, any bytes. */
const skippable = (bytes: number, kind = 0): Buffer => {
  const frame = Buffer.alloc(8 + bytes, 0xfe);
  frame.writeUInt32LE(0x184d2a50 + kind, 0);
  frame.writeUInt32LE(bytes, 4);
  return frame;
};

const checked = (text: string): Buffer =>
  zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1, [constants.ZSTD_c_compressionLevel]: 19 } });

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function contentOf(bytes: Buffer, size = 64 * 1024): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of (await unpacked('a.csv', inChunks(bytes, size))).bytes) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}

const long = 'a,b,c\n'.repeat(60_000);

describe('every byte behind the first frame or member counts', () => {
  test.each([
    ['two frames', [zstdCompressSync('1\n'), zstdCompressSync('2\n')], '1\n2\n'],
    ['frames with checksums', [checked('1\n'), checked(long), checked('2\n')], `1\n${long}2\n`],
    [
      'skippable frames before, between and behind',
      [skippable(4), zstdCompressSync('1\n'), skippable(0, 15), checked('2\n'), skippable(70_000)],
      '1\n2\n',
    ],
    ['empty frames', [zstdCompressSync(''), zstdCompressSync('1\n'), zstdCompressSync('')], '1\n'],
    [
      'a frame of one repeated byte',
      [zstdCompressSync('\n'.repeat(300_000)), zstdCompressSync('2\n')],
      `${'\n'.repeat(300_000)}2\n`,
    ],
    ['gzip in members', [gzipSync('1\n'), gzipSync(''), gzipSync(long)], `1\n${long}`],
    ['gzip that is filled up with zeros', [gzipSync('1\n'), Buffer.alloc(1000)], '1\n'],
  ] as const)('%s', async (_title, parts, expected) => {
    const bytes = Buffer.concat(parts);
    for (const size of [1, 2, 7, 100, 64 * 1024]) {
      if (bytes.length / size > 2000) continue;
      expect(await contentOf(bytes, size)).toBe(expected);
    }
  });

  test('any frames in any chunks', async () => {
    const part = fc.oneof(
      fc.string({ maxLength: 300 }).map((text) => ({ text, bytes: zstdCompressSync(text) })),
      fc.string({ maxLength: 300 }).map((text) => ({ text, bytes: checked(text) })),
      fc
        .record({ size: fc.nat(20), kind: fc.nat(15) })
        .map(({ size, kind }) => ({ text: '', bytes: skippable(size, kind) })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 400 }),
        async (parts, size) => {
          const bytes = Buffer.concat(parts.map((one) => one.bytes));
          expect(await contentOf(bytes, size)).toBe(parts.map(({ text }) => text).join(''));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a packed file is an error', () => {
  const zstd = Buffer.concat([checked('1,2\n'), skippable(3), zstdCompressSync('3,4\n')]);
  const gzip = Buffer.concat([gzipSync('1,2\n'), gzipSync('3,4\n')]);
  test.each([
    ['zstd', zstd, [checked('1,2\n').length, checked('1,2\n').length + 11]],
    ['gzip', gzip, [gzipSync('1,2\n').length]],
  ] as const)('%s that is cut off anywhere but between its members', async (_title, bytes, wholes) => {
    for (let end = 4; end < bytes.length; end += 1) {
      if ((wholes as readonly number[]).includes(end)) continue;
      for (const size of [3, 1000])
        await expect(contentOf(bytes.subarray(0, end), size), `cut at ${end}`).rejects.toThrow(
          'a.csv cannot be unpacked',
        );
    }
  });

  test.each([
    ['text behind zstd', [zstd, Buffer.from('5,6\n')]],
    ['one zero behind zstd', [zstd, Buffer.alloc(1)]],
    ['gzip behind zstd', [zstd, gzip]],
    ['text behind gzip', [gzip, Buffer.from('5,6\n')]],
    ['text behind zeros behind gzip', [gzip, Buffer.alloc(600), Buffer.from('5,6\n')]],
    ['gzip behind zeros behind gzip', [gzip, Buffer.alloc(600), gzip]],
    ['zstd behind gzip', [gzip, zstd]],
  ] as const)('with %s', async (_title, parts) => {
    for (const size of [1, 3, 64, 1000])
      await expect(contentOf(Buffer.concat(parts), size)).rejects.toThrow('a.csv cannot be unpacked');
  });

  test.each([
    ['504b0304', 'zip'],
    ['fd377a585a00', 'xz'],
    ['425a6839', 'bzip2'],
    ['04224d18', 'lz4'],
  ])('%s: the packing is named', async (magic, name) => {
    await expect(contentOf(Buffer.from(`${magic}00000000`, 'hex'))).rejects.toThrow(
      `a.csv is packed by ${name}; files are read plain, or packed by gzip or zstd`,
    );
  });
});

const hasTools = (() => {
  try {
    execFileSync('zstd', ['--version']);
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!hasTools)(
  'what the zstd program writes, several files behind each other, is what it reads (needs zstd)',
  async () => {
    const packed = ['-1', '-19', '--no-check', '--long=27'].map((option, index) =>
      execFileSync('zstd', ['-q', option], { input: `${index},${long}` }),
    );
    const bytes = Buffer.concat(packed);
    const expected = execFileSync('zstd', ['-dcq'], { input: bytes, maxBuffer: 1e8 }).toString('utf8');
    expect(await contentOf(bytes, 1000)).toBe(expected);
  },
);
