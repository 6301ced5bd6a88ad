/** Commands leave their code in `process.exitCode`; a command under test must not decide the test run's own result. */
export const mochaHooks = {
  afterEach(): void {
    process.exitCode = 0;
  },
};
