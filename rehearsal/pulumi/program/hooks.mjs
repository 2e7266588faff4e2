/**
 * Leads the imports of a Pulumi program to the stand-ins, and finds `./x` as CommonJS and ts-node do: `./x.ts`, `./x/index.ts`.
 * Used with `--import`.
 */
import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const packages = new Map([
  ['@pulumi/pulumi', new URL('pulumi.ts', import.meta.url).href],
  ['@pulumi/kubernetes', new URL('kubernetes.ts', import.meta.url).href],
])

registerHooks({
  resolve(specifier, context, next) {
    const standIn = packages.get(specifier)
    if (standIn !== undefined) return { url: standIn, format: 'module-typescript', shortCircuit: true }
    if (specifier.startsWith('.') && context.parentURL !== undefined) {
      const path = fileURLToPath(new URL(specifier, context.parentURL))
      const found = [path, `${path}.ts`, `${path}/index.ts`].find((one) => /\.[cm]?[jt]s$/.test(one) && existsSync(one))
      if (found !== undefined) return { url: pathToFileURL(found).href, shortCircuit: true }
    }
    return next(specifier, context)
  },
  load(url, context, next) {
    // A program says nothing of its module type: Pulumi compiles it.
    return next(url, url.endsWith('.ts') ? { ...context, format: 'module-typescript' } : context)
  },
})
