/**
 * Variables with which pulumi-kubernetes forgets, or passes over, what it cannot reach (pulumi/pulumi-kubernetes:
 * provider/pkg/provider/provider.go, Configure). The same words stand in a stack's configuration as `kubernetes:<word>`.
 */
export const forgetful: readonly { readonly variable: string; readonly setting: string; readonly does: string }[] = [
  {
    variable: 'PULUMI_K8S_DELETE_UNREACHABLE',
    setting: 'deleteUnreachable',
    does: 'drops from the state whatever could not be reached',
  },
  {
    variable: 'PULUMI_K8S_SKIP_UPDATE_UNREACHABLE',
    setting: 'skipUpdateUnreachable',
    does: 'calls an update well that reached nothing',
  },
]

/** Variables that the job sets itself, or that nobody may hand to a program that others can write. */
const reserved: readonly (readonly [RegExp, string])[] = [
  [/^ACTIONS_/i, 'is of the runner: with it a program could ask for tokens in the name of this job'],
  [/^(GITHUB_TOKEN|GH_TOKEN)$/i, 'is a token of the job'],
  [/^(INPUT_|STATE_)/i, 'is an input or a state of an action'],
  [
    /^GITHUB_(ENV|OUTPUT|STATE|PATH|STEP_SUMMARY)$/i,
    'is a file of the runner: later steps believe what a program writes there',
  ],
  [/^(GITHUB|RUNNER)_/i, 'is of the runner: what a program needs of it, it gets'],
  [/^PULUMI_OPTION_/i, 'is an option of every command of Pulumi, e.g. to show secrets'],
  [/^PULUMI_CI_/i, 'tells Pulumi another job than this one: its lock would no more be known as ours'],
  [/^(LD_|DYLD_)|^(NODE_OPTIONS|BASH_ENV|ENV|CI)$/i, 'changes what every program does that is started'],
  [
    /^(PULUMI_(ACCESS_TOKEN|CONFIG_PASSPHRASE|CONFIG_PASSPHRASE_FILE|BACKEND_URL|HOME|CREDENTIALS_PATH)|KUBECONFIG|DEPLOY_TARGET|CLUSTER_UID|PATH|HOME|TMPDIR)$/i,
    'is set by this action',
  ],
]

/** Why this variable is not handed on; undefined: it may be. */
export function isReserved(name: string): string | undefined {
  const forgets = forgetful.find(({ variable }) => variable === name.toUpperCase())
  return forgets?.does ?? reserved.find(([pattern]) => pattern.test(name))?.[1]
}
