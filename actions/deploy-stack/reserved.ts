/** Variables that the job sets itself, or that nobody may hand to a program that strangers can write. */
const reserved: readonly (readonly [RegExp, string])[] = [
  [/^(PULUMI_K8S_DELETE_UNREACHABLE)$/, 'lets Pulumi forget resources of a cluster that it cannot reach'],
  [/^ACTIONS_/, 'is of the runner: with it a program could ask for tokens in the name of this job'],
  [/^(GITHUB_TOKEN|GH_TOKEN)$/, 'is a token of the job'],
  [/^(INPUT_|STATE_)/, 'is an input or a state of an action'],
  [
    /^GITHUB_(ENV|OUTPUT|STATE|PATH|STEP_SUMMARY)$/,
    'is a file of the runner: what a program writes there, later steps believe',
  ],
  [/^(LD_|DYLD_|NODE_OPTIONS$|BASH_ENV$|ENV$)/, 'changes what every program does that is started'],
  [
    /^(PULUMI_(ACCESS_TOKEN|CONFIG_PASSPHRASE|BACKEND_URL|HOME)|KUBECONFIG|DEPLOY_TARGET|CLUSTER_UID|PATH|HOME|TMPDIR)$/,
    'is set by this action',
  ],
]

/** Why this variable is not handed on; undefined: it may be. */
export function isReserved(name: string): string | undefined {
  return reserved.find(([pattern]) => pattern.test(name))?.[1]
}
