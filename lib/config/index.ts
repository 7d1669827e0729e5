/** `daybreak/config`: what a project's daybreak.config.ts imports. */
import type { DaybreakConfig } from './config.ts';

export type { DaybreakConfig, EnvironmentConfig } from './config.ts';

/** Returns its argument, typed and completed by editors. Daybreak checks the values when it reads the file. */
export function defineConfig(config: DaybreakConfig): DaybreakConfig {
  return config;
}
