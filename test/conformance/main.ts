import { runConformance } from './run.ts';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
try {
  process.exitCode = await runConformance(process.argv.slice(2), (text) => void process.stdout.write(text));
} catch (error) {
  const why = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `Nothing was compared: ${why}\nIs the profile signed in? Try: aws sts get-caller-identity --profile NAME\n`,
  );
  process.exitCode = 2;
}
