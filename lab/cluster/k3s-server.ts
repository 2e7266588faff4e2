/**
 * A released k3s as the server: its own datastore, supervisor and API server in one process, without an agent and without the
 * components that it would deploy. It listens where our front does otherwise, and nothing of ours stands before it.
 *
 * Not yet run: written from k3s's documentation and sources (docs/cli/server.md; pkg/cli/cmds, pkg/server).
 */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import { createAuthority, type IssuedCertificate, joinToken } from '../../rehearsal/cluster/index.ts'
import type { K3sPart } from '../contract.ts'
import { onlyOfStandIns } from '../released.ts'
import { openApi } from './api-client.ts'
import { auditPolicy, openAudit } from './audit.ts'
import { type Component, startComponent } from './component.ts'
import type { Ground, GroundOptions } from './ground.ts'
import { gpuUser, joinUser, verifyUser } from './rights.ts'

/** Unpacking itself, a datastore, certificates, and the API server's own start; on a hosted runner. */
const startLimitMs = 120_000

export interface ServerFiles {
  /** Of k3s's own data, programs included. */
  readonly data: string
  /** An empty one: /etc/rancher/k3s/config.yaml is the machine's, which may have a k3s of its own. */
  readonly config: string
  /** The password of the static token; a file, because every process can read the arguments of another. */
  readonly token: string
  readonly kubeconfig: string
  readonly auditPolicy: string
  readonly auditLog: string
}

export function serverFiles(directory: string): ServerFiles {
  return {
    data: join(directory, 'k3s'),
    config: join(directory, 'k3s-config.yaml'),
    token: join(directory, 'k3s-token'),
    kubeconfig: join(directory, 'k3s-admin.kubeconfig'),
    auditPolicy: join(directory, 'k3s-audit-policy.yaml'),
    auditLog: join(directory, 'k3s-audit.log'),
  }
}

/** Arguments of `k3s`. Pure. */
export function serverWords(files: ServerFiles, address: string, port: number): readonly string[] {
  return [
    'server',
    `--config=${files.config}`,
    `--data-dir=${files.data}`,
    `--token-file=${files.token}`,
    `--write-kubeconfig=${files.kubeconfig}`,
    '--write-kubeconfig-mode=600',
    // Its Node is one of the two that the lab keeps alive itself; no container ever runs beside the runner.
    '--disable-agent',
    // `runtimes` would make a RuntimeClass nvidia, which the scenario of that name makes itself.
    '--disable=traefik,servicelb,metrics-server,local-storage,coredns,runtimes',
    '--disable-helm-controller',
    `--node-ip=${address}`,
    `--advertise-address=${address}`,
    `--tls-san=${address}`,
    `--https-listen-port=${port}`,
    `--kube-apiserver-arg=audit-policy-file=${files.auditPolicy}`,
    `--kube-apiserver-arg=audit-log-path=${files.auditLog}`,
    // MiB: so that it never begins another file.
    '--kube-apiserver-arg=audit-log-maxsize=4096',
  ]
}

/** On failure nothing is left running. @throws Error with k3s's last lines */
export async function startK3sServer(options: GroundOptions & { readonly k3s: K3sPart }): Promise<Ground> {
  const { directory, address, port } = options
  const files = serverFiles(directory)
  const password = randomBytes(16).toString('hex')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  writeFileSync(files.config, '{}\n')
  writeFileSync(files.token, password, { mode: 0o600 })
  writeFileSync(files.auditPolicy, stringify(auditPolicy([joinUser, gpuUser, verifyUser])))
  const server = startComponent({
    program: options.k3s.program,
    arguments: serverWords(files, address, port),
    directory,
  })
  try {
    const limit = AbortSignal.any([AbortSignal.timeout(startLimitMs), server.ended])
    const { caPem, admin } = await writtenKubeconfig(files.kubeconfig, limit)
    const api = openApi({ port, caPem, certificate: admin, failure: server.failure })
    while (!(await api.isReady().catch(() => false))) await delay(50, undefined, { signal: limit })
    const account = '/api/v1/namespaces/default/serviceaccounts'
    await api.until(account, 'metadata.name=default', (items) => items.length > 0, limit)

    // Who signs for k3s is k3s's own business; what else answers in the lab has an authority of its own.
    const issuer = await createAuthority('k3s-gpu-actions-lab')
    const audit = openAudit(files.auditLog)
    const serverToken = joinToken(caPem, `server:${password}`)
    return {
      server: `https://${address}:${port}`,
      caPem,
      issuerPem: issuer.bundlePem,
      serverToken,
      secrets: [serverToken, password],
      admin,
      api,
      get requests() {
        return audit.requests
      },
      forget: audit.forget,
      issue: (names) => issuer.issue(names),
      // k3s does it itself, and says to nobody when.
      collector: { collected: async () => undefined },
      // k3s listens on port 6443 of every address here.
      impostorPort: 7443,
      play(faults) {
        for (const fault of faults) {
          if (onlyOfStandIns[fault] !== undefined) throw new Error(`${fault}: ${onlyOfStandIns[fault]}`)
        }
      },
      failure: server.failure,
      async close() {
        api.close()
        await server.close()
      },
    }
  } catch (error) {
    const failure = server.failure() ?? lateError(error, server, files)
    await server.close()
    throw failure
  }
}

function lateError(error: unknown, server: Component, files: ServerFiles): unknown {
  if ((error as Error).name !== 'TimeoutError') return error
  const missing = existsSync(files.kubeconfig) ? 'its API server is not ready' : 'it has not written a kubeconfig'
  return new Error(
    `${server.name} server: ${missing} after ${startLimitMs / 1000} s; see k3s.log beside ${files.config}`,
  )
}

/** What k3s writes once its API server is about to answer. */
async function writtenKubeconfig(file: string, signal: AbortSignal) {
  for (;;) {
    const found = existsSync(file) ? readAdmin(readFileSync(file, 'utf8')) : undefined
    if (found !== undefined) return found
    await delay(50, undefined, { signal })
  }
}

interface Kubeconfig {
  readonly clusters?: readonly { readonly cluster: Readonly<Record<string, string>> }[]
  readonly users?: readonly { readonly user: Readonly<Record<string, string>> }[]
}

/** Authority and administrator of an admin kubeconfig; undefined while it is not complete. Pure. */
export function readAdmin(text: string): { readonly caPem: string; readonly admin: IssuedCertificate } | undefined {
  let config: Kubeconfig | null
  try {
    config = parse(text) as Kubeconfig | null
  } catch {
    return undefined
  }
  const decoded = (value: string | undefined): string => Buffer.from(value ?? '', 'base64').toString('utf8')
  const caPem = decoded(config?.clusters?.[0]?.cluster['certificate-authority-data'])
  const user = config?.users?.[0]?.user
  const certPem = decoded(user?.['client-certificate-data'])
  const keyPem = decoded(user?.['client-key-data'])
  const isWhole = [caPem, certPem, keyPem].every((pem) => /^-----BEGIN [\s\S]+-----END [^\n]+-----\n?$/.test(pem))
  return isWhole ? { caPem, admin: { certPem, keyPem } } : undefined
}
