/** Generated modules, then tsc: sources → lib/. A type error fails unless `emitOnly`. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { generateScripts } from './generate.ts'
import { root, runTool } from './programs.ts'
import { generateSchemas } from './schemas.ts'

export async function compile(options: { readonly clean: boolean }): Promise<void> {
  if (options.clean) rmSync(join(root, 'lib'), { recursive: true, force: true })
  generateScripts()
  await generateSchemas()
  // Beside what it describes, so that both go together.
  const incremental = ['--incremental', '--tsBuildInfoFile', join(root, 'lib', '.tsbuildinfo')]
  runTool('typescript/bin/tsc', [
    '-p',
    join(root, 'tsconfig.json'),
    ...(process.env.COMPILE_INCREMENTALLY ? incremental : []),
  ])
}
