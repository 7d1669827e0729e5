import { describe, expect, test } from 'vitest';
import type { TaskTokens } from '../../lib/ports/ports.ts';

/** A port with the engine behind it: the waiting states, and their answers. */
export interface TokensUnderTest {
  readonly tokens: TaskTokens;
  readonly waiting: Set<string>;
  readonly got: Map<string, string>;
}

/** The engine's side. A token works once, while its state waits. */
export function deliverTo({ waiting, got }: Pick<TokensUnderTest, 'waiting' | 'got'>) {
  return (token: string, output: string): boolean => {
    if (!waiting.delete(token)) return false;
    got.set(token, output);
    return true;
  };
}

/** The contract of every TaskTokens. */
export function describeTaskTokens(name: string, make: () => TokensUnderTest): void {
  describe(`${name} answers task tokens`, () => {
    test('delivers an output to the state that waits, once', async () => {
      const { tokens, waiting, got } = make();
      waiting.add('t1');
      expect(await tokens.succeed('t1', '{"a":"ü"}')).toBe('delivered');
      expect(await tokens.succeed('t1', '{}')).toBe('gone');
      expect(got).toEqual(new Map([['t1', '{"a":"ü"}']]));
    });

    test('reports a token as gone if no state waits for it', async () => {
      const { tokens, got } = make();
      expect(await tokens.succeed('unknown', '{}')).toBe('gone');
      expect(got.size).toBe(0);
    });

    test('returns each of several concurrent answers to its caller', async () => {
      const { tokens, waiting } = make();
      for (let index = 0; index < 20; index += 2) waiting.add(`t${index}`);
      const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => tokens.succeed(`t${index}`, '{}')));
      expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 'delivered' : 'gone')));
    });
  });
}
