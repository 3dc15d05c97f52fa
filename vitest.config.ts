import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx", "connectors/**/*.test.ts"],
    globalSetup: ["test/support/cluster.ts"],
    reporters: ["default", "./test/support/closing-line.ts"],
    // Two cores: more workers than that only make the waiting tests time out.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
