/** What a checkout of the owner's repository has besides this one's files: `cluster/`, the example with the values of this world. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { repositoryRoot } from '../workflow/repository-root.ts'
import type { DeployFault } from './model.ts'

export interface OverlayValues {
  readonly caSha256: string
  readonly clusterUid: string
  readonly tritonUrl: string
  /** `encryptionsalt` of the stack. */
  readonly encryptionSalt: string
  /** The one secret of the configuration, encrypted. */
  readonly tunnelToken: string
}

/** What strangers may put into a program: nothing of it may reach a log as a command, or a page as markup. */
const hostile = `
console.log('::error title=pwned::said by the program')
console.log('::set-output name=result::deployed')
console.log('\\u001b[31m::add-mask::e\\u001b[0m <img src=x onerror=alert(1)> @octocat https://evil.example')
new k8s.core.v1.ConfigMap('</details>|@octocat\`::error::x', { metadata: { name: 'strange' }, data: { '<script>': '1' } })
for (let line = 0; line < 5000; line++) console.log('noise '.repeat(40))
throw new Error('</summary><script>alert(1)</script> ::error::x\\n::stop-commands::y\\n[link](https://evil.example) @octocat #1\\n\`\`\`\\n<img src=x>\\n~~~\\n<script>')
`
const thrown = "\nthrow new Error('cloudflared: the tunnel has no hostname yet')\n"

/** The committed cluster file with `bind-plan`, where a fault is about that. */
function bindPlan(folder: string): void {
  const path = join('clusters', 'oceanid.yaml')
  const text = readFileSync(join(repositoryRoot, path), 'utf8')
  mkdirSync(join(folder, 'clusters'), { recursive: true })
  const bound = text.replace(/^deploy:.*\n/m, (line) => `${line}  bind-plan: true\n`)
  if (bound === text) throw new Error(`${path} has no section deploy`)
  writeFileSync(join(folder, path), bound)
}

/** Writes it into a folder, which is emptied first. */
export function layOverlay(folder: string, values: OverlayValues, faults: ReadonlySet<DeployFault>): void {
  rmSync(folder, { recursive: true, force: true })
  const cluster = join(folder, 'cluster')
  mkdirSync(cluster, { recursive: true })
  cpSync(join(repositoryRoot, 'examples', 'cluster'), cluster, { recursive: true })
  if (faults.has('deploy-no-lock-file')) rmSync(join(cluster, 'pnpm-lock.yaml'))
  const entry = join(cluster, 'index.ts')
  const program = readFileSync(entry, 'utf8')
  if (faults.has('deploy-program-throws')) writeFileSync(entry, program + thrown)
  if (faults.has('deploy-plan-exceeded')) bindPlan(folder)
  if (faults.has('deploy-hostile')) writeFileSync(entry, program + hostile)
  writeFileSync(
    join(cluster, 'Pulumi.prod.yaml'),
    stringify({
      encryptionsalt: values.encryptionSalt,
      config: {
        'oceanid-cluster:caSha256': faults.has('deploy-wrong-cluster') ? 'ab'.repeat(32) : values.caSha256,
        'oceanid-cluster:clusterUid': values.clusterUid,
        'oceanid-cluster:tritonUrl': values.tritonUrl,
        'oceanid-cluster:cloudflare_tunnel_token': { secure: values.tunnelToken },
      },
    }),
  )
}
