import {
  createEscClient,
  type EscValue,
  formatPropertyPath,
  formatReference,
  kubeconfigText,
  type OpenEnvironment,
  type PropertyPath,
  propertyMissing,
  setCommand,
} from '../../src/esc/index.ts'
import { KubeconfigError, readKubeconfigFile } from '../../src/kubeconfig/index.ts'
import { type Check, count } from '../../src/report/index.ts'
import { RunFailure } from '../failure.ts'
import { accessTokenOf } from '../pulumi-identity.ts'
import { settleChecks } from './checks.ts'
import type { Fetched, FetchedFile, Loading } from './context.ts'
import type { Source, WantedFile } from './inputs.ts'
import { shortestSecret } from './mask-file.ts'

type EscSource = Extract<Source, { kind: 'esc' }>

/** Reads the kubeconfig and the further files. What is secret in them is masked once it is known what is not (judge.ts); nothing shows it before. */
export async function fetchKubeconfig(loading: Loading): Promise<Fetched> {
  const { source } = loading.inputs
  return source.kind === 'file' ? await fromRunner(loading, source.path) : await fromEsc(loading, source)
}

async function fromRunner({ run, signal }: Loading, path: string): Promise<Fetched> {
  return await run.stage('Read the kubeconfig', async (say) => {
    const text = await readKubeconfigFile(path, signal).catch((error: unknown) => {
      if (!(error instanceof KubeconfigError) || error.code !== 'kubeconfig-missing') throw error
      // Here nobody is to be told to run this action first.
      throw new RunFailure({
        code: error.code,
        title: error.title,
        cause: error.cause,
        remedy: 'give the path of a kubeconfig on the runner, or an ESC environment',
        evidence: error.evidence,
      })
    })
    run.subject = 'runner'
    say(`  ${path}`)
    return { text, files: [] }
  })
}

/** 1 request to open, 1 for each property; the further ones are asked for at the same time. */
async function fromEsc(loading: Loading, source: EscSource): Promise<Fetched> {
  const { run, inputs, signal } = loading
  const { runner } = run
  const { reference, backendUrl } = source
  const name = formatReference(reference)
  run.subject = [reference.organization, reference.project, reference.environment].join('-')
  const where = { organization: reference.organization, backendUrl }
  const accessToken = await accessTokenOf(run, source.identity, where, signal)
  return await run.stage(`Open ${name}`, async (say) => {
    const client = createEscClient({ backendUrl, accessToken, http: runner.http, onEvent: (text) => say(`  ${text}`) })
    const environment = await client.open(reference, signal)
    // Documented as a number: a short one is found in ports and paths, and opens nothing without the token.
    if (environment.sessionId.length >= shortestSecret) runner.mask(environment.sessionId)
    for (const warning of environment.warnings) say(`  ! ${warning}`)
    const { key } = inputs.tunnel ?? {}
    const wanted =
      key && 'property' in key ? [...inputs.files, { name: tunnelKeyName, property: key.property }] : inputs.files
    const [kubeconfig, ...files] = await Promise.all([
      firstOf(environment, source.properties, signal),
      ...wanted.map((one) => fileOf(environment, one, signal)),
    ])
    if (kubeconfig === undefined) throw await missing(environment, source.properties, kubeconfigFile, signal)
    const path = formatPropertyPath(kubeconfig.path)
    const { text, checks } = textOf(kubeconfig, reference)
    // A further request, which a run that is to be quick does without.
    const asked = inputs.dryRun && environment.revision === ''
    const revision = asked ? await client.revision(reference, signal) : environment.revision
    run.outputs.revision = revision
    run.facts.environment = `${name}${revision === '' ? '' : `, revision ${revision}`}`
    run.facts.property = path
    const placed = files.filter((one) => one.name !== tunnelKeyName)
    say(
      `  kubeconfig from ${path}${placed.length > 0 ? `; ${count(placed.length, 'file')}: ${placed.map((one) => one.name).join(', ')}` : ''}`,
    )
    settleChecks(loading, checks, say)
    const tunnelKey = files.find((one) => one.name === tunnelKeyName)?.text
    return {
      text,
      files: placed,
      storeCommand: setCommand(reference, kubeconfig.path, kubeconfigFile),
      ...(tunnelKey === undefined ? {} : { tunnelKey: `${tunnelKey.trim()}\n` }),
    }
  })
}

/** Stands for the file that a person would store. */
const kubeconfigFile = 'KUBECONFIG-FILE'

/** No name that an input could give: those begin with a letter or digit. */
const tunnelKeyName = '/tunnel-key'

interface Found {
  readonly path: PropertyPath
  readonly value: EscValue
}

async function firstOf(
  environment: OpenEnvironment,
  paths: readonly PropertyPath[],
  signal: AbortSignal,
): Promise<Found | undefined> {
  for (const path of paths) {
    const value = await environment.read(path, signal)
    if (value !== undefined) return { path, value }
  }
  return undefined
}

async function fileOf(environment: OpenEnvironment, wanted: WantedFile, signal: AbortSignal): Promise<FetchedFile> {
  const found = await environment.read(wanted.property, signal)
  if (found === undefined) throw await missing(environment, [wanted.property], wanted.name, signal)
  if (typeof found.value === 'string') return { name: wanted.name, text: found.value }
  throw new RunFailure({
    code: 'esc-shape',
    title: `${formatPropertyPath(wanted.property)} of ${formatReference(environment.reference)} is no text`,
    cause: 'it was stored without --string, so that ESC took it for something else',
    remedy: `store it again: ${setCommand(environment.reference, wanted.property, wanted.name)}`,
    evidence: [],
  })
}

async function missing(
  environment: OpenEnvironment,
  tried: readonly PropertyPath[],
  file: string,
  signal: AbortSignal,
): Promise<Error> {
  const names = await environment.names(signal).catch(() => {
    if (signal.aborted) throw signal.reason
    return []
  })
  return propertyMissing(environment.reference, tried, names, file)
}

function textOf(
  { path, value }: Found,
  reference: OpenEnvironment['reference'],
): { text: string; checks: readonly Check[] } {
  const again = `store it again: ${setCommand(reference, path, kubeconfigFile)}`
  const read = kubeconfigText(value)
  if ('problem' in read)
    throw new RunFailure({
      code: 'esc-shape',
      title: `${formatPropertyPath(path)} of ${formatReference(reference)} ${read.problem}`,
      cause: `a kubeconfig was expected: ${read.allowed}`,
      remedy: again,
      evidence: [],
    })
  const shapes = {
    text: 'the text of a kubeconfig',
    base64: 'a kubeconfig in base64',
    object: 'an object, no text',
  } as const
  const checks: Check[] = [
    {
      id: 'esc.shape',
      question: 'Is the kubeconfig stored as its text?',
      verdict: read.shape === 'object' ? 'warn' : 'pass',
      found: shapes[read.shape],
      ...(read.shape === 'object'
        ? { cause: 'ESC has parsed it: comments are lost, and it may not be kept as a secret', remedy: again }
        : {}),
    },
    {
      id: 'esc.secret',
      question: 'Is the kubeconfig stored as a secret?',
      verdict: value.isSecret ? 'pass' : 'warn',
      found: value.isSecret ? 'yes' : 'no: whoever may open the environment sees it in clear',
      ...(value.isSecret ? {} : { cause: 'it was stored without --secret', remedy: again }),
    },
  ]
  return { text: read.text, checks }
}
