import type { Mutant } from './model.ts'

const tunnelOpen = 'test/protocol/tunnel-open.test.ts'
const tunnelLife = 'test/protocol/tunnel-life.test.ts'
const placement = 'test/unit/kubeconfig-placement.test.ts'
const hostile = 'test/unit/kubeconfig-hostile.test.ts'
const loaded = 'test/bundle/kubeconfig-esc-loaded.test.ts'
const paths = 'test/bundle/kubeconfig-esc-paths.test.ts'
const failed = 'test/bundle/kubeconfig-esc-failed.test.ts'

/** What kubeconfig-esc promises, by the number of the promise that it is part of. The tunnel's need OpenSSH. */
export const kubeconfigEsc: readonly Mutant[] = [
  {
    promise: 2,
    breaks: 'a CA that somebody put beside the expected one is believed',
    file: 'src/kubeconfig/trust.ts',
    find: 'return isIssuedBy(pinned, other) || leadsTo(other, bundle, [pinned])',
    replace: 'return leadsTo(pinned, bundle, [other]) || leadsTo(other, bundle, [pinned])',
    killedBy: {
      file: 'test/unit/kubeconfig-checks.test.ts',
      name: 'which cluster this is is not the expected one because somebody has signed its name and public key, too',
    },
  },
  {
    promise: 2,
    breaks: 'a cluster whose identity cannot be read passes for the expected one',
    file: 'src/kubeconfig/server-checks.ts',
    find: "if (expected === '') return notAsked(id, cause)",
    replace: 'if (expected.length >= 0) return notAsked(id, cause)',
    killedBy: {
      file: 'test/unit/server-checks.test.ts',
      name: 'the identity of the cluster that cannot be read (forbidden) fails when one was expected, and else is only said',
    },
  },
  {
    promise: 2,
    breaks: 'another cluster than the expected one is used',
    file: 'actions/kubeconfig-esc/checks.ts',
    find: 'if (failing.length > 0 && !inputs.dryRun)',
    replace: 'if (failing.length > 99 && !inputs.dryRun)',
    killedBy: {
      file: failed,
      name: 'a run that loads nothing because the cluster is another one places nothing',
    },
  },
  {
    promise: 5,
    breaks: 'a tunnel goes to an SSH server that nobody pinned',
    file: 'src/tunnel/ssh-arguments.ts',
    find: "'StrictHostKeyChecking=yes'",
    replace: "'StrictHostKeyChecking=accept-new'",
    killedBy: { file: tunnelOpen, name: 'a tunnel does not go to a server for which nothing is pinned' },
    needs: 'sshd',
  },
  {
    promise: 5,
    breaks: 'without any host key an SSH server is dialled for a tunnel',
    file: 'src/tunnel/ssh-arguments.ts',
    find: 'if (!pins.some((line) =>',
    replace: 'if (pins.length < 0 && !pins.some((line) =>',
    killedBy: { file: tunnelOpen, name: 'a tunnel makes no connection without a pinned host key: ""' },
    needs: 'sshd',
  },
  {
    promise: 5,
    breaks: 'whatever answers behind the tunnel is taken for the API server',
    file: 'src/tunnel/readiness.ts',
    find: '    rejectUnauthorized: true,\n',
    replace: '    rejectUnauthorized: false,\n',
    killedBy: {
      file: tunnelOpen,
      name: 'a tunnel does not trust an API server of another CA, or of another name, or what is none',
    },
    needs: 'sshd',
  },
  {
    promise: 6,
    breaks: 'a variable of the runner lets strangers have the token of the kubeconfig',
    file: 'src/kubernetes/probe-connection.ts',
    find: '      rejectUnauthorized: true,\n',
    replace: '',
    killedBy: {
      file: 'test/protocol/verification.test.ts',
      name: 'believes only the CA of the kubeconfig, whatever the runner has switched off, and tells nobody else its token',
    },
  },
  {
    promise: 6,
    breaks: 'a variable of the runner lets strangers have the access token',
    file: 'src/runner/http.ts',
    find: 'const verified = { keepAlive: true, rejectUnauthorized: true } as const',
    replace: 'const verified = { keepAlive: true } as const',
    killedBy: {
      file: 'test/protocol/runner-http.test.ts',
      name: 'HTTPS from the runner trusts none either where the runner has switched verification off',
    },
  },
  {
    promise: 6,
    breaks: 'the access token follows a redirect to another server',
    file: 'src/runner/http.ts',
    find: '    const response = await promise\n',
    replace:
      "    const response = await promise\n    const { location } = response.headers\n    if (location !== undefined)\n      return await exchange({ ...request, method: 'GET', url: new URL(location, request.url).href }, signal)\n",
    killedBy: {
      file: 'test/protocol/esc-hostile.test.ts',
      name: 'a redirect 307 is not followed: nobody else sees the token',
    },
  },
  {
    promise: 6,
    breaks: 'nothing of a kubeconfig is masked',
    file: 'actions/kubeconfig-esc/judge.ts',
    find: 'for (const secret of reading.secrets) run.runner.mask(secret)',
    replace: 'for (const secret of reading.secrets) void secret',
    killedBy: {
      file: loaded,
      name: 'a kubeconfig with a certificate, a token and the credentials of another cluster has its secrets masked, its everyday words not, and nothing of what later steps read is taken for a secret',
    },
  },
  {
    promise: 6,
    breaks: 'a kubeconfig is masked as a whole, and every log with it',
    file: 'actions/kubeconfig-esc/judge.ts',
    find: 'for (const secret of reading.secrets) run.runner.mask(secret)',
    replace: 'run.runner.mask(text)',
    killedBy: {
      file: loaded,
      name: 'a kubeconfig with a certificate, a token and the credentials of another cluster has its secrets masked, its everyday words not, and nothing of what later steps read is taken for a secret',
    },
  },
  {
    promise: 6,
    breaks: 'a word in a placed file blanks the path of the kubeconfig',
    file: 'actions/kubeconfig-esc/mask-file.ts',
    find: 'shown.includes(line.toLowerCase())',
    replace: 'shown === line',
    killedBy: {
      file: paths,
      name: 'the path of a kubeconfig stays readable when a file beside it holds a word of it, and the file that cannot be masked is named',
    },
  },
  {
    promise: 6,
    breaks: 'other users of the runner may read the kubeconfig',
    file: 'src/kubeconfig/private-files.ts',
    find: 'await file.chmod(0o600)',
    replace: 'await file.chmod(0o644)',
    killedBy: {
      file: placement,
      name: 'placing a kubeconfig writes it for this user alone, at a path that is the same in every run',
    },
  },
  {
    promise: 6,
    breaks: 'the kubeconfig stays on the runner after the job',
    file: 'src/kubeconfig/removal.ts',
    find: "for (const name of ['kubeconfig', ...tunnelFiles])",
    replace: 'for (const name of tunnelFiles)',
    killedBy: {
      file: placement,
      name: 'placing a kubeconfig leaves nothing after post, and post may run twice, or without a main',
    },
  },
  {
    promise: 6,
    breaks: 'the private key of a tunnel stays on the disk while it stands',
    file: 'src/tunnel/supervise.ts',
    find: "    removeOwn(join(this.#folder, fileNames.key), this.#key)\n    this.#record({ phase: 'connected' })",
    replace: "    this.#record({ phase: 'connected' })",
    killedBy: {
      file: tunnelOpen,
      name: 'a tunnel is proven in four stages, and keeps its key only until the connection stands',
    },
    needs: 'sshd',
  },
  {
    promise: 6,
    breaks: 'a dry run places the kubeconfig',
    file: 'actions/kubeconfig-esc/main.ts',
    find: 'if (inputs.dryRun) {',
    replace: 'if (inputs.dryRun && reached.isTunnel) {',
    killedBy: {
      file: paths,
      name: 'the path of a kubeconfig is told to the job alone that asks for it, and in a dry run there is none',
    },
  },
  {
    promise: 6,
    breaks: 'every later step gets the kubeconfig, although nobody asked for that',
    file: 'actions/kubeconfig-esc/place.ts',
    find: "if (inputs.exportEnv) runner.exportVariable('KUBECONFIG', path)",
    replace: "runner.exportVariable('KUBECONFIG', path)",
    killedBy: {
      file: paths,
      name: 'the path of a kubeconfig is told to the job alone that asks for it, and in a dry run there is none',
    },
  },
  {
    promise: 7,
    breaks: 'a kubeconfig is not judged before it is used',
    file: 'src/kubeconfig/read.ts',
    find: '  judgeParts(document, parts, options.allowExec)\n',
    replace: '  if (options.allowExec.length > 0) judgeParts(document, parts, options.allowExec)\n',
    killedBy: {
      file: failed,
      name: 'a run that loads nothing whose kubeconfig would run a program runs none, and says so',
    },
  },
  {
    promise: 7,
    breaks: 'a key of another spelling passes the policy',
    file: 'src/kubeconfig/policy.ts',
    find: '    if (rule === undefined) {',
    replace: "    if (rule === undefined && key === '') {",
    killedBy: {
      file: hostile,
      name: 'a hostile kubeconfig exec-in-capitals: is refused in words, without its secrets',
    },
  },
  {
    promise: 7,
    breaks: 'a name in a kubeconfig may be a workflow command',
    file: 'src/kubeconfig/names.ts',
    find: String.raw`if (/^\s*::|##\[/.test(name)) {`,
    replace: String.raw`if (/^\s*::::|##\[\[/.test(name)) {`,
    killedBy: {
      file: hostile,
      name: 'a hostile kubeconfig name-with-command: is refused in words, without its secrets',
    },
  },
  {
    promise: 10,
    breaks: 'what dead jobs left of kubeconfigs is never removed',
    file: 'src/kubeconfig/claims.ts',
    find: 'if (claim.owner !== undefined) return isAlive(claim.owner)',
    replace: 'if (claim.owner !== undefined) return isAlive(claim.owner) || claim.files.length >= 0',
    killedBy: {
      file: placement,
      name: 'the sweep at the start of a run removes what dead jobs left, ends their tunnels first, and touches nothing that lives',
    },
  },
  {
    promise: 10,
    breaks: 'a job that ends takes the kubeconfig of another one away',
    file: 'src/kubeconfig/removal.ts',
    find: 'if (living.length > 0) return',
    replace: 'if (living.length > 99) return',
    killedBy: {
      file: placement,
      name: 'placing a kubeconfig keeps what another living job needs, whoever ends first',
    },
  },
  {
    promise: 10,
    breaks: 'after a failed load later steps meet whatever cluster the runner knows',
    file: 'actions/kubeconfig-esc/place.ts',
    find: "runner.exportVariable('KUBECONFIG', sentinelPath(runner.temporaryDirectory))",
    replace: 'runner.debug(sentinelPath(runner.temporaryDirectory))',
    killedBy: {
      file: failed,
      name: 'a run that loads nothing leads later steps to a file that is not there, names the mistake, and writes nothing',
    },
  },
  {
    promise: 10,
    breaks: 'post does not know what a killed run placed',
    file: 'actions/kubeconfig-esc/place.ts',
    find: '    savePlacement(runner, { slug: this.#slug, nonce: this.nonce })\n',
    replace: '    if (this.#isWritten) savePlacement(runner, { slug: this.#slug, nonce: this.nonce })\n',
    killedBy: { file: failed, name: 'a run that is killed in the middle of placing leaves what post removes' },
  },
  {
    promise: 10,
    breaks: 'a tunnel outlives the worker of its job',
    file: 'src/tunnel/supervise.ts',
    find: 'if (worker !== undefined && !isAlive(worker))',
    replace: 'if (worker !== undefined && worker.pid < 0 && !isAlive(worker))',
    killedBy: { file: tunnelLife, name: 'a standing tunnel goes without a trace when the worker of its job is gone' },
    needs: 'sshd',
  },
]
