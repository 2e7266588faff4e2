/** actions/setup-node: the Node that runs the rehearsal comes first on PATH; another major version cannot be had here. */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { StandIn } from './model.ts'

export const setupNode: StandIn = {
  inputs: {
    'node-version': '',
    'node-version-file': '',
    'check-latest': 'false',
    architecture: '',
    cache: '',
    'cache-dependency-path': '',
    'package-manager-cache': 'true',
    'registry-url': '',
    scope: '',
    token: '',
    'always-auth': '',
  },
  async main(run) {
    const file = run.inputs['node-version-file']
    const wanted = run.inputs['node-version'] || (file ? readFileSync(join(run.workspace, file), 'utf8').trim() : '')
    const major = /^[v^~>=]*\s*(\d+)/.exec(wanted)?.[1]
    if (major !== undefined && major !== process.versions.node.split('.')[0]) {
      throw new Error(`the rehearsal runs on Node ${process.version}; the workflow asks for ${wanted}`)
    }
    // A folder with nothing else in it: beside the Node that rehearses there may be an npm that reaches registries.
    const folder = join(run.home, '.node', process.version, 'bin')
    const program = join(folder, 'node')
    mkdirSync(folder, { recursive: true })
    if (!existsSync(program)) symlinkSync(process.execPath, program)
    run.addPath(folder)
    run.output('node-version', process.version)
    run.line(`Node ${process.version} (stand-in for actions/setup-node)`)
  },
}
