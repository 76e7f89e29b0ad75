import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { MemoryFirst } from './test/memory-first.ts';
import { witness } from './test/witness.ts';

export default defineConfig({
  plugins: [
    cloudflareTest({
      // The one with a bucket and queues.
      wrangler: { configPath: './wrangler.toml', environment: 'local' },
      miniflare: {
        // Only the test runner needs it: it silences vitest's search for an inspector.
        compatibilityFlags: ['nodejs_compat'],
        outboundService: witness,
      },
    }),
  ],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/pictures/setup.ts'],
    // One isolate for all files, as in production: it is also 1.5–2 times faster than one for each.
    isolate: false,
    maxWorkers: 1,
    sequence: { sequencer: MemoryFirst },
    testTimeout: 30_000,
    // The Worker's own log: one line a request, and that most tests have no rate limit.
    onConsoleLog: (log) => !/^\{"(request_id|warning)"/.test(log),
  },
});
