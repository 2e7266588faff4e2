/** Checks of deploy-stack before they are asked. The page docs/checks.md comes from these. */
export interface DeployCheckEntry {
  readonly id: string
  readonly stage: 'guard' | 'install'
  readonly asks: string
  /** The worst answer that it gives. */
  readonly severity: 'fail' | 'warn'
  /** None of them can be ignored: each is about whose code changes which cluster. */
  readonly isIgnorable: false
  /** In one line; the check itself says it for the case at hand. */
  readonly remedy: string
}

type Row = readonly [id: string, severity: DeployCheckEntry['severity'], asks: string, remedy: string]

const rows: Readonly<Record<DeployCheckEntry['stage'], readonly Row[]>> = {
  guard: [
    [
      'deploy.runner',
      'fail',
      'Is this a self-hosted runner? A preview may also run on a machine of GitHub’s',
      'set `runs-on` to the labels of the runner beside the cluster',
    ],
    [
      'deploy.event',
      'fail',
      'Is this code of the default branch, started by a push or the button? On a machine of GitHub’s a branch of this repository may be previewed; the clock changes nothing',
      'merge it, or press the button on the default branch',
    ],
    [
      'deploy.stack',
      'fail',
      'Is the program in the folder of the project that the stack belongs to, and does the job name no other stack in DEPLOY_TARGET?',
      'name `stack` and `working-directory` of one project',
    ],
    [
      'deploy.cluster',
      'fail',
      'Does the kubeconfig hold one cluster, with the CA and the UID that the stack is for?',
      'hand on the outputs of kubeconfig-esc; expect them in the cluster file or in the stack’s configuration',
    ],
    [
      'deploy.unreachable',
      'fail',
      'Is nothing set that lets Pulumi forget, or pass over, what it cannot reach?',
      'take the variable or the setting away',
    ],
    [
      'deploy.provider',
      'warn',
      'Does the stack’s configuration leave the choice of the kubeconfig to KUBECONFIG?',
      '`pulumi config rm kubernetes:kubeconfig` (`kubernetes:context`, `kubernetes:cluster`)',
    ],
  ],
  install: [
    ['install.manifest', 'fail', 'Is there a package.json in the folder of the program?', 'set `working-directory`'],
    [
      'install.lock',
      'fail',
      'Is there a lock file of the package manager, in the folder or above it in the repository, and of the right yarn?',
      'commit the lock file, or set `package-manager` to the one whose lock file is there',
    ],
    [
      'install.package-manager',
      'fail',
      'Does `packageManager` of package.json name the same one?',
      'set `package-manager`, or `deploy.package-manager` in the cluster file',
    ],
    [
      'install.program',
      'fail',
      'Is the package manager on PATH?',
      '`corepack enable` in an earlier step; npm comes with actions/setup-node',
    ],
  ],
}

export const deployCheckRegistry: readonly DeployCheckEntry[] = Object.entries(rows).flatMap(([stage, entries]) =>
  entries.map(([id, severity, asks, remedy]) => ({
    id,
    stage: stage as DeployCheckEntry['stage'],
    asks,
    severity,
    isIgnorable: false,
    remedy,
  })),
)
