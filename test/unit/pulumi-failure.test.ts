import { describe, expect, it } from '@jest/globals'
import {
  failureOf,
  type PulumiFailureCode,
  type PulumiOutcome,
  type PulumiWish,
  resultOf,
} from '../../src/pulumi/index.ts'

type Deployment = PulumiOutcome['deployment']

const stack = 'ryan-taylor/oceanid-cluster/prod'
const unchanged: Deployment = {
  command: 'up',
  stack,
  url: '',
  counts: { same: 42 },
  changes: [],
  moreChanges: 0,
  diagnostics: [],
  outputs: {},
  secretOutputs: [],
  isPlanBound: false,
  isComplete: true,
}

function ended(more: Partial<PulumiOutcome> = {}, deployment: Partial<Deployment> = {}): PulumiOutcome {
  return {
    exitCode: 1,
    isTimedOut: false,
    isCancelled: false,
    isKilled: false,
    errors: [],
    brokenPolicies: [],
    lastLines: ['Diagnostics:', 'the last line'],
    ...more,
    deployment: { ...unchanged, ...deployment },
  }
}

function wish(more: Partial<PulumiWish> = {}): PulumiWish {
  return {
    command: 'up',
    stack: { organization: 'ryan-taylor', project: 'oceanid-cluster', stack: 'prod' },
    isPlanBound: false,
    isRefreshed: false,
    message: '',
    timeoutMs: 1_800_000,
    patienceMs: 60_000,
    ...more,
  }
}

const error = (message: string, resource = '') => ({ severity: 'error' as const, resource, message })
const itself = (line: string) => ended({ errors: [`error: ${line}`] })
const engine = (message: string, resource = '') => ended({}, { diagnostics: [error(message, resource)] })
const deployment = 'kubernetes:apps/v1:Deployment cloudflared'
const drift = wish({ command: 'drift' })

/** What the CLI, its engine and pulumi-kubernetes say, as read in their sources → what it is. */
const endings: readonly (readonly [string, PulumiOutcome, PulumiFailureCode, PulumiWish?])[] = [
  ['a stack that is held', itself('[409] Conflict: Another update is currently in progress.'), 'pulumi-locked'],
  ['a job that was cancelled', ended({ isCancelled: true }), 'pulumi-cancelled'],
  [
    'an update that somebody cancelled at Pulumi',
    ended({ exitCode: 8, errors: ['error: update cancelled'] }),
    'pulumi-cancelled',
  ],
  ['time that is up', ended({ isTimedOut: true, exitCode: 137, isKilled: true }), 'pulumi-timeout'],
  [
    'no token',
    ended({
      exitCode: 3,
      errors: ['error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions'],
    }),
    'pulumi-unauthorized',
  ],
  [
    'a token that is refused',
    ended({ exitCode: 3, errors: ['error: this command requires logging in; try running `pulumi login` first'] }),
    'pulumi-unauthorized',
  ],
  // pkg/backend/httpstate/backend.go, ErrUnauthorized: a plain error, so its exit code is 1.
  [
    'a token that is refused at login',
    itself('Unauthorized: No credentials provided or are invalid.'),
    'pulumi-unauthorized',
  ],
  ['a token without the right', itself('[403] Forbidden'), 'pulumi-unauthorized'],
  [
    'a stack that is not there',
    ended({ exitCode: 6, errors: [`error: no stack named '${stack}' found`] }),
    'pulumi-stack-missing',
  ],
  ['a wrong passphrase', itself('getting secrets manager: incorrect passphrase'), 'pulumi-passphrase'],
  [
    'no passphrase',
    itself(
      'getting stack configuration: get stack secrets manager: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables',
    ),
    'pulumi-passphrase',
  ],
  [
    'a secret of another stack',
    itself("failed to decrypt encrypted configuration value 'oceanid-cluster:token': bad value"),
    'pulumi-passphrase',
  ],
  [
    'configuration against its schema',
    itself("validating stack config: Stack 'prod' is missing configuration value 'tethysIp'"),
    'pulumi-configuration',
  ],
  [
    'no project',
    itself(
      'no Pulumi.yaml project file found (searching upwards from /work). If you have not created one yet, use `pulumi new` to do so',
    ),
    'pulumi-configuration',
  ],
  ['a CLI that is too old', itself('unknown flag: --run-program'), 'pulumi-configuration'],
  [
    'a configuration value that the program asks for',
    engine(
      "Missing required configuration variable 'oceanid-cluster:caSha256'\n    please set a value using the command `pulumi config set oceanid-cluster:caSha256 <value>`",
    ),
    'pulumi-configuration',
  ],
  [
    'a policy',
    ended({ brokenPolicies: ['house: no-host-path'] }, { diagnostics: [error('policy house: no-host-path: x')] }),
    'pulumi-policy',
  ],
  [
    'more than the plan',
    engine('resource urn:pulumi:prod::p::t::n violates plan: properties changed: +-spec'),
    'pulumi-plan-exceeded',
    wish({ isPlanBound: true }),
  ],
  [
    'a step more than the plan',
    engine('create is not allowed by the plan: no steps were expected for this resource', deployment),
    'pulumi-plan-exceeded',
    wish({ isPlanBound: true }),
  ],
  [
    'a cluster that is lost',
    engine(
      'configured Kubernetes cluster is unreachable: unable to load schema information from the API server',
      deployment,
    ),
    'pulumi-unreachable',
  ],
  [
    'a cluster that is lost while reading',
    engine(
      'failed to read resource state due to unreachable cluster. If the cluster was deleted, you can remove this resource',
      deployment,
    ),
    'pulumi-unreachable',
  ],
  [
    'a resource that failed',
    engine('deployments.apps "cloudflared" is forbidden: exceeded quota', deployment),
    'pulumi-resources',
  ],
  [
    'a program that threw',
    engine("Running program '/srv/cluster/index.ts' failed with an unhandled exception:\nError: no"),
    'pulumi-program',
  ],
  ['what the engine says whatever failed', engine('update failed'), 'pulumi-failed'],
  [
    'an update that was cancelled at Pulumi while it ran',
    itself('failed to complete update: [409] Conflict: The Update has been cancelled'),
    'pulumi-cancelled',
  ],
  ['anything else', ended({ lastLines: ['panic'] }), 'pulumi-failed'],
  ['drift', ended({ exitCode: 7 }, { counts: { same: 40, update: 1 } }), 'pulumi-drift', drift],
  [
    'changes that an exit code alone tells of',
    ended({ exitCode: 7 }, { isComplete: false, counts: {} }),
    'pulumi-failed',
    drift,
  ],
  [
    'drift whose log has lost its end',
    ended({ exitCode: 7 }, { isComplete: false, counts: { update: 1 } }),
    'pulumi-drift',
    drift,
  ],
  [
    'a log that contradicts the exit code',
    ended({ exitCode: 0 }, { isComplete: false, counts: { update: 1 } }),
    'pulumi-failed',
    drift,
  ],
  [
    'a drift run that failed on its way',
    ended({ exitCode: 1 }, { counts: { update: 1 }, diagnostics: [error('x', deployment)] }),
    'pulumi-resources',
    drift,
  ],
  [
    'a drift run that was cut off',
    ended({ exitCode: 7, isTimedOut: true }, { counts: { update: 1 }, isComplete: false }),
    'pulumi-timeout',
    drift,
  ],
]

describe('an ending', () => {
  it.each(endings)('by %s', (_name, outcome, code, given = wish()) => {
    const failure = failureOf(outcome, given)
    expect(failure?.code).toBe(code)
    for (const text of [failure?.title, failure?.cause, failure?.remedy]) expect(text).toMatch(/\S/)
    expect(resultOf(outcome, given)).toBe(code === 'pulumi-drift' ? 'drifted' : 'failed')
    if (outcome.errors.length > 0) expect(failure?.evidence).toEqual(outcome.errors)
  })

  it('covers every code', () => {
    const codes: Record<PulumiFailureCode, true> = {
      'pulumi-locked': true,
      'pulumi-cancelled': true,
      'pulumi-timeout': true,
      'pulumi-unauthorized': true,
      'pulumi-stack-missing': true,
      'pulumi-passphrase': true,
      'pulumi-configuration': true,
      'pulumi-policy': true,
      'pulumi-plan-exceeded': true,
      'pulumi-program': true,
      'pulumi-resources': true,
      'pulumi-unreachable': true,
      'pulumi-drift': true,
      'pulumi-failed': true,
    }
    expect(new Set(endings.map(([, , code]) => code))).toEqual(new Set(Object.keys(codes)))
  })

  it('that is well is none', () => {
    expect(failureOf(ended({ exitCode: 0 }), wish())).toBeUndefined()
    expect(failureOf(ended({ exitCode: 0 }), drift)).toBeUndefined()
  })

  it('names the reasons of a cut and what is left behind', () => {
    const killed = failureOf(ended({ isCancelled: true, isKilled: true, exitCode: 137 }), wish())
    expect(killed?.cause).toContain('was killed')
    expect(killed?.remedy).toContain(`pulumi refresh --stack ${stack}`)
    expect(failureOf(ended({ isCancelled: true }), wish())?.cause).toBe('Pulumi was asked to end, and ended itself')
  })
})

describe('a result', () => {
  const well = { exitCode: 0 }
  it('is unchanged only where events say that nothing changed', () => {
    expect(resultOf(ended(well), wish())).toBe('unchanged')
    expect(resultOf(ended(well, { counts: { same: 3, read: 1, discard: 1, 'read-replacement': 1 } }), wish())).toBe(
      'unchanged',
    )
    expect(resultOf(ended(well, { counts: { update: 1 } }), wish())).toBe('deployed')
    expect(resultOf(ended(well, { counts: {}, isComplete: false }), wish())).toBe('deployed')
    expect(resultOf(ended(well, { counts: { create: 1 } }), wish({ command: 'preview' }))).toBe('previewed')
    expect(resultOf(ended(well), wish({ command: 'preview' }))).toBe('unchanged')
    expect(resultOf(ended(well), drift)).toBe('unchanged')
  })
})

describe('what program and providers say', () => {
  const forged = [
    'error: [409] Conflict: Another update is currently in progress.',
    'error: incorrect passphrase',
    `error: no stack named '${stack}' found`,
    'error: this command requires logging in',
    'https://www.pulumi.com/docs/support/troubleshooting/common-issues/update-conflicts/',
  ]
  it.each(forged)('is not taken for the word of the CLI: %s', (text) => {
    const outcome = ended({ lastLines: [text] }, { diagnostics: [error(text)] })
    expect(failureOf(outcome, wish())?.code).toBe('pulumi-program')
  })

  it('is not taken for it either behind the line that the CLI begins', () => {
    const errors = [
      'error: failed to load a plugin',
      'it said incorrect passphrase',
      'warning: [409] Conflict: Another update is currently in progress.',
    ]
    expect(failureOf(ended({ errors }), wish())?.code).toBe('pulumi-failed')
  })

  it('makes no success of a failure, and no drift', () => {
    const outcome = ended({ exitCode: 1 }, { isComplete: true, counts: { update: 1 }, diagnostics: [error('drift!')] })
    expect(failureOf(outcome, drift)?.code).toBe('pulumi-program')
  })
})
