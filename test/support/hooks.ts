// As `bin/run.js` does: the AWS SDK's remark about Node 20 has no place in a test's output.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** Commands leave their code in `process.exitCode`; a command under test must not decide the test run's own result. */
export const mochaHooks = {
  afterEach(): void {
    process.exitCode = 0;
  },
};
