import { readFileSync } from 'node:fs'
import type { ClusterFile, Problem } from '../../src/cluster-file/index.ts'
import type { EnvironmentReference, PropertyPath } from '../../src/esc/index.ts'
import type { Edits, ReadOptions } from '../../src/kubeconfig/index.ts'
import type { Provenance } from '../../src/report/index.ts'
import { ConfigurationError } from '../configuration-error.ts'
import { InputFiles } from '../input-files.ts'
import { type InputValues, readInputValues } from '../input-specification.ts'
import { type InputRunner, takeTexts } from '../input-texts.ts'
import type { PulumiIdentity } from '../pulumi-identity.ts'
import { filesOf, sourceOf } from './input-source.ts'
import { tunnelOf } from './input-tunnel.ts'
import { Settings } from './settings.ts'
import { specification } from './specification.ts'

export type Values = InputValues<typeof specification>

/** Where the kubeconfig comes from. */
export type Source =
  | {
      readonly kind: 'esc'
      readonly reference: EnvironmentReference
      /** In the order in which they are tried; never empty. */
      readonly properties: readonly PropertyPath[]
      readonly backendUrl: string
      readonly identity: PulumiIdentity
    }
  /** Absolute path. */
  | { readonly kind: 'file'; readonly path: string }

export interface WantedFile {
  readonly name: string
  readonly property: PropertyPath
}

/** An SSH tunnel that may be opened; every part of it is there. */
export interface WantedTunnel {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly localPort: number
  readonly knownHosts: string
  readonly key: { readonly text: string } | { readonly property: PropertyPath }
}

/** What one run of kubeconfig-esc was asked to do; every value is valid. */
export interface KubeconfigEscInputs {
  /** Name of the cluster file's cluster; empty without a file. */
  readonly cluster: string
  readonly source: Source
  readonly files: readonly WantedFile[]
  readonly read: ReadOptions
  readonly edits: Edits
  readonly connect: 'direct' | 'tunnel' | 'auto'
  readonly tunnel?: WantedTunnel
  readonly expectCaSha256: string
  readonly expectClusterUid: string
  readonly minValidityMs: number
  readonly purpose: 'any' | 'join' | 'remove' | 'verify' | 'deploy'
  readonly exportEnv: boolean
  readonly ignoreChecks: readonly string[]
  readonly dryRun: boolean
  readonly provenance: readonly Provenance[]
}

/** Lower case without colons: the way `openssl x509 -fingerprint` and people write it is accepted too. */
function plainHex(text: string): string {
  return text.replaceAll(':', '').toLowerCase()
}

function hashProblems(values: Values): readonly Problem[] {
  const problems: Problem[] = []
  const ca = values['expect-ca-sha256']
  if (ca !== undefined && !/^[0-9a-f]{64}$/.test(plainHex(ca)))
    problems.push({
      input: 'expect-ca-sha256',
      problem: 'is no SHA-256',
      allowed: '64 hexadecimal digits, as the output ca-sha256 prints them',
    })
  const uid = values['expect-cluster-uid']
  if (uid !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uid))
    problems.push({
      input: 'expect-cluster-uid',
      problem: 'is no UID',
      allowed: 'what `kubectl get namespace kube-system -o jsonpath={.metadata.uid}` prints',
    })
  return problems
}

function serverProblems(values: Values): readonly Problem[] {
  const { server } = values
  if (server === undefined) return []
  const url = URL.canParse(server) ? new URL(server) : undefined
  if (url?.protocol === 'https:' && url.username === '' && url.password === '' && url.search === '' && url.hash === '')
    return []
  return [{ input: 'server', problem: 'is no address of an API server', allowed: 'https://host:port' }]
}

/**
 * Reads the inputs and the cluster file. Secrets are masked first, and `forget` is called with the name of each, so that no child
 * process inherits it. `readFile` gets absolute paths.
 * Throws ConfigurationError with every problem of all of them at once; nothing has been asked or written then.
 */
export function readInputs(
  runner: InputRunner,
  forget: (name: string) => void,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): KubeconfigEscInputs {
  const texts = takeTexts(specification, runner, forget)
  const { values, problems } = readInputValues(specification, (name) => texts.get(name) ?? '')
  const reader = new InputFiles(runner, readFile)
  const file: ClusterFile | undefined = reader.clusterFile(values['cluster-file'])
  const settings = new Settings(values, file)
  const source = sourceOf(values, file, settings, runner)
  const files = filesOf(values, file, settings, source)
  const { connect, tunnel } = tunnelOf(values, file, settings, source)
  const minValidityMs = settings.minValidityMs()
  const found = [
    ...problems,
    ...reader.problems,
    ...hashProblems(values),
    ...serverProblems(values),
    ...settings.problems,
  ]
  if (found.length > 0 || source === undefined) throw new ConfigurationError(found)

  const kubeconfig = file?.content.kubeconfig
  const namespace = settings.pick('namespace', values.namespace, kubeconfig?.namespace)
  const server = settings.pick('server', values.server, kubeconfig?.server)
  const tlsServerName = settings.pick('tls-server-name', values['tls-server-name'], kubeconfig?.['tls-server-name'])
  return {
    cluster: file?.content.name ?? '',
    source,
    files,
    read: {
      context: settings.pick('context', values.context, kubeconfig?.context) ?? '',
      allowExec: values['allow-exec'] ?? [],
    },
    edits: {
      ...(namespace === undefined ? {} : { namespace }),
      ...(server === undefined ? {} : { server: server.replace(/\/+$/, '') }),
      ...(tlsServerName === undefined ? {} : { tlsServerName }),
    },
    connect,
    ...(tunnel === undefined ? {} : { tunnel }),
    expectCaSha256: plainHex(
      settings.pick('expect-ca-sha256', values['expect-ca-sha256'], kubeconfig?.['expect-ca-sha256']) ?? '',
    ),
    expectClusterUid: (
      settings.pick('expect-cluster-uid', values['expect-cluster-uid'], kubeconfig?.['expect-cluster-uid']) ?? ''
    ).toLowerCase(),
    minValidityMs,
    purpose: values.purpose,
    exportEnv: values['export-env'],
    ignoreChecks: values['ignore-checks'] ?? [],
    dryRun: values['dry-run'],
    provenance: settings.provenance,
  }
}
