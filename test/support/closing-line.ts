import type { Reporter, TestModule } from "vitest/node";

/** Ends the run with one plain line, `412 passed, 0 failed`, after everything else. Failed files without tests count as failures. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      passed += tests.filter((test) => test.result().state === "passed").length;
      const failedTests = tests.filter((test) => test.result().state !== "passed").length;
      failed += failedTests + (module.errors().length > 0 && failedTests === 0 ? 1 : 0);
    }
    process.once("exit", () => process.stdout.write(`${passed} passed, ${failed} failed\n`));
  }
}
