/**
 * The last net: something escaped a door. Main fails the step; post only warns, because the job is over.
 * Uses nothing that could fail itself.
 */
export function reportBug(action: string, stage: 'main' | 'post' | 'tunnel', text: string): number {
  // A message with line breaks must not start a second workflow command.
  const escaped = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  const level = stage === 'post' ? 'warning' : 'error'
  process.stdout.write(`::${level} title=${action} (${stage}): unexpected error::${escaped}\n`)
  return stage === 'post' ? 0 : 1
}
