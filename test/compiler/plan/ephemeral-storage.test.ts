import { expect, test } from 'vitest';
import { compiled } from '../../support/compiled.ts';

const planned = (keys: string): number | undefined =>
  compiled(`name: p\nsteps: [{ name: a, handler: a${keys} }]\n`).plan.steps[0]?.ephemeralStorageMb;

test("a function's /tmp is four times its memory unless the template says otherwise, within Lambda's limits", () => {
  expect(planned('')).toBe(4096);
  expect(planned(', memory_mb: 128')).toBe(512);
  expect(planned(', memory_mb: 10240')).toBe(10_240);
  expect(planned(', memory_mb: 10240, ephemeral_storage_mb: 512')).toBe(512);
});
