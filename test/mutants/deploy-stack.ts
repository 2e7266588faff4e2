import type { Killer, Mutant } from './model.ts'

const of = (file: string) => (name: string) => ({ file, name }) satisfies Killer
const guard = of('test/unit/deploy-guard-job.test.ts')
const snippet = of('test/unit/deploy-guard.test.ts')
const lock = of('test/unit/deploy-lock.test.ts')
const whose = of('test/unit/pulumi-lock.test.ts')
const api = of('test/protocol/pulumi-stack-api.test.ts')
const install = of('test/unit/deploy-install.test.ts')
const inputs = of('test/unit/inputs-deploy-stack.test.ts')
const secrets = of('test/unit/deploy-secrets.test.ts')
const comment = of('test/unit/deploy-comment-kept.test.ts')
const report = of('test/unit/deploy-report.test.ts')
const ending = of('test/unit/deploy-endings.test.ts')
const driver = of('test/protocol/pulumi-run.test.ts')
const cut = of('test/protocol/pulumi-cut.test.ts')
const runner = of('test/protocol/runner-contract.test.ts')
const code = of('test/contract/workflow-code.test.ts')
const workflows = of('test/contract/workflows.test.ts')

/** What deploy-stack and its workflows promise. */
export const deployStack: readonly Mutant[] = [
  {
    promise: 2,
    breaks: 'a kubeconfig that trusts a second authority passes for the cluster',
    file: 'snippets/cluster-deploy-guard.ts',
    find: "split('-----BEGIN ').length > 2",
    replace: "split('-----BEGIN ').length > 20",
    killedBy: snippet(
      'the deploy guard allows a job exactly where runner, stack, kubeconfig and identity are right, in every combination',
    ),
  },
  {
    promise: 2,
    breaks: 'Pulumi may forget what it cannot reach',
    file: 'actions/deploy-stack/guard.ts',
    find: "!['', 'false'].includes(environment[name] ?? '')",
    replace: "environment[name] === 'yes'",
    killedBy: guard('the guard of a job tells every reason at once'),
  },
  {
    promise: 2,
    breaks: 'two who expect different clusters agree',
    file: 'actions/deploy-stack/guard.ts',
    find: "said !== '' && ofStack !== '' && normal(said) !== normal(ofStack)",
    replace: "said === '' && ofStack === said && normal(said) !== normal(ofStack)",
    killedBy: guard(
      'the guard of a job takes what the program’s own guard expects from the stack’s configuration, and refuses two answers',
    ),
  },
  {
    promise: 2,
    breaks: 'a comparison that failed is called drift',
    file: 'src/pulumi/failure.ts',
    find: 'if (exitCode !== exit.unexpectedChanges && !(exitCode === 0 && deployment.isComplete)) return undefined',
    replace: 'if (exitCode === exit.cancelled) return undefined',
    killedBy: driver('a drift run that failed is no drift, whatever changed until then'),
  },
  {
    promise: 2,
    breaks: 'an update whose event log is lost has changed nothing',
    file: 'actions/deploy-stack/endings.ts',
    find: "if (isSilent(deployment) && command !== 'drift') {",
    replace: "if (isSilent(deployment) && command !== 'drift' && stack === '') {",
    killedBy: ending('an ending that went well without events is no proof that nothing was done'),
  },
  {
    promise: 2,
    breaks: 'what a program makes of its event log loses what the run came to',
    file: 'src/pulumi/private-folder.ts',
    find: 'rm(path, { recursive: true, force: true, maxRetries: 2 }).catch(() => undefined)',
    replace: 'rm(path, { force: true })',
    killedBy: cut(
      'hostile output an event log in whose place the program has made a folder costs the run nothing of what it came to',
    ),
  },
  {
    promise: 6,
    breaks: 'packages and build get the environment of the job',
    file: 'actions/deploy-stack/environment.ts',
    find: "    ...taken(environment, machine),\n    ...taken(environment, ['GITHUB_ACTIONS', 'RUNNER_TRACKING_ID']),",
    replace:
      "    ...environment,\n    ...taken(environment, machine),\n    ...taken(environment, ['GITHUB_ACTIONS', 'RUNNER_TRACKING_ID']),",
    killedBy: install('what programs see of an installation: no secret, no file of the runner, no home of its user'),
  },
  {
    promise: 6,
    breaks: 'the program gets every variable of the job',
    file: 'actions/deploy-stack/environment.ts',
    find: '    ...taken(environment, settings.passEnvironment),',
    replace: '    ...environment,',
    killedBy: install('what programs see of Pulumi: what it needs, and what was named'),
  },
  {
    promise: 6,
    breaks: 'what is secret in the kubeconfig comes into report and comment',
    file: 'actions/deploy-stack/secrets.ts',
    find: 'allowExec: [] }).secrets) runner.mask(secret)',
    replace: "allowExec: [] }).secrets) if (secret === '') runner.mask(secret)",
    killedBy: secrets(
      'what other steps and the job hold secret is masked here as well: a provider may quote the kubeconfig, and a report goes further than a log',
    ),
  },
  {
    promise: 6,
    breaks: 'a secret is given to a command that has no use for it',
    file: 'actions/deploy-stack/input-contradictions.ts',
    find: 'const problems: Problem[] = [...misplaced(values)]',
    replace: "const problems: Problem[] = [...misplaced({ ...values, command: 'up' })]",
    killedBy: inputs('the inputs of deploy-stack give no secret to a command that needs none'),
  },
  {
    promise: 6,
    breaks: 'a workflow hands tokens of the runner on to the program',
    file: 'actions/deploy-stack/reserved.ts',
    find: '[/^ACTIONS_/i,',
    replace: '[/^ACTIONS_STEP_/i,',
    killedBy: inputs(
      'the inputs of deploy-stack hand on no variable that is a token, a file of the runner, or lets Pulumi forget',
    ),
  },
  {
    promise: 7,
    breaks: 'a stranger’s comment that begins with our marker is edited',
    file: 'actions/deploy-stack/sticky.ts',
    find: 'comments.filter((one) => one.author === author)',
    replace: "comments.filter((one) => one.author !== '')",
    killedBy: comment(
      'the one comment on a pull request never touches a comment of another author, whatever it begins with',
    ),
  },
  {
    promise: 7,
    breaks: 'a name ends the marker of a comment, and begins what it likes',
    file: 'src/report/deployment-comment.ts',
    find: 'return encodeURIComponent(text.toWellFormed().slice(0, 300)).replace(',
    replace: 'return text.toWellFormed().slice(0, 300).replace(',
    killedBy: report('the comment on a pull request has a marker that no name can end, and that tells names apart'),
  },
  {
    promise: 7,
    breaks: 'a line without an end fills the memory of the run',
    file: 'src/runner/exec.ts',
    find: "chunk.toString = () => ''",
    replace: 'chunk.toString = Buffer.prototype.toString',
    killedBy: runner(
      'programs on the runner may print a line without an end: it is heard as it comes, and holds nobody up',
    ),
  },
  {
    promise: 10,
    breaks: 'the lock of another run is freed',
    file: 'src/pulumi/lock.ts',
    find: "runId !== '' && lock.runId === runId",
    replace: "runId !== '' && lock.runId !== ''",
    killedBy: whose('a lock is ours when its update was recorded by this workflow run, and only then'),
  },
  {
    promise: 10,
    breaks: 'the lock of an earlier attempt of this run is freed',
    file: 'actions/deploy-stack/lock.ts',
    find: 'lock.startedAt > 0 && lock.startedAt * 1000 < ours.begunMs - clockMs',
    replace: 'lock.startedAt < 0 && lock.startedAt * 1000 < ours.begunMs - clockMs',
    killedBy: lock('the lock of a stack of this run, long before this step is never touched, and told'),
  },
  {
    promise: 10,
    breaks: 'a preview frees the update of another job of its run',
    file: 'actions/deploy-stack/lock.ts',
    find: "return command !== 'up' && kind !== '' && kind !== 'preview'",
    replace: "return command === 'up' && kind === ''",
    killedBy: lock(
      'the lock of a stack of an update is never that of a step which only looked, whichever job of this run it is',
    ),
  },
  {
    promise: 10,
    breaks: 'whoever took the stack between two questions is taken for us',
    file: 'src/pulumi/stack-api.ts',
    find: 'find((update) => update?.id === id)',
    replace: "find((update) => update !== undefined && id !== '')",
    killedBy: api(
      'who holds a stack is looked up among the last updates when the newest is another one, and is never mistaken for it',
    ),
  },
  {
    promise: 10,
    breaks: 'a CLI is interrupted twice, and drops its update',
    file: 'src/runner/exec.ts',
    find: "if (!isAsked && child()) isAsked = child()?.kill('SIGINT') ?? false",
    replace: "if (child()) isAsked = child()?.kill('SIGINT') ?? isAsked",
    killedBy: cut('ending a job that is cancelled while the CLI ends already does not interrupt it again'),
  },
  {
    promise: 11,
    breaks: 'a pull request runs beside the cluster',
    file: 'actions/deploy-stack/guard.ts',
    find: "if (!isHosted)\n      reasons.push('the event is pull_request",
    replace: "if (!isHosted && ref === '')\n      reasons.push('the event is pull_request",
    killedBy: guard('the event of a job a pull request of this repository'),
  },
  {
    promise: 11,
    breaks: 'a pull request of a fork is previewed',
    file: 'actions/deploy-stack/guard.ts',
    find: "if (head === '' || head !== repository)",
    replace: "if (head === '' || repository === '')",
    killedBy: guard('the event of a job a pull request of a fork'),
  },
  {
    promise: 11,
    breaks: 'a branch that is called like the default one is deployed',
    file: 'actions/deploy-stack/guard.ts',
    find: 'if (ref !== `refs/heads/${event.defaultBranch}`)',
    replace: 'if (!ref.startsWith(`refs/heads/${event.defaultBranch}`))',
    killedBy: guard('the event of a job a branch that is called like main'),
  },
  {
    promise: 11,
    breaks: 'packages run their scripts when they are installed',
    file: 'actions/deploy-stack/install-plan.ts',
    find: "return ['install', '--frozen-lockfile', '--ignore-scripts']",
    replace: "return ['install', '--frozen-lockfile']",
    killedBy: install('how a program is installed by its lock file alone, without scripts of packages'),
  },
  {
    promise: 11,
    breaks: 'a lock file from outside of the repository says what is installed',
    file: 'actions/deploy-stack/install-plan.ts',
    find: 'if (folder === top || folder === dirname(folder) || !folder.startsWith(top)) return undefined',
    replace: 'if (folder === dirname(folder)) return top === folder ? found : undefined',
    killedBy: install(
      'what is asked before an installation takes the lock file of a workspace, and none from outside of the repository',
    ),
  },
  {
    promise: 11,
    breaks: 'an action is whatever its tag names today',
    file: '.github/workflows/deploy-cluster.yml',
    find: 'actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0',
    replace: 'actions/setup-node@v7',
    killedBy: code(
      'code of others is named by full commit SHA with the version beside it; own code by the commit of the file',
    ),
  },
  {
    promise: 11,
    breaks: 'the job that reaches the cluster may write to pull requests',
    file: '.github/workflows/deploy-cluster.yml',
    find: '      id-token: write # for the kubeconfig from Pulumi ESC, and for Pulumi itself\n    outputs:',
    replace:
      '      id-token: write # for the kubeconfig from Pulumi ESC, and for Pulumi itself\n      pull-requests: write\n    outputs:',
    killedBy: workflows(
      'permissions to write are held by few jobs, on machines of GitHub’s, that reach no cluster and hold none of its secrets',
    ),
  },
  {
    promise: 11,
    breaks: 'the program of a pull request runs on tethys',
    file: '.github/workflows/deploy.yml',
    find: 'runner: \'["ubuntu-24.04"]\'',
    replace: 'runner: \'["self-hosted","self-hosted-tethys"]\'',
    killedBy: code('code of others of pull requests runs on hosted machines only'),
  },
  {
    promise: 11,
    breaks: 'a fork is previewed with the secrets of the environment',
    file: '.github/workflows/deploy.yml',
    find: ' && github.event.pull_request.head.repo.full_name == github.repository',
    replace: '',
    killedBy: code('code of others of a fork reaches no job with a secret or an ID token'),
  },
  {
    promise: 10,
    breaks: 'a newer push cancels the deployment that runs',
    file: '.github/workflows/deploy.yml',
    find: '  queue: max',
    replace: '  cancel-in-progress: true',
    killedBy: workflows('order changes of one cluster wait in line in the callers only, and none is cancelled'),
  },
]
