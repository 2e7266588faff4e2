/** What Deploy Cluster is rehearsed with, by the name that `--fault` gives. */
import type { WorldOptions } from '../contract.ts'
import type { DeployFault } from '../pulumi/index.ts'
import type { RecordedRun, WorkflowEvent } from '../workflow/index.ts'
import type { World } from '../world.ts'

export interface DeployCase {
  /** In one line. */
  readonly shows: string
  readonly faults: readonly DeployFault[]
  readonly workflow: 'deploy.yml' | 'nightly.yml'
  readonly event: WorkflowEvent
  readonly vars: Readonly<Record<string, string>>
  readonly kubeconfig: NonNullable<WorldOptions['kubeconfig']>
  readonly conclusion: RecordedRun['conclusion']
  /** Failure code of the job; empty: it did not fail, or was cancelled. */
  readonly code: string
  /** Result of the job. */
  readonly result: string
  /** An earlier deployment brought everything to what the program wants. */
  readonly isSettled: boolean
  /** Cancel is pressed when a line of the log matches. */
  readonly cancelAt?: RegExp
  /** Who holds the stack afterwards: nobody, or who held it before. */
  readonly holder: 'nobody' | 'other'
  /** Besides: what is wrong with the world afterwards. */
  problems(world: World): readonly string[]
}

export const push: WorkflowEvent = { name: 'push', branch: 'main', paths: ['cluster/index.ts'] }
/** Number of the pull request that the rehearsal opens. */
export const pullRequest = 1

const usual: Omit<DeployCase, 'shows'> = {
  faults: [],
  workflow: 'deploy.yml',
  event: push,
  vars: {},
  kubeconfig: 'admin',
  conclusion: 'success',
  code: '',
  result: 'deployed',
  isSettled: false,
  holder: 'nobody',
  problems: () => [],
}

/** A fault that ends the deployment with a code. */
function failing(fault: DeployFault, code: string, shows: string, more: Partial<DeployCase> = {}): DeployCase {
  return { ...usual, shows, faults: [fault], conclusion: 'failure', code, result: 'failed', ...more }
}

/** Cancel is pressed while a resource is changed. */
function cancelled(fault: DeployFault, shows: string): DeployCase {
  const cancelAt = /updating .*Waiting for the webhook/
  return {
    ...usual,
    shows,
    faults: [fault],
    conclusion: 'cancelled',
    result: 'failed',
    cancelAt,
    code: 'cancelled',
  }
}

const drift: Partial<DeployCase> = {
  workflow: 'nightly.yml',
  event: { name: 'schedule', cron: '17 3 * * *' },
  vars: { PULUMI_DRIFT: 'true' },
  kubeconfig: 'job',
  isSettled: true,
}

/** One comment by the bot, on the one pull request. */
function commentProblems({ github }: World): readonly string[] {
  const comments = github.issues.all.find(({ number }) => number === pullRequest)?.comments ?? []
  return comments.length === 1 ? [] : [`the pull request has ${comments.length} comments, not one`]
}

/** The first is played when nobody names one. */
export const deployCases: Readonly<Record<string, DeployCase>> = {
  'deploy-merged': {
    ...usual,
    shows: 'nothing is wrong: what is merged is deployed, and a second press changes nothing',
  },
  'deploy-pull-request': {
    ...usual,
    shows: 'nothing is wrong: a pull request is previewed on a machine of GitHub, and gets one comment',
    event: {
      name: 'pull_request',
      number: pullRequest,
      title: 'Lead the adapter elsewhere',
      paths: ['cluster/index.ts'],
    },
    vars: { PULUMI_PREVIEW: 'true' },
    kubeconfig: 'verify',
    result: 'previewed',
    problems: commentProblems,
  },
  'deploy-locked': failing('deploy-locked', 'pulumi-locked', 'somebody updates the stack at a terminal', {
    holder: 'other',
  }),
  'deploy-lock-left': failing('deploy-lock-left', 'pulumi-locked', 'a run that was killed has left its lock', {
    holder: 'other',
  }),
  'deploy-update-fails': failing('deploy-update-fails', 'pulumi-resources', 'the cluster refuses a change'),
  'deploy-program-throws': failing('deploy-program-throws', 'pulumi-program', 'the program throws'),
  'deploy-hostile': failing(
    'deploy-hostile',
    'pulumi-program',
    'the program prints commands and markup, and throws some',
  ),
  'deploy-wrong-cluster': failing(
    'deploy-wrong-cluster',
    'deploy-refused',
    'the stack expects another cluster than the kubeconfig leads to',
  ),
  'deploy-passphrase-wrong': failing(
    'deploy-passphrase-wrong',
    'pulumi-passphrase',
    'the secret holds the passphrase of another stack',
  ),
  'deploy-passphrase-missing': failing('deploy-passphrase-missing', 'pulumi-passphrase', 'there is no passphrase'),
  'deploy-token-refused': failing('deploy-token-refused', 'pulumi-unauthorized', "Pulumi refuses the job's token"),
  'deploy-stack-missing': failing('deploy-stack-missing', 'pulumi-stack-missing', 'there is no such stack'),
  'deploy-cloud-down': failing('deploy-cloud-down', 'pulumi-failed', 'Pulumi Cloud answers 503'),
  'deploy-plan-exceeded': failing(
    'deploy-plan-exceeded',
    'pulumi-plan-exceeded',
    'the program wants more in the update than in its plan',
  ),
  'deploy-unreachable': failing(
    'deploy-unreachable',
    'pulumi-unreachable',
    'the cluster is lost between verifying and updating',
  ),
  'deploy-no-lock-file': failing('deploy-no-lock-file', 'install-lock', 'somebody forgot to commit the lock file'),
  'deploy-install-fails': failing('deploy-install-fails', 'packages-failed', 'packages cannot be fetched'),
  'deploy-hangs': cancelled('deploy-hangs', 'a change does not end; Cancel is pressed, and Pulumi ends itself'),
  'deploy-hangs-on-cancel': cancelled(
    'deploy-hangs-on-cancel',
    'a change does not end; Cancel is pressed, Pulumi does not listen, and its lock is freed',
  ),
  'deploy-drift': failing(
    'deploy-drift',
    'pulumi-drift',
    'somebody changed by hand what Pulumi made; the night notices',
    {
      ...drift,
      result: 'drifted',
    },
  ),
  'deploy-no-drift': {
    ...usual,
    ...drift,
    shows: 'nothing is wrong: the night finds everything as it was deployed',
    result: 'unchanged',
  },
}
