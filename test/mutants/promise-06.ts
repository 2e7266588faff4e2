import type { Mutant } from './model.ts'

const agents = 'an agent that shows tokens'
const secrets = 'test/bundle/k3s-join-secrets.test.ts'

/** No secret in argv, logs, outputs, summary, reports or state, nor left on the runner. */
export const noSecrets: readonly Mutant[] = [
  {
    promise: 6,
    breaks: 'evidence shows tokens and passwords that nobody masked',
    file: 'actions/evidence-files.ts',
    find: "all.replace(pattern, '$<kept>***')",
    replace: "all.replace(pattern, '$&')",
    killedBy: {
      file: 'test/unit/evidence-files.test.ts',
      name: 'evidence without secrets hides an argument',
    },
  },
  {
    promise: 6,
    breaks: 'the token is an argument of the installer',
    file: 'src/k3s/scripts/apply.sh',
    find: 'LC_ALL=C SYSTEMD_OFFLINE=1',
    replace: 'LC_ALL=C "K3S_TOKEN=$TOKEN" SYSTEMD_OFFLINE=1',
    killedBy: {
      file: 'test/protocol/k3s-install.test.ts',
      name: 'what must not happen lets no token or material of a secret kind into arguments or environments of any program',
    },
  },
  {
    promise: 6,
    breaks: 'secrets are exported to every program of the host',
    file: 'src/host/render.ts',
    find: '`unset ${name}\\n${assignment(name, value)}\\n`',
    replace: '`unset ${name}\\n${assignment(name, value)}\\nexport ${name}\\n`',
    killedBy: {
      file: 'test/protocol/k3s-install.test.ts',
      name: 'what must not happen lets no token or material of a secret kind into arguments or environments of any program',
    },
  },
  {
    promise: 6,
    breaks: 'a minted token is not masked',
    file: 'src/k3s/distribution.ts',
    find: 'for (const secret of [text, `${token.id}.${token.secret}`, token.secret]) ports.mask(secret)',
    replace: 'for (const secret of [`${token.id}.`]) ports.mask(secret)',
    killedBy: {
      file: secrets,
      name: `${agents} leaves none of them in evidence, report, summary, outputs or log of a join`,
    },
  },
  {
    promise: 6,
    breaks: 'a journal is shown as it came, tokens of others and all',
    file: 'src/runner/github-runner.ts',
    find: 'const redact = (text: string) => redactText(text, masked)',
    replace: "const redact = (text: string) => redactText('', masked) + text",
    killedBy: {
      file: secrets,
      name: `${agents} leaves none in failure and annotation either, nor one of somebody else that nobody masked`,
    },
  },
  {
    promise: 6,
    breaks: 'the report is written without redaction',
    file: 'actions/run.ts',
    find: 'redactReport(this.report(ending), this.redact)',
    replace: 'redactReport(this.report(ending), (text) => text)',
    killedBy: {
      file: secrets,
      name: `${agents} leaves none of them in evidence, report, summary, outputs or log of a join`,
    },
  },
  {
    promise: 6,
    breaks: 'masks know one alignment of base64 only',
    file: 'src/runner/masks.ts',
    find: 'return [0, 1, 2].map((offset) => {',
    replace: 'return [0].map((offset) => {',
    killedBy: {
      file: 'test/unit/runner-text.test.ts',
      name: 'masks cover base64 at each of the three alignments, in both alphabets',
    },
  },
  {
    promise: 6,
    breaks: 'the state holds the whole token',
    file: 'src/join/bootstrap-token.ts',
    find: 'await request.record(token.id)',
    replace: 'await request.record(`${token.id}.${token.secret}`)',
    killedBy: {
      file: secrets,
      name: 'the state that main leaves holds the id of its token and the path of the kubeconfig, and no secret',
    },
  },
  {
    promise: 6,
    breaks: 'the credentials of a kubeconfig go to a server whose certificate nobody verified',
    file: 'src/kubernetes/probe-connection.ts',
    find: "tlsConnect({ socket, ALPNProtocols: ['http/1.1'], ...options })",
    replace: "tlsConnect({ socket, ALPNProtocols: ['http/1.1'], ...options, rejectUnauthorized: false })",
    killedBy: {
      file: 'test/protocol/kubernetes-probe.test.ts',
      name: 'a server that is not trusted has one of another authority, and its issuer and names are shown',
    },
  },
  {
    promise: 6,
    breaks: 'a server that says credentials back gets them into logs and outputs',
    file: 'src/kubernetes/probe.ts',
    find: "rest.replaceAll(secret, '***')",
    replace: 'rest.replaceAll(secret, secret)',
    killedBy: {
      file: 'test/protocol/kubernetes-probe-answers.test.ts',
      name: 'what answers gets no credentials into the log by saying them back',
    },
  },
]
