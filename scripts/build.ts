/**
 * sources → dist, reproducibly: tsc, then ncc once over the one entry (lazy imports become chunks), then every chunk minified
 * (`ncc -m` would minify only the entry), then two-line stubs per action. dist holds JavaScript, package.json and licences only.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build as bundleModules, transform } from 'esbuild'
import { compile } from './compile.ts'
import { root, runTool } from './programs.ts'

const dist = join(root, 'dist')
const bundle = join(root, 'lib', 'bundle')

/** Actions are the folders of actions/ that have an action.yml. */
export function actionNames(): string[] {
  return readdirSync(join(root, 'actions'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /^[^/\\]+[/\\]action\.yml$/.test(path))
    .map((path) => path.split(/[/\\]/)[0] ?? '')
    .sort()
}

/** Besides main and post: what a bundle starts itself, as a process of its own (see actions/entry.ts). */
const furtherStages: Readonly<Record<string, readonly string[]>> = { 'kubeconfig-esc': ['tunnel'] }

async function minify(source: string): Promise<string> {
  const result = await transform(source, {
    minify: true,
    legalComments: 'none',
    format: 'esm',
    target: 'node24',
    platform: 'node',
  })
  return result.code
}

/**
 * Replaces tsc's output of one module by itself plus the used parts of client-node; every other package stays an import for ncc.
 * Without this the chunk holds all generated APIs: 4.5 MB instead of 0.4 MB, minified.
 */
async function shakeClientNode(): Promise<void> {
  const file = join(root, 'lib', 'src', 'kubernetes', 'client-node.js')
  await bundleModules({
    entryPoints: [file],
    outfile: file,
    allowOverwrite: true,
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    logLevel: 'warning',
    plugins: [
      {
        name: 'only client-node',
        setup: (plugin) =>
          plugin.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            kind === 'entry-point' || path === '@kubernetes/client-node' ? undefined : { path, external: true },
          ),
      },
    ],
  })
}

export async function build(): Promise<void> {
  await compile({ clean: true })
  await shakeClientNode()
  runTool('@vercel/ncc/dist/ncc/cli.js', [
    'build',
    join('lib', 'actions', 'entry.js'),
    '--out',
    bundle,
    '--no-cache',
    '--license',
    'licenses.txt',
    '--quiet',
  ])

  rmSync(dist, { recursive: true, force: true })
  mkdirSync(dist)
  for (const name of readdirSync(bundle).sort()) {
    // ssh2 brings a Windows helper program and, where it was compiled, native modules; the bundle uses neither.
    if (name.endsWith('.js')) writeFileSync(join(dist, name), await minify(readFileSync(join(bundle, name), 'utf8')))
    else if (name === 'package.json') writeFileSync(join(dist, name), '{"type":"module"}\n')
    else if (name === 'licenses.txt') writeFileSync(join(dist, name), readFileSync(join(bundle, name)))
  }
  for (const action of actionNames()) {
    mkdirSync(join(dist, action))
    const posts = existsSync(join(root, 'actions', action, 'post.ts')) ? ['post'] : []
    for (const stage of ['main', ...posts, ...(furtherStages[action] ?? [])]) {
      const file = stage === 'main' ? 'index.js' : `${stage}.js`
      writeFileSync(join(dist, action, file), `import { run } from '../index.js'\nawait run('${action}', '${stage}')\n`)
    }
  }
}

if (import.meta.main) await build()
