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
  runTool('typescript/bin/tsc', ['-p', join(root, 'tsconfig.json')])
}
