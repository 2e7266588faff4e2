import type { Ended, Judge, Judgement } from './failure.ts'

type Errors = readonly { readonly resource: string; readonly message: string }[]

/** What the events of the engine show: words of providers and of the program, so they are weighed last. */
export const provedByEvents: Judge = (ended) => {
  const errors = ended.outcome.deployment.diagnostics.filter((one) => one.severity === 'error' && !saysNothing(one))
  return (
    policy(ended, errors) ??
    planExceeded(ended, errors) ??
    unreachable(ended, errors) ??
    missingConfiguration(ended, errors) ??
    resources(ended, errors) ??
    program(ended, errors)
  )
}

/** The engine ends with it whatever failed (reportExecResult in pkg/resource/deploy/deployment_executor.go). */
function saysNothing({ resource, message }: Errors[number]): boolean {
  return resource === '' && /^(preview|update) (failed|canceled)$/.test(message)
}

function policy({ outcome, stack }: Ended, errors: Errors): Judgement | undefined {
  if (outcome.brokenPolicies.length === 0) return undefined
  return {
    code: 'pulumi-policy',
    title: `a policy does not allow this for ${stack}`,
    cause: `mandatory and broken: ${outcome.brokenPolicies.slice(0, 5).join('; ')}`,
    remedy: 'change the program so that it keeps to the policy, or have the policy changed at Pulumi',
    evidence: evidenceOf(errors),
  }
}

/** pkg/resource/deploy/step_generator.go, step_executor.go, deployment_executor.go. */
function planExceeded({ wish, stack }: Ended, errors: Errors): Judgement | undefined {
  if (!wish.isPlanBound || wish.command !== 'up') return undefined
  const words = /\bviolates plan: |\bis not allowed by the plan: |^expected resource operations for /
  const beyond = errors.filter(({ message }) => words.test(message))
  if (beyond.length === 0) return undefined
  return {
    code: 'pulumi-plan-exceeded',
    title: `the update of ${stack} wanted to do what was not in its plan`,
    cause:
      'the program, its configuration or the cluster changed between preview and update, or the program is not the same each time',
    remedy:
      'run it again: a new plan is made; a program that differs each time (time, random values) cannot be bound to one',
    evidence: evidenceOf(beyond),
  }
}

/** pulumi/pulumi-kubernetes: provider/pkg/provider/provider.go. */
function unreachable({ stack }: Ended, errors: Errors): Judgement | undefined {
  const words =
    /configured Kubernetes cluster is unreachable|unreachable cluster|unable to load schema information from the API server|Kubernetes API server \S+ is unreachable|\bdial tcp .*(connection refused|i\/o timeout|no route to host)/
  const lost = errors.filter(({ message }) => words.test(message))
  if (lost.length === 0) return undefined
  return {
    code: 'pulumi-unreachable',
    title: `the provider did not reach the cluster of ${stack}`,
    cause:
      'the API server, or the tunnel to it, was lost during the run, or the provider uses another kubeconfig than KUBECONFIG',
    remedy:
      'run it again once verify-cluster passes; never set PULUMI_K8S_DELETE_UNREACHABLE, as the provider proposes: Pulumi would forget what it could not reach',
    evidence: evidenceOf(lost),
  }
}

/** sdk/nodejs/config.ts. */
function missingConfiguration({ stack }: Ended, errors: Errors): Judgement | undefined {
  const lacking = errors.filter(
    ({ resource, message }) => resource === '' && /Missing required configuration variable/.test(message),
  )
  if (lacking.length === 0) return undefined
  return {
    code: 'pulumi-configuration',
    title: `the program asks for configuration that ${stack} does not have`,
    cause: 'a value was never set for this stack, or in the environment that it imports',
    remedy:
      'pulumi config set NAME VALUE (with --secret for a secret) in the folder of the program, then commit the file',
    evidence: evidenceOf(lacking),
  }
}

function resources({ outcome, stack, wish }: Ended, errors: Errors): Judgement | undefined {
  const failed = outcome.deployment.changes.filter((one) => one.isFailed)
  const named = errors.filter(({ resource }) => resource !== '')
  if (failed.length === 0 && named.length === 0) return undefined
  const names = failed.length > 0 ? failed.map(({ type, name }) => `${type} ${name}`) : named.map((one) => one.resource)
  const shown = [...new Set(names)]
  return {
    code: 'pulumi-resources',
    title: `${shown.length === 1 ? 'a resource' : `${shown.length} resources`} of ${stack} failed: ${shown.slice(0, 3).join(', ')}${shown.length > 3 ? ' …' : ''}`,
    cause: 'the provider, or the API server behind it, refused; its words are the evidence',
    remedy:
      wish.command === 'up'
        ? 'correct what they say, then run it again: what was done is saved, and Pulumi goes on from there'
        : 'correct what they say, then run it again; nothing was changed',
    evidence: evidenceOf(named.length > 0 ? named : errors),
  }
}

function program({ outcome, stack, wish }: Ended, errors: Errors): Judgement | undefined {
  if (errors.length === 0) return undefined
  const isUntouched = wish.command !== 'up' || Object.keys(outcome.deployment.counts).length === 0
  return {
    code: 'pulumi-program',
    title: `the program of ${stack} failed`,
    cause: 'it threw, or did not compile, or a guard in it refused; its words are the evidence',
    remedy: `correct it, or what it asks for; it fails alike with pulumi preview --stack ${stack}${isUntouched ? '; nothing was changed' : ''}`,
    evidence: evidenceOf(errors),
  }
}

function evidenceOf(errors: Errors): readonly string[] {
  return errors.slice(0, 5).flatMap(({ resource, message }) =>
    message
      .split('\n')
      .slice(0, 8)
      .map((line, index) => (index === 0 && resource !== '' ? `${resource}: ${line}` : line)),
  )
}
